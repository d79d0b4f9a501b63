"""What views share: rendering, and turning a refusal into a page that keeps every word."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import wraps
from typing import Protocol, TypeVar
from uuid import UUID, uuid5

from django.contrib import messages
from django.db import DataError, transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template import engines
from django.template.backends.utils import csrf_input_lazy, csrf_token_lazy
from django.urls import reverse
from django.utils.translation import gettext as _
from jinja2_fragments import render_block

from primum.actions.base import NotThere, Refused
from primum.actions.once import own_key
from primum.cases.queries import sent
from primum.core.protocol import AnswerError
from primum.people.sight import Viewer, viewing
from primum.register.limits import TooMuch
from primum.register.queries import PAGE
from primum.web import words
from primum.web.middleware import PageRequest

UNPROCESSABLE = 422
ONCE = "once"
"""The hidden field of a form that makes a record: what it sends under one key is made once."""
FRAGMENT = "results"
"""The block and the element of a page that htmx asks for alone."""
T = TypeVar("T")


class Listed(Protocol):
    """A line of a list, with the key that the next page starts behind."""

    @property
    def id(self) -> UUID: ...


L = TypeVar("L", bound=Listed)
Problem = tuple[str, str]
"""Which field it is about (empty: the whole form), and the sentence."""


@dataclass
class Trouble:
    """What went wrong with a form, gathered for the summary at its top."""

    problems: list[Problem] = field(default_factory=list)
    over: list[TooMuch] = field(default_factory=list)
    """What did not fit, until the form is at hand to say which of its fields that was."""

    def add(self, where: str, says: str) -> None:
        self.problems.append((where, says))

    def of(self, where: str) -> str:
        return next((says for name, says in self.problems if name == where), "")

    def place(self, form: QueryDict) -> None:
        """Name the field of everything that did not fit."""
        for each in self.over:
            self.add(_field_of(form, each), words.too_much(each.name, each.value, each.most))
        self.over.clear()

    def __bool__(self) -> bool:
        return bool(self.problems or self.over)


def _field_of(form: QueryDict, over: TooMuch) -> str:
    """The field that a value was typed into: the one named like its column, if several hold it."""
    typed = {name: " ".join(map(str, form.getlist(name))) for name in form}
    holding = [name for name, text in typed.items() if _holds(text, over.value)]
    alike = [name for name in holding if name.startswith(over.name)]
    return next(iter([*alike, *holding]), "")


def _holds(text: str, value: str | int) -> bool:
    if isinstance(value, str):
        return value in text
    return "".join(c for c in text if c.isdecimal()) == str(value)


class troubles:  # noqa: N801 - read as a sentence: with troubles(found): act()
    """Run an action; a refusal becomes sentences. The savepoint undoes what was half done."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble
        self.savepoint = transaction.atomic()

    def __enter__(self) -> None:
        self.savepoint.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> bool:
        self.savepoint.__exit__(kind, error, trace)  # type: ignore[arg-type]
        match error:
            case Refused():
                for says in words.sentences(error.refusal):
                    self.trouble.add("", says)
            case AnswerError():
                for mistake in error.mistakes:
                    self.trouble.add(f"q-{mistake.question}", words.mistake(mistake))
            case TooMuch():
                self.trouble.over.append(error)
            case DataError():
                # A text longer or a number larger than its column: undone, named, all kept.
                self.trouble.add("", _("A text is too long or a number too large. Shorten it."))
            case NotThere():
                raise Http404 from error
            case _:
                return False
        return True


def page(
    request: PageRequest, template: str, trouble: Trouble | None = None, **context: object
) -> HttpResponse:
    """Render; with trouble the answer says so by its status too."""
    wrong = trouble or Trouble()
    wrong.place(request.POST)
    status = UNPROCESSABLE if wrong else 200
    named = {**context, "trouble": wrong}
    if request.headers.get("HX-Target") == FRAGMENT:
        return HttpResponse(_block(request, template, named), status=status)
    return render(request, template, named, status=status)


def _block(request: PageRequest, template: str, context: dict[str, object]) -> str:
    """The page's own block, by itself: the same template serves the page and its part."""
    given = {
        **context,
        "request": request,
        "csrf_input": csrf_input_lazy(request),
        "csrf_token": csrf_token_lazy(request),
    }
    return str(render_block(engines["jinja2"].env, template, FRAGMENT, given))  # type: ignore[attr-defined]


def done(request: HttpRequest, says: str, name: str, *args: object) -> HttpResponse:
    """Redirect after a post, with one sentence on what happened."""
    messages.success(request, says)
    return HttpResponseRedirect(reverse(name, args=args))


class Kept(dict[str, str]):
    """What was typed, for showing it again; what was not typed is blank."""

    def __missing__(self, _name: str) -> str:
        return ""


def kept(request: HttpRequest) -> Kept:
    return Kept((name, str(value)) for name, value in request.POST.items())


def posted(request: HttpRequest, name: str) -> str:
    return str(request.POST.get(name, "")).strip()


def once(request: HttpRequest) -> UUID | None:
    """The key of what this form says: the same words again are the same, others are new.

    Who goes back, corrects a word and sends the form again means another record.
    """
    key = a_key(posted(request, ONCE))
    if key is None:
        return None
    said = sorted(
        (name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"
    )
    sheets = [(name, each) for name, found in request.FILES.lists() for each in found]
    files = [
        (name, str(getattr(each, "name", "")), getattr(each, "size", 0)) for name, each in sheets
    ]
    return uuid5(key, json.dumps([request.get_full_path(), said, files]))


def sent_before(request: PageRequest, kind: str) -> bool:
    """Whether this very form has made its record, so that its page may be gone by now."""
    key = once(request) if request.method == "POST" else None
    record = own_key(request.viewer.person, key) if key else None
    return record is not None and sent.is_made(request.viewer, kind, record)


def a_day(text: str, trouble: Trouble, where: str) -> date | None:
    """A day from a form; a wrong one is named, not guessed."""
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        trouble.add(where, _("“%(text)s” is not a date. Write it as 2026-03-31.") % {"text": text})
        return None
    if not 1990 <= found.year <= 2100:
        trouble.add(where, _("The year %(year)s cannot be meant.") % {"year": found.year})
        return None
    return found


def end_of(day: date | None) -> datetime | None:
    """The last moment of a day, in UTC: what “until 14 March” means."""
    return datetime.combine(day, time(23, 59, 59), UTC) if day else None


def a_number(text: str, trouble: Trouble, where: str) -> int | None:
    plain = text.replace(",", "").replace(" ", "").replace("\u202f", "").replace("\xa0", "")
    if not plain:
        return None
    if not plain.isascii() or not plain.isdecimal() or len(plain) > 12:
        trouble.add(where, _("“%(text)s” is not a whole number.") % {"text": text[:40]})
        return None
    return int(plain)


def a_key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def a_choice(text: str, trouble: Trouble, where: str) -> UUID | None:
    """A key chosen from a list; anything else was not in the list, and is not passed over."""
    found = a_key(text)
    if text and found is None:
        trouble.add(where, _("This is not in the list. Choose again."))
    return found


def there(value: T | None) -> T:
    """What a viewer may not see does not exist."""
    if value is None:
        raise Http404
    return value


def post_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A move is made by POST alone; asking for it otherwise leads nowhere."""

    @wraps(view)
    def inner(request: PageRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method != "POST":
            raise Http404
        return view(request, *args, **kwargs)

    return inner


def one_page(found: Sequence[L]) -> tuple[Sequence[L], str]:
    """The lines to show, and where the next page starts; blank when there is none."""
    lines = found[:PAGE]
    return lines, str(lines[-1].id) if len(found) > PAGE else ""


def every_page(fetch: Callable[[str], Sequence[L]]) -> Iterator[L]:
    """Every line of a list, fetched page by page: what an export writes."""
    after = ""
    while True:
        lines, after = one_page(fetch(after))
        yield from lines
        if not after:
            return


def csv_of(
    viewer: Viewer, name: str, header: Sequence[str], rows: Callable[[], Iterator[Sequence[object]]]
) -> HttpResponseBase:
    """A CSV streamed in a viewing block of its own: the request's is over by then."""

    def lines() -> Iterator[str]:
        with viewing(viewer):
            yield "\ufeff" + _csv_line(header)
            for row in rows():
                yield _csv_line(row)

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _csv_line(cells: Sequence[object]) -> str:
    return ",".join(_csv_cell(cell) for cell in cells) + "\r\n"


def _csv_cell(cell: object) -> str:
    text = "" if cell is None else str(cell)
    # A cell that a spreadsheet would run as a formula is shown as the text it is.
    if text[:1] in ("=", "+", "-", "@", "\t", "\r"):
        text = "'" + text
    return '"' + text.replace('"', '""') + '"'

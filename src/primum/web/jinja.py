"""The Jinja2 environment: words, addresses, dates with their zone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined, pass_context

from primum.core.authority import READS_LEADERSHIP
from primum.core.protocol import CELLS
from primum.people import door
from primum.people.sight import Viewer
from primum.register.queries import too_short
from primum.web import formats, words


def environment(**options: Any) -> Environment:
    """What django.template.backends.jinja2 asks for. A misspelt name is an error, not a blank."""
    options["undefined"] = StrictUndefined
    options["trim_blocks"] = options["lstrip_blocks"] = True
    env = Environment(**options)  # noqa: S701 - Django passes autoescape=True
    env.globals.update(
        _=translation.gettext,
        address=address,
        asset=asset,
        language=translation.get_language,
        right_to_left=translation.get_language_bidi,
        languages=settings.LANGUAGES,
        own_name=own_name,
        fresh_key=uuid4,
        demo=settings.DEMO,
        messages_of=get_messages,
        title_of=title_of,
        cells=CELLS,
        shows_leadership=shows_leadership,
        too_short=too_short,
    )
    env.filters.update(
        said=formats.said,
        day=formats.day,
        moment=formats.moment,
        month=formats.month,
        age=formats.age,
        money=formats.money,
        published=formats.published,
        word=late(words.word),
        did=late(words.did),
        choices=choices,
        section=late(words.section),
        because=late(words.sentence),
        cell=late(words.cell),
        count=count,
    )
    return env


def address(name: str, *args: object) -> str:
    return reverse(name, args=[str(arg) for arg in args])


@cache
def asset(name: str) -> str:
    """The address of a static file with a digest of its bytes: kept for a year, never stale."""
    path = finders.find(name)
    digest = hashlib.sha256(Path(str(path)).read_bytes()).hexdigest()[:12] if path else "missing"
    return f"{static(name)}?v={digest}"


def count(value: Any) -> str:
    """A number, or the least and the most, as it was typed."""
    return f"{value['min']}–{value['max']}" if isinstance(value, dict) else str(value)


def late(words_for: Callable[[Any], str]) -> Callable[[Any, Any], str]:
    """A filter worked out at every rendering: Jinja would fold “"no"|word” once and for all."""

    @pass_context
    def inner(_context: Any, code: Any) -> str:
        return words_for(code)

    return inner


def own_name(code: str) -> str:
    """A language by the name its speakers give it."""
    return str(translation.get_language_info(code)["name_local"])


def title_of(request: HttpRequest) -> str:
    """The title of the post this person acts in."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return formats.said(door.title(viewer.post))


def shows_leadership(viewer: Viewer) -> bool:
    return bool(READS_LEADERSHIP & viewer.duties)


def choices(found: Any, key: str, label: str) -> list[tuple[UUID | str, str]]:
    """(value, words) pairs for a select, from rows or pairs; labels in the reader's language."""
    return [(_part(each, key), formats.said(_part(each, label))) for each in found]


def _part(each: Any, name: str) -> Any:
    return each[int(name)] if name.isdecimal() else getattr(each, name)

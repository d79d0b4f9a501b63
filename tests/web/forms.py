"""The forms of a page as a browser reads them: their fields, filled in and sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client

HIDDEN = frozenset({"csrfmiddlewaretoken", "once"})
"""Fields that the program fills in, and that differ from page to page."""


@dataclass
class Field:
    """One field: its kind, what it holds, and what may be chosen."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    numeric: bool = False

    @property
    def typed(self) -> bool:
        """Whether a person writes into it, and could write anything."""
        return self.kind in ("text", "search", "textarea", "date", "datetime-local")

    @property
    def exact(self) -> bool:
        """Whether only a number or a date makes sense in it."""
        return self.kind in ("date", "datetime-local") or self.numeric

    def holds(self) -> list[str]:
        return self.chosen if self.kind in ("radio", "checkbox", "select") else [self.value]


@dataclass
class Form:
    """A form with its fields by name."""

    method: str
    action: str
    fields: dict[str, Field] = field(default_factory=dict)

    def sent(self) -> dict[str, Any]:
        """What pressing its button sends, as it stands."""
        found = {each.name: each.holds() for each in self.fields.values() if each.kind != "file"}
        return {name: values for name, values in found.items() if values}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.area: Field | None = None
        self.select: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Form(said.get("method", "get"), said.get("action", ""))
            self.forms.append(self.form)
        elif self.form is None:
            return
        elif tag == "input" and said.get("name"):
            self._input(self.form, said)
        elif tag == "textarea" and said.get("name"):
            self.area = self.form.fields[said["name"]] = Field(said["name"], "textarea")
        elif tag == "select":
            self.select = self.form.fields[said["name"]] = Field(said["name"], "select")
        elif tag == "option" and self.select is not None:
            self.select.options.append(said.get("value", ""))
            if "selected" in said or not self.select.chosen:
                self.select.chosen = [said.get("value", "")]

    def _input(self, form: Form, said: Mapping[str, str]) -> None:
        kind = said.get("type", "text")
        here = form.fields.setdefault(said["name"], Field(said["name"], kind))
        here.numeric |= said.get("inputmode") in ("numeric", "decimal") or kind == "number"
        if kind in ("radio", "checkbox"):
            here.options.append(said.get("value", "on"))
            here.chosen += [said.get("value", "on")] if "checked" in said else []
        else:
            here.value = said.get("value", "")

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "textarea" and self.area is not None:
            # A browser drops one line break after the opening tag.
            self.area.value = self.area.value.removeprefix("\n")
            self.area = None
        elif tag == "select":
            self.select = None


def forms(html: str) -> list[Form]:
    """Every form of a page that is posted, but for those of the page's frame."""
    reader = _Reader()
    reader.feed(html)
    frame = ("/sign-out/", "/language/", "/demo/clock/")
    return [
        form for form in reader.forms if form.method == "post" and not form.action.startswith(frame)
    ]


def form_at(client: Client, address: str, action: str = "") -> Form:
    """The form of this page that is sent to `action`, by its end; the only one without.

    Of several that are sent to the page itself `do=` names the one.
    """
    answer: Any = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    found = [form for form in forms(answer.content.decode()) if _is(form, action)]
    assert len(found) == 1, (address, action, [form.action for form in found])
    return found[0]


def _is(form: Form, action: str) -> bool:
    if not action.startswith("do="):
        return form.action.endswith(action)
    return "do" in form.fields and form.fields["do"].value == action.removeprefix("do=")


def exact(form: Form) -> Iterator[str]:
    """The names of its fields for numbers and dates."""
    yield from (each.name for each in form.fields.values() if each.exact)

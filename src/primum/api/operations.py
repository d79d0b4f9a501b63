"""What an operation is: a row that names an action or a question, and who finds it there.

Its parameters, its answer and its words in the schema are read from the function itself.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from datetime import datetime
from functools import cached_property
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic import BaseModel

from primum.actions.base import NotThere
from primum.actions.once import answered, sent_first
from primum.api.shapes import IN, OUT, built, model_named, model_of, shaped
from primum.people.sight import Viewer
from primum.register.queries import PAGE

Keys = Mapping[str, UUID]
Gate = Callable[[Viewer, datetime, Keys], bool]
"""Whether this is there for this viewer at all: the same as decides it for the page."""
NOT_SENT = frozenset({"by", "now", "key", "viewer", "after"})
MOST = 100


def anybody(_viewer: Viewer, _now: datetime, _keys: Keys) -> bool:
    """There for every post; the action or the question itself says no."""
    return True


@dataclass(frozen=True)
class Operation:
    """What reads and writes have in common."""

    path: str
    call: Callable[..., Any]
    gate: Gate = anybody

    @property
    def id(self) -> str:
        return self.call.__name__

    @property
    def answer(self) -> type[BaseModel]:
        raise NotImplementedError

    @property
    def about(self) -> str:
        return inspect.cleandoc(self.call.__doc__ or "")

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys in the address."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))

    @cached_property
    def hints(self) -> Mapping[str, Any]:
        return get_type_hints(inspect.unwrap(self.call))

    @cached_property
    def taken(self) -> Sequence[inspect.Parameter]:
        """What the function takes beside who asks, when, and the keys in the address."""
        every = inspect.signature(self.call).parameters.values()
        left = NOT_SENT | set(self.keys)
        return [each for each in every if each.name.lstrip("_") not in left]

    def laid_open(self, without: frozenset[str] = frozenset()) -> Mapping[str, Any]:
        """Each value that is sent, by name, with its type and default; frozen values laid open."""
        found: dict[str, Any] = {}
        for each in self.taken:
            wanted = self.hints[each.name]
            if _is_frozen(wanted):
                model = model_of(wanted, IN, without)
                found |= {name: (of.annotation, of) for name, of in model.model_fields.items()}
            elif each.name not in without:
                default = ... if each.default is inspect.Parameter.empty else each.default
                found[each.name] = (shaped(wanted, IN), default)
        return found

    def gathered(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        """What was sent, in the frozen values that the function takes."""
        given: dict[str, Any] = {}
        for each in self.taken:
            wanted = self.hints[each.name]
            if _is_frozen(wanted):
                own = get_type_hints(wanted)
                given[each.name] = wanted(**{n: value for n, value in sent.items() if n in own})
            elif each.name in sent:
                given[each.name] = sent[each.name]
        return given

    def find(self, viewer: Viewer, now: datetime, keys: Keys) -> None:
        if not self.gate(viewer, now, keys):
            raise NotThere


@dataclass(frozen=True)
class Read(Operation):
    """A question: its function takes the viewer, the moment, the keys, and filters by name."""

    @cached_property
    def paged(self) -> bool:
        return "after" in inspect.signature(self.call).parameters

    @cached_property
    def answer(self) -> type[BaseModel]:
        wanted = self.hints["return"]
        if not self.paged:
            return _whole(self.id, wanted)
        line = get_args(wanted)[0]
        found = {"items": (shaped(wanted, OUT), ...), "next": (str, ...)}
        about = "One page of a list. `next` is what to send as `after`; empty: there is no more."
        return model_named(f"{line.__name__}s", found, about, OUT)

    def run(self, viewer: Viewer, now: datetime, keys: Keys, sent: Mapping[str, Any]) -> BaseModel:
        self.find(viewer, now, keys)
        given = {**keys, **self.gathered(sent)}
        if not self.paged:
            found = self.call(viewer, now, **given)
            if found is None:
                raise NotThere
            return _filled(self.answer, found)

        def fetch(after: str) -> Sequence[Any]:
            lines: Sequence[Any] = self.call(viewer, now, after, **given)
            return lines

        return self.answer(**_page(fetch, int(sent["limit"]), str(sent["after"])))


def _page(fetch: Callable[[str], Sequence[Any]], limit: int, after: str) -> dict[str, Any]:
    """As many lines as are wanted, from pages of the house's own length."""
    lines: list[Any] = []
    while True:
        found = fetch(after)
        lines += found[:PAGE]
        if len(found) <= PAGE or len(lines) > limit:
            break
        after = _mark(lines[-1])
    shown = lines[:limit]
    return {"items": shown, "next": _mark(shown[-1]) if len(lines) > limit else ""}


def _mark(line: Any) -> str:
    return str(line.cursor if hasattr(line, "cursor") else line.id)


@dataclass(frozen=True, slots=True)
class Once:
    """The key that something was sent under, if any, and a digest of all that was sent."""

    key: str
    said: str


@dataclass(frozen=True)
class Write(Operation):
    """An action: its parameters are the body, the fields of its frozen values among them."""

    without: frozenset[str] = frozenset()
    """Fields that are not sent here; the table says why."""
    of: Callable[..., Any] | None = None
    """The action, where a small function stands before it."""

    @cached_property
    def body(self) -> type[BaseModel] | None:
        """What is sent, as one model; none where nothing is."""
        found = self.laid_open(self.without)
        return model_named(f"{_titled(self.id)}Body", found, "", IN) if found else None

    @cached_property
    def answer(self) -> type[BaseModel]:
        return _whole(self.id, self.hints["return"])

    def run(
        self, viewer: Viewer, now: datetime, keys: Keys, sent: BaseModel | None, once: Once
    ) -> BaseModel:
        before = sent_first(viewer, now, once.key, once.said) if once.key else None
        if before is not None and before.answer is not None:
            return self.answer.model_validate(before.answer)
        if before is None:
            # What was done before may have moved the case on: then it is no longer on offer.
            self.find(viewer, now, keys)
        plain = {name: built(getattr(sent, name)) for name in sent.model_fields_set} if sent else {}
        given = {**keys, **self.gathered(plain)}
        if once.key and "key" in inspect.signature(self.call).parameters:
            given["key"] = f"api {once.key}"
        found = _filled(self.answer, self.call(by=viewer, now=now, **given))
        if once.key and set(self.answer.model_fields) <= SHORT:
            answered(viewer, once.key, found.model_dump(mode="json"))
        return found


PLAIN: Mapping[Any, tuple[str, str]] = {
    UUID: ("id", "Made"),
    type(None): ("done", "Done"),
    bool: ("made", "Looked"),
    int: ("ended", "Ended"),
}
"""What an answer of one value is called, and its model."""
SHORT = frozenset(label for label, _title in PLAIN.values())
"""Answers that hold a key or a count and nobody's words: these are kept beside the key sent."""


def _whole(name: str, wanted: Any) -> type[BaseModel]:
    """The model of an answer: of a frozen value itself, of anything else by one name."""
    only = wanted
    if get_origin(wanted) in (Union, UnionType):
        only = next(part for part in get_args(wanted) if part is not type(None))
    if _is_frozen(only):
        return model_of(only, OUT)
    if only in PLAIN:
        label, title = PLAIN[only]
        return model_named(title, {label: (bool if only is type(None) else only, ...)}, "", OUT)
    return model_named(f"{_titled(name)}Answer", {"items": (shaped(wanted, OUT), ...)}, "", OUT)


def _titled(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _filled(model: type[BaseModel], found: object) -> BaseModel:
    if is_dataclass(found):
        return model.model_validate(found)
    return model.model_validate(
        {next(iter(model.model_fields)): found if found is not None else True}
    )


def _is_frozen(wanted: Any) -> bool:
    return isinstance(wanted, type) and is_dataclass(wanted)

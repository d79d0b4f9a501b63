"""What goes over the wire, made from the frozen values of actions and queries: nothing twice.

`shaped` turns a type of the house into one that pydantic reads and OpenAPI shows. `built` turns
what was read back into the frozen value that an action takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import IntEnum
from functools import cache, reduce
from operator import or_
from types import NoneType, UnionType
from typing import Annotated, Any, ForwardRef, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Strict,
    create_model,
)
from pydantic import Field as Bound

from primum.api.says import Said, said
from primum.cases.queries.due import DueItem
from primum.cases.queries.policy import Version
from primum.core.protocol import CommitmentOffer, Kind, Question, ValueClass
from primum.core.vocabulary import Because, Level, Ruling, Stakes

IN, OUT = "in", "out"
YEARS = range(1990, 2101)
LARGEST = 10**12

LEFT_OUT: Mapping[type, frozenset[str]] = {
    # What was weighed holds answers as the engine keeps them; they are told in words beside it.
    Ruling: frozenset({"snapshot"}),
    # How the desk finds out whose it is.
    DueItem: frozenset({"seal", "absent", "signer"}),
    ValueClass: frozenset({"value"}),
    # When it is offered is the engine's affair: here are those that are.
    CommitmentOffer: frozenset({"when", "cites", "wording_to_check"}),
    # A text of forty pages goes with its own document, and not with every list.
    Version: frozenset({"text"}),
    Question: frozenset({"domain", "when", "changeable", "material", "worse", "read_by"})
    | {"cites", "wording_to_check"},
}
"""Fields that are no answer to anybody outside."""
QUERIES = "primum.cases.queries"
CALLED: Mapping[str, str] = {
    f"{QUERIES}.memory.Reading": "HandoverReading",
    f"{QUERIES}.stops.Option": "StopOption",
    f"{QUERIES}.work.Group": "QueueGroup",
}
"""What would be called like another shape is called otherwise here."""
BESIDE: Mapping[type, Mapping[str, Any]] = {Question: {"kind": Kind}}
"""Properties that are."""


def _in_reach(value: date | datetime) -> date | datetime:
    if value.year not in YEARS:
        raise ValueError(f"The year {value.year} cannot be meant.")
    return value


def _no_nul(value: str) -> str:
    if "\0" in value:
        raise ValueError("PostgreSQL keeps no NUL. Leave it out.")
    return value


def _word(value: object) -> object:
    return value.name.lower() if isinstance(value, IntEnum) else value


def _in_order(value: object) -> object:
    return sorted(value, key=str) if isinstance(value, set | frozenset) else value


READ: Mapping[Any, Any] = {
    str: Annotated[str, AfterValidator(_no_nul)],
    int: Annotated[int, Bound(ge=0, le=LARGEST)],
    bool: Annotated[bool, Strict()],
    date: Annotated[date, AfterValidator(_in_reach)],
    datetime: Annotated[AwareDatetime, AfterValidator(_in_reach)],
}
"""What may be sent: as the forms of the pages take it."""
SHOWN: Mapping[Any, Any] = {
    **{
        kind: Annotated[Literal[tuple(each.name.lower() for each in kind)], BeforeValidator(_word)]
        for kind in (Level, Stakes)
    },
    Because: Annotated[Said, BeforeValidator(said)],
}
"""What is shown otherwise than it is kept: words for ranks, sentences for reasons."""


def shaped(wanted: Any, side: str) -> Any:
    """The type that pydantic reads (`in`) or shows (`out`) for a type of the house."""
    special = (READ if side == IN else SHOWN).get(wanted)
    if special is not None:
        return special
    if isinstance(wanted, type) and is_dataclass(wanted):
        # What holds others of its own kind, as a tree does, is named while it is being made.
        return ForwardRef(_name(wanted)) if wanted in _making else model_of(wanted, side)
    if get_origin(wanted) is None:
        return Any if wanted is object else wanted
    return _gathered(get_origin(wanted), get_args(wanted), side)


def _gathered(origin: Any, parts: tuple[Any, ...], side: str) -> Any:
    """A union, a mapping, a pair or a row of other types."""
    inner = tuple(part if part in (NoneType, ...) else shaped(part, side) for part in parts)
    if origin in (Union, UnionType):
        return reduce(or_, inner)
    if origin in (dict, Mapping):
        return dict.__class_getitem__(inner)
    if origin is tuple and parts[-1] is not Ellipsis:
        return tuple.__class_getitem__(inner)
    many = list.__class_getitem__(inner[0])
    return Annotated[many, BeforeValidator(_in_order)] if side == OUT else many


_made: dict[type[BaseModel], type] = {}
_making: set[type] = set()
_called: dict[str, tuple[object, ...]] = {Said.__name__: (Said,)}


@cache
def model_of(kind: type, side: str, without: frozenset[str] = frozenset()) -> type[BaseModel]:
    """A frozen value as a model: the same names, its defaults, its words of explanation."""
    left = without | LEFT_OUT.get(kind, frozenset())
    left |= {"key"} if side == IN else set()
    _making.add(kind)
    found = _fields(kind, side, left)
    _making.remove(kind)
    name = _name(kind)
    if _called.setdefault(name, (kind, side, without)) != (kind, side, without):
        raise TypeError(f"Two shapes are called {name}: one of them needs another name.")
    model = model_named(name, found, kind.__doc__ or "", side)
    _made[model] = kind
    return model


def _name(kind: type) -> str:
    return CALLED.get(f"{kind.__module__}.{kind.__name__}", kind.__name__)


def _fields(kind: type, side: str, left: frozenset[str]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    found: dict[str, Any] = {
        each.name: (shaped(hints[each.name], side), _default(each, side))
        for each in fields(kind)
        if each.name not in left
    }
    return found | {n: (shaped(of, side), ...) for n, of in BESIDE.get(kind, {}).items()}


def model_named(name: str, found: Mapping[str, Any], about: str, side: str) -> type[BaseModel]:
    """A model of these fields; what is sent beside them is refused, not passed over."""
    how = ConfigDict(extra="forbid") if side == IN else ConfigDict(from_attributes=True)
    made: type[BaseModel] = create_model(name, __config__=how, __doc__=about, **found)
    return made


def _default(each: Field[Any], side: str) -> Any:
    if side == OUT:
        return ...
    if each.default is not MISSING:
        return each.default
    if each.default_factory is not MISSING:
        return Bound(default_factory=each.default_factory)
    return ...


def built(value: object) -> Any:
    """What was read, as the frozen values that actions take."""
    if isinstance(value, BaseModel):
        sent = {name: built(getattr(value, name)) for name in value.model_fields_set}
        return _made[type(value)](**sent)
    if isinstance(value, list):
        return tuple(built(each) for each in value)
    return value

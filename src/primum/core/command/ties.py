"""Who stands above whom, and who commands: plain values with their dates and sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from primum.core.command.dates import UNDATED, Span


class UnitLike(Protocol):
    """What naming a unit takes: any row or value with an id, a name and other names."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Tie:
    """One line of command: `superior` stands above `subordinate` for a time.

    `kind` and `confidence` are the publisher's words ("Command", "Administrative"; "Low").
    """

    superior: str
    subordinate: str
    span: Span = UNDATED
    kind: str = ""
    source_ids: tuple[str, ...] = ()
    confidence: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Posting:
    """One person in one unit for a time. Everything but the ids is in the publisher's words."""

    id: str
    person: str
    unit: str
    role: str = ""
    title: str = ""
    rank: str = ""
    span: Span = UNDATED
    start_context: str = ""
    end_context: str = ""
    source_ids: tuple[str, ...] = ()
    confidence: str = ""

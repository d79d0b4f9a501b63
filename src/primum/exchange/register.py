"""What a register of forces holds, as plain values: whatever format it came in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from primum.core.command import UNDATED, Posting, Span, Tie
from primum.exchange.tables import Problem


@dataclass(frozen=True, slots=True)
class Dataset:
    """Where a register comes from. `attribution` goes wherever its rows are shown."""

    key: str
    title: str
    publisher: str
    licence: str
    snapshot: str
    country: str
    attribution: str
    recognised: bool = True
    """False for a table in a known form whose publisher the file does not tell."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as published. `listed` is False when it is known only from another row, as a parent
    mostly: then nothing but its name is known."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    classification: tuple[str, ...] = ()
    country: str = ""
    span: Span = UNDATED
    listed: bool = True

    @property
    def placeholder(self) -> bool:
        """The publisher's stand-in for a unit nobody could name ("Unknown Région Militaire").

        Several real units may hide behind one: two units under it need not share a superior.
        """
        return "Placeholder" in self.classification


@dataclass(frozen=True, slots=True)
class Person:
    """A person in an official role, with the spellings seen."""

    id: str
    name: str
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """What a claim rests on. `published_on` is the publisher's text ("Undated", "May 2014")."""

    id: str
    title: str = ""
    publication: str = ""
    published_on: str = ""
    url: str = ""
    archive_url: str = ""


Record = Unit | Person | Source | Tie | Posting


@dataclass(frozen=True, slots=True)
class Register:
    """One reading of one published register."""

    dataset: Dataset
    units: tuple[Unit, ...]
    persons: tuple[Person, ...]
    sources: tuple[Source, ...]
    ties: tuple[Tie, ...]
    postings: tuple[Posting, ...]
    problems: tuple[Problem, ...]

    def records(self) -> Iterator[Record]:
        """Everything, what is pointed at before what points, in the order of the files.

        The same files always give the same order: an importer may commit in batches, note how
        many it has done, and skip as many when it starts again.
        """
        yield from self.units
        yield from self.persons
        yield from self.sources
        yield from self.ties
        yield from self.postings

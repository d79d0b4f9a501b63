"""What both forms of the Security Force Monitor's data share: cells, spans, ties, attribution."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from primum.core.command import DateError, Network, Open, PartialDate, Span, Tie, loops, parse_date
from primum.exchange.register import Dataset
from primum.exchange.tables import Problems, Row, RowError, read_rows

PUBLISHER = "Security Force Monitor, Columbia Law School Human Rights Institute"
LICENCE = "CC BY 4.0"
ID_LENGTH, WORD_LENGTH = 300, 40

_LEFT_OUT = "Correct it at the source; the row was left out."


def dataset_of(path: Path, sha256: str, known: Dataset) -> Dataset:
    """The dataset a table belongs to: by its digest, else by the folder it lies in.

    A table that lies in the set's own folder is a newer or a corrected copy, and says so. Somebody
    else's table in the same form must not be shown as the Monitor's.
    """
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() == sha256:
            return known
    if path.resolve().parent.name == known.key:
        whose = f"{known.publisher}: {known.title}"
        return replace(
            known,
            snapshot="",
            attribution=f"{whose}; not the copy of {known.snapshot}. {known.licence}.",
        )
    return Dataset(
        key=f"{known.key}_form",
        title=path.name,
        publisher="",
        licence="",
        snapshot="",
        country="",
        attribution="Publisher not stated; in the form the Security Force Monitor uses.",
        recognised=False,
    )


def each_row(
    path: Path, columns: Sequence[str], problems: Problems, use: Callable[[Row], None]
) -> None:
    """Hand every row to `use` once; a row it refuses, or one met before, becomes a problem."""
    seen: dict[tuple[str, ...], int] = {}
    for row in read_rows(path, columns, problems):
        first = seen.setdefault(tuple(row.cells.values()), row.line)
        try:
            if first != row.line:
                raise RowError(f"the row repeats line {first}", "It was read once.")
            use(row)
        except RowError as error:
            problems.add(path.name, row.line, error.message, error.remedy)


def split(text: str) -> tuple[str, ...]:
    """The parts of a cell that holds several values, in order, each once."""
    return tuple(dict.fromkeys(part for each in text.split(";") if (part := each.strip())))


def short_id(row: Row, column: str, value: str) -> str:
    return _short(column, value, ID_LENGTH)


def short(row: Row, column: str) -> str:
    """A cell of one or two words, such as a country or a kind of tie."""
    return _short(column, row[column], WORD_LENGTH)


def parts(row: Row, column: str) -> tuple[str, ...]:
    """A cell of several ids or names."""
    return tuple(_short(column, each, ID_LENGTH) for each in split(row[column]))


def _short(column: str, value: str, most: int) -> str:
    if len(value) > most:
        raise RowError(f"“{column}” is longer than {most} characters", _LEFT_OUT)
    return value


def when(row: Row, column: str) -> PartialDate | None:
    try:
        return parse_date(row[column])
    except DateError as error:
        raise RowError(f"“{column}”: {str(error).rstrip('.')}", _LEFT_OUT) from None


def flag(row: Row, column: str) -> bool | None:
    answers = {"Y": True, "N": False, "": None}
    value = row[column].upper()
    if value not in answers:
        raise RowError(f"“{column}” is “{row[column][:20]}”, not Y, N or blank", _LEFT_OUT)
    return answers[value]


def opening(row: Row, column: str) -> Open:
    try:
        return Open(row[column].upper())
    except ValueError:
        shown = row[column][:20]
        raise RowError(f"“{column}” is “{shown}”, not Y, N, E or blank", _LEFT_OUT) from None


class TieList:
    """Ties in the order met, with ids of their own; the sources give none."""

    def __init__(self, file: str, problems: Problems) -> None:
        self._file = file
        self._problems = problems
        self._ties: dict[str, Tie] = {}
        self._lines: dict[tuple[str, str], int] = {}

    def add(self, line: int, tie: Tie) -> None:
        if tie.superior == tie.subordinate:
            raise RowError("the unit is given as its own parent", _LEFT_OUT)
        warn_if_contradictory(self._file, line, tie.span, self._problems)
        known = _tie_id(tie)
        number, made = 1, known
        while made in self._ties:
            number += 1
            made = f"{known}#{number}"
        self._lines.setdefault((tie.superior, tie.subordinate), line)
        self._ties[made] = Tie(
            id=made,
            superior=tie.superior,
            subordinate=tie.subordinate,
            span=tie.span,
            kind=tie.kind,
            source_ids=tie.source_ids,
            confidence=tie.confidence,
        )

    def all(self) -> tuple[Tie, ...]:
        """The ties; units that stand above themselves are reported and kept."""
        network = Network(self._ties.values())
        for group in loops(network):
            inside = set(group)
            line = min(
                at for pair, at in self._lines.items() if pair[0] in inside and pair[1] in inside
            )
            self._problems.add(
                self._file,
                line,
                f"{len(group)} units stand above each other in a circle ({', '.join(group[:4])})",
                "Check the dates of their ties; they were kept.",
            )
        return network.ties


def _tie_id(tie: Tie) -> str:
    first = tie.span.first.iso if tie.span.first else ""
    last = tie.span.last.iso if tie.span.last else ""
    return "|".join((tie.subordinate, tie.superior, tie.kind, first, last, tie.span.open))


def warn_if_contradictory(file: str, line: int, span: Span, problems: Problems) -> None:
    if span.contradicts:
        problems.add(
            file,
            line,
            f"last cited ({span.last}) before it was first cited ({span.first})",
            "Check the source; the row was kept and makes nothing certain.",
        )

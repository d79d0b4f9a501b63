"""Verify the ledger: recompute every chain and checkpoint from what is stored, and name each fault.

Read as the owner, who sees every line. Rows are streamed in the order of their cases, so that a
ledger of any length fits. Whoever controls the whole database can rewrite it all consistently:
that shows only against a checkpoint's root kept elsewhere, which is why the newest one is told.
"""

from __future__ import annotations

import hashlib
from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import merge
from itertools import chain, groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connections, transaction

__all__ = ["Fault", "Head", "Line", "Seen", "Verdict", "check_case", "verify"]

OWNER = "owner"
FETCH = 2000
MOST_FAULTS = 1000
HEADS_HASHED = 5_000_000
"""Work for checkpoints' roots; a year of them over many cases would take hours."""
FIELDS = (
    *("version", "case", "number", "at", "person", "post"),
    *("verb", "record kind", "record", "digest"),
)

_CHAINS = 'SELECT "case", kind, seq, head FROM cases_chain ORDER BY "case"'
_SEEN = """SELECT h."case", c.number, h.seq, h.head FROM cases_checkpointhead h
    JOIN cases_checkpoint c ON c.id = h.checkpoint_id ORDER BY h."case", h.seq, c.number"""
_LINES = """SELECT "case", case_kind, seq, line, hash,
    concat_ws('|', 'v1', "case", seq,
        to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        person, post, verb, record_kind, record, digest),
    EXISTS (SELECT 1 FROM cases_entrysight s WHERE s.entry_id = e.id)
    FROM cases_entry e ORDER BY "case", seq"""
_CHECKPOINTS = "SELECT number, cases, root, previous FROM cases_checkpoint ORDER BY number"
_MOVED = """SELECT c.number, h."case", h.seq, h.head FROM cases_checkpointhead h
    JOIN cases_checkpoint c ON c.id = h.checkpoint_id ORDER BY c.number"""


@dataclass(frozen=True, slots=True)
class Head:
    """A chain's head as it stands."""

    case: UUID
    kind: str
    seq: int
    head: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A chain's head as a checkpoint saw it."""

    case: UUID
    checkpoint: int
    seq: int
    head: str


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: its text, its hash, and the text its columns give but for the hash it follows."""

    case: UUID
    kind: str
    seq: int
    text: str
    hash: str
    columns: str
    has_seal: bool = True

    @property
    def follows(self) -> str:
        """The hash of the line before, as this one's text says it."""
        return self.text.rpartition("|")[2]

    @property
    def computed(self) -> str:
        return _sha256(self.text)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was written. `case` is None for a checkpoint."""

    case: UUID | None
    says: str

    def __str__(self) -> str:
        return f"case {self.case}: {self.says}" if self.case else self.says


@dataclass(slots=True)
class Verdict:
    """What was looked at, what was found, and the root to compare with one kept elsewhere."""

    cases: int = 0
    lines: int = 0
    checkpoints: int = 0
    recomputed: int = 0
    newest: tuple[int, str] | None = None
    faults: list[Fault] = field(default_factory=list)
    more: int = 0

    @property
    def whole(self) -> bool:
        return not self.faults

    def found(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            if len(self.faults) < MOST_FAULTS:
                self.faults.append(fault)
            else:
                self.more += 1


def verify() -> Verdict:
    """Read everything in one snapshot, while others go on writing."""
    verdict = Verdict()
    with transaction.atomic(using=OWNER):
        with connections[OWNER].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        _verify_cases(verdict)
        _verify_checkpoints(verdict)
    return verdict


def check_case(head: Head | None, seen: Sequence[Seen], lines: Iterable[Line]) -> Iterator[Fault]:
    """Every fault of one case. `lines` come in the order of their numbers."""
    witnesses: dict[int, list[Seen]] = {}
    for each in seen:
        witnesses.setdefault(each.seq, []).append(each)
    last: Line | None = None
    for line in lines:
        yield from _check_place(last, line)
        yield from _check_text(line, head)
        for witness in witnesses.pop(line.seq, ()):
            if witness.head != line.hash:
                says = f"line {line.seq} is not the one that checkpoint {witness.checkpoint} saw"
                yield Fault(line.case, says)
        last = line
    yield from _check_end(head, last)
    yield from _unmet(witnesses, head, last)


def _check_place(last: Line | None, line: Line) -> Iterator[Fault]:
    """The line stands where it says, behind the one it says."""
    expected = last.seq + 1 if last else 1
    parts = line.text.split("|")
    told = parts[2] if len(parts) == len(FIELDS) + 1 else str(line.seq)
    if line.seq > expected:
        yield Fault(line.case, _missing("line", expected, line.seq - 1))
    elif line.seq < expected:
        yield Fault(line.case, f"number {line.seq} stands twice")
    if told != str(line.seq):
        says = f"at number {line.seq} stands line {told}: the order was changed"
        yield Fault(line.case, says)
    elif line.seq == expected and line.follows != (last.hash if last else ""):
        before = f"line {last.seq}" if last else "nothing"
        yield Fault(line.case, f"line {line.seq} was not written to follow {before} as it stands")


def _check_text(line: Line, head: Head | None) -> Iterator[Fault]:
    """Text, hash and columns of one line agree."""
    if line.computed != line.hash:
        yield Fault(line.case, f"line {line.seq} was altered: its text does not give its hash")
    differing = ", ".join(_differing(line))
    if differing:
        says = f"line {line.seq} was altered: its text and its columns differ ({differing})"
        yield Fault(line.case, says)
    if not line.has_seal:
        yield Fault(line.case, f"line {line.seq} is shown to nobody: its seal is missing")
    if head is not None and line.kind != head.kind:
        says = f"line {line.seq} was altered: it is of a case “{line.kind}”, not “{head.kind}”"
        yield Fault(line.case, says)


def _differing(line: Line) -> Iterator[str]:
    said, columns = line.text.rpartition("|")[0].split("|"), line.columns.split("|")
    if len(said) != len(FIELDS) or len(columns) != len(FIELDS):
        yield "form"
        return
    for name, one, other in zip(FIELDS, said, columns, strict=True):
        # Another number is told as a changed order.
        if one != other and name != "number":
            yield name


def _missing(what: str, first: int, last: int) -> str:
    if first == last:
        return f"{what} {first} is missing"
    return f"{what}s {first} to {last} are missing"


def _check_end(head: Head | None, last: Line | None) -> Iterator[Fault]:
    """The chain ends where its head says."""
    if head is None and last is not None:
        yield Fault(last.case, f"its head is missing; its last line is {last.seq}")
    elif head is not None and last is None:
        yield Fault(head.case, f"its head stands at line {head.seq}, and not one line is left")
    elif head is not None and last is not None:
        if last.seq < head.seq:
            says = f"cut: its head stands at line {head.seq}, its last line is {last.seq}"
            yield Fault(head.case, says)
        elif last.seq > head.seq:
            says = f"its head was set back to line {head.seq}; its last line is {last.seq}"
            yield Fault(head.case, says)
        elif last.hash != head.head:
            yield Fault(head.case, f"its head is not the hash of its last line, {last.seq}")


def _unmet(
    witnesses: dict[int, list[Seen]], head: Head | None, last: Line | None
) -> Iterator[Fault]:
    """Lines a checkpoint saw and that are gone; gaps before the end are told already."""
    for seq, seen in sorted(witnesses.items()):
        saw = f"checkpoint {seen[0].checkpoint} saw line {seq}"
        if head is None and last is None:
            yield Fault(seen[0].case, f"the whole case is missing: {saw}")
        elif last is None or seq > last.seq:
            yield Fault(seen[0].case, f"cut: {saw}, its last line is {last.seq if last else 0}")


def _verify_cases(verdict: Verdict) -> None:
    heads = (Head(*row) for row in _stream(_CHAINS))
    seen = (Seen(*row) for row in _stream(_SEEN))
    lines = (Line(*row) for row in _stream(_LINES))
    by_case = attrgetter("case")
    streams: tuple[Iterator[Head | Seen | Line], ...] = (heads, seen, lines)
    # At equal keys `merge` keeps the order of its streams: the head, what was seen, the lines.
    for _, rows in groupby(merge(*streams, key=by_case), key=by_case):
        verdict.cases += 1
        verdict.found(_check_rows(rows, verdict))


def _check_rows(rows: Iterator[Head | Seen | Line], verdict: Verdict) -> Iterator[Fault]:
    head: Head | None = None
    seen: list[Seen] = []
    first: list[Line] = []
    for row in rows:
        if isinstance(row, Line):
            first.append(row)
            break
        if isinstance(row, Seen):
            seen.append(row)
        else:
            head = row

    def lines() -> Iterator[Line]:
        for line in chain(first, rows):
            if isinstance(line, Line):
                verdict.lines += 1
                yield line

    return check_case(head, seen, lines())


def _verify_checkpoints(verdict: Verdict) -> None:
    """Numbers, order, counts and, as far as the work allows, roots."""
    heads = _Heads(_stream(_MOVED))
    start = _first_recomputed()
    before, root = 0, ""
    for number, cases, said, previous in _stream(_CHECKPOINTS):
        heads.go_to(number)
        verdict.found(_check_checkpoint((number, cases, previous), (before, root), heads))
        if number >= start:
            verdict.recomputed += 1
            if heads.root(previous) != said:
                says = f"checkpoint {number} was altered: its root is not that of the heads it saw"
                verdict.found([Fault(None, says)])
        verdict.checkpoints += 1
        before, root = number, said
        verdict.newest = (number, said)


def _check_checkpoint(
    this: tuple[int, int, str], former: tuple[int, str], heads: _Heads
) -> Iterator[Fault]:
    number, cases, previous = this
    before, root = former
    if number != before + 1:
        yield Fault(None, _missing("checkpoint", before + 1, number - 1))
    elif previous != root:
        yield Fault(None, f"checkpoint {number} was not made to follow {before} as it stands")
    if cases != len(heads):
        says = f"checkpoint {number} counted {cases} cases; the heads kept with it are {len(heads)}"
        yield Fault(None, says)


class _Heads:
    """All heads as a checkpoint saw them, kept up from one checkpoint to the next."""

    def __init__(self, moved: Iterator[tuple[Any, ...]]) -> None:
        self._moved = moved
        self._next = next(moved, None)
        self._order: list[UUID] = []
        self._heads: dict[UUID, str] = {}

    def __len__(self) -> int:
        return len(self._order)

    def go_to(self, number: int) -> None:
        while self._next is not None and self._next[0] <= number:
            _, case, seq, head = self._next
            if case not in self._heads:
                insort(self._order, case)
            self._heads[case] = f"{case}:{seq}:{head}"
            self._next = next(self._moved, None)

    def root(self, previous: str) -> str:
        return _sha256(f"{previous}|{','.join(self._heads[case] for case in self._order)}")


def _first_recomputed() -> int:
    """From which checkpoint on roots are recomputed: the newest, within the work allowed."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            """SELECT coalesce(min(number), 0) FROM (
                SELECT number, cases, sum(cases) OVER (ORDER BY number DESC) AS work
                FROM cases_checkpoint) c WHERE work - cases < %s""",
            [HEADS_HASHED],
        )
        return int(cursor.fetchone()[0])


def _stream(query: str) -> Iterator[tuple[Any, ...]]:
    with connections[OWNER].chunked_cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(FETCH):
            yield from rows


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

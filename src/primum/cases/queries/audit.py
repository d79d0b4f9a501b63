"""Honest counts: each with what it leaves out, who counted it, and its list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from primum.cases.counts import BY_CODE, COUNTS, LISTED, SUMS, Count, Counter, counted
from primum.cases.models import Activity, Report
from primum.core.small import may_tell
from primum.core.vocabulary import Text
from primum.people import queries
from primum.people.sight import Viewer, require
from primum.register.paging import PAGE, key_of

__all__ = [
    "DAYS_LATE",
    "Audit",
    "Cell",
    "Figure",
    "Group",
    "ListLine",
    "Period",
    "audit",
    "audit_list",
    "chosen",
    "figure",
    "groups",
    "may_audit",
]

DAYS_LATE: Final = 7
"""From when on something is counted as waiting too long."""
FIRST: Final = UUID(int=0)
KINDS: Final = ("component", "organisation", "post")
"""What a count is broken down by."""


@dataclass(frozen=True, slots=True)
class Period:
    """The cases in question are those asked for from `since`, before `until`; None is open."""

    since: datetime | None = None
    until: datetime | None = None

    @property
    def open(self) -> bool:
        return self.since is None and self.until is None


@dataclass(frozen=True, slots=True)
class Cell:
    """`hits` of `whole`. The rest is what the number leaves out, and never blank."""

    hits: int = 0
    whole: int = 0

    @property
    def rest(self) -> int:
        return self.whole - self.hits

    @property
    def percent(self) -> int | None:
        return round(100 * self.hits / self.whole) if self.whole else None

    def __add__(self, other: Cell) -> Cell:
        return Cell(self.hits + other.hits, self.whole + other.whole)


@dataclass(frozen=True, slots=True)
class Figure:
    """One count. `cell` is the number to read; `seen` is the part of it the viewer may open."""

    code: str
    section: str
    title: object
    rest: object
    median: bool
    by: str
    """engine: every case at component level; sight: what this viewer reads."""
    cell: Cell
    seen: Cell
    held_back: bool
    """True where the whole is not told, since what is hidden of it is little (law 10)."""
    seconds: int | None
    posts: Mapping[UUID | None, Cell]
    """Each post's part, of what this viewer may open. None: whoever decides, which is sealed."""

    @property
    def hours(self) -> float | None:
        return None if self.seconds is None else self.seconds / 3600


@dataclass(frozen=True, slots=True)
class Group:
    """A component, an organisation or a post, with its part of a count."""

    id: UUID | None
    name: Text
    cell: Cell
    holders: int = 0
    """For a post, how many people sit in it: what waits for it waits for them."""


@dataclass(frozen=True, slots=True)
class Audit:
    """Every count, and the components that asked, those that asked for nothing included."""

    figures: Mapping[str, Figure]
    components: tuple[tuple[Text, Mapping[str, Cell]], ...]


@dataclass(frozen=True, slots=True)
class ListLine:
    """One row behind a number: an activity, or a report."""

    id: UUID
    case: UUID
    case_kind: str
    title: str
    invented: bool
    post: UUID | None
    seconds: int | None


def may_audit(viewer: Viewer) -> bool:
    """Whether this viewer's post may read the audit: auditor, leadership, human rights."""
    require(viewer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT viewer_audits()")
        row = cursor.fetchone()
    return bool(row and row[0])


SHOWN_BY_COMPONENT: Final = (
    *("asked_before", "looked_after", "looks_overdue", "breaches"),
    *("go", "go_with_conditions", "in_part", "not_now", "no"),
)


def audit(viewer: Viewer, period: Period, now: datetime) -> Audit:
    """Every count of the table, for the cases of a period as they stand now."""
    require(viewer)
    figures = chosen(viewer, tuple(BY_CODE), period, now)
    components: dict[UUID, tuple[Text, dict[str, Cell]]] = {}
    for code in SHOWN_BY_COMPONENT:
        for group in groups(viewer, figures[code], "component", now):
            if group.id is not None:
                components.setdefault(group.id, (group.name, {}))[1][code] = group.cell
    return Audit(figures, tuple(components.values()))


def figure(
    viewer: Viewer, code: str, period: Period, now: datetime
) -> tuple[Figure, Mapping[str, tuple[Group, ...]]] | None:
    """One count with its parts by component, organisation and post; None if there is none such."""
    require(viewer)
    if code not in BY_CODE:
        return None
    found = chosen(viewer, (code,), period, now)[code]
    return found, {kind: groups(viewer, found, kind, now) for kind in KINDS}


def audit_list(
    viewer: Viewer, asked: tuple[str, bool], period: Period, now: datetime, after: str = ""
) -> tuple[ListLine, ...]:
    """The rows behind a count that this viewer may open; one more than a page is a next page.

    `asked` is the code, and whether it is the counted or the rest.
    """
    require(viewer)
    code, hit = asked
    count = BY_CODE[code]
    ask = "SELECT * FROM audit_list(p_codes, p_since, p_until, p_at, p_hit, p_after, p_most)"
    sql = ask if count.by is Counter.ENGINE else f"{counted(Counter.SIGHT)} {LISTED}"
    given = {"hit": hit, "after": key_of(after) or FIRST, "most": PAGE + 1}
    return _named(_run(sql, (code,), period, now, given), count)


def groups(viewer: Viewer, found: Figure, kind: str, now: datetime) -> tuple[Group, ...]:
    """The parts of a count by `kind`. Components that have none of it too: nought is a number."""
    require(viewer)
    seats = queries.seats(viewer, now)
    names: dict[UUID | None, Text] = {}
    cells: dict[UUID | None, Cell] = {}
    holders: dict[UUID | None, int] = {}
    for seat in seats:
        key, name = {
            "component": (seat.component, seat.component_name),
            "organisation": (seat.organisation, seat.organisation_name),
            "post": (seat.post, seat.title),
        }[kind]
        names[key] = name
        cells[key] = cells.get(key, Cell()) + found.posts.get(seat.post, Cell())
        holders[key] = holders.get(key, 0) + seat.holders
    if None in found.posts:
        names[None], cells[None], holders[None] = {}, found.posts[None], 0
    return tuple(
        Group(key, names[key], cell, holders[key])
        for key, cell in cells.items()
        if cell.whole or kind == "component"
    )


def chosen(
    viewer: Viewer, codes: Sequence[str], period: Period, now: datetime
) -> Mapping[str, Figure]:
    """Some of the counts, in the order of the table, each of the two counters asked once."""
    require(viewer)
    rows: dict[str, list[Sequence[Any]]] = {code: [] for code in codes}
    engine = "SELECT * FROM audit_sums(p_codes, p_since, p_until, p_at)"
    for by, sql in (
        (Counter.ENGINE, engine),
        (Counter.SIGHT, f"{counted(Counter.SIGHT)} {SUMS}"),
    ):
        if any(BY_CODE[code].by is by for code in codes):
            for code, *row in _run(sql, codes, period, now):
                rows[code].append(row)
    wanted = [count for count in COUNTS if count.code in rows]
    return {count.code: _figure(count, rows[count.code], period) for count in wanted}


def _figure(count: Count, rows: Sequence[Sequence[Any]], period: Period) -> Figure:
    whole, seen, seconds = Cell(), Cell(), None
    posts: dict[UUID | None, Cell] = {}
    for post, total, hits, of, seen_hits, seen_of, median in rows:
        if total:
            whole, seen, seconds = Cell(hits, of), Cell(seen_hits, seen_of), median
        else:
            posts[post] = Cell(seen_hits, seen_of)
    hidden = Cell(whole.hits - seen.hits, whole.whole - seen.whole)
    # Two periods that differ by a day would tell what that day hid.
    tells = hidden.whole == 0 or (period.open and may_tell(hidden.hits, hidden.whole))
    return Figure(
        code=count.code,
        section=count.section,
        title=count.title,
        rest=count.rest,
        median=count.median,
        by=count.by,
        cell=whole if tells else seen,
        seen=seen,
        held_back=not tells,
        seconds=seconds if count.median and tells else None,
        posts=posts,
    )


TYPES: Final = {"codes": "text[]", "hit": "boolean", "after": "uuid", "most": "int"}


def _run(
    sql: str,
    codes: Sequence[str],
    period: Period,
    now: datetime,
    more: Mapping[str, object] | None = None,
) -> list[Sequence[Any]]:
    """Run SQL that names its values `p_…`, as the functions of the engine do."""
    given: dict[str, Any] = {"codes": list(codes), "at": now, **(more or {})}
    given |= {"since": period.since, "until": period.until}

    def placed(name: re.Match[str]) -> str:
        return f"%({name[1]})s::{TYPES.get(name[1], 'timestamptz')}"

    with connection.cursor() as cursor:
        cursor.execute(re.sub(r"\bp_(codes|since|until|at|hit|after|most)\b", placed, sql), given)
        return list(cursor.fetchall())


def _named(rows: Sequence[Sequence[Any]], count: Count) -> tuple[ListLine, ...]:
    """The rows with their titles; what has no title for this viewer is not there."""
    cases = {row[0] for row in rows if row[0]}
    activities = {row.id: row for row in Activity.objects.filter(id__in=cases)}
    of_reports = {row[1] for row in rows if row[0] is None}
    reports = {row.id: row for row in Report.objects.filter(id__in=of_reports)}
    found = []
    for case, record, post, seconds in rows:
        if case in activities:
            activity = activities[case]
            title, invented = activity.title, activity.invented
            found.append(ListLine(record, case, "activity", title, invented, post, seconds))
        elif record in reports:
            report = reports[record]
            found.append(ListLine(record, record, "report", "", report.invented, post, seconds))
    return tuple(found)

"""The leadership's agenda, made from what is due, and the minutes of its meetings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from primum.cases.models import Decision, Meeting, MeetingItem
from primum.cases.queries.leadership import Leadership, leadership
from primum.people.sight import Viewer, require

__all__ = [
    "AgendaItem",
    "Choice",
    "Minutes",
    "MinutesItem",
    "agenda",
    "former_agenda",
    "meetings",
    "minutes",
]

LATELY = timedelta(days=14)
"""Decisions that an item of today may name."""
NEWEST = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision that may be named: what was chosen, by which post, when."""

    id: UUID
    word: str
    post: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A point to speak of: why it is there, what it is about, what was decided on it lately."""

    kind: str
    case_kind: str
    case: UUID
    title: str
    due: datetime | None
    decisions: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class MinutesItem:
    """A point as it was minuted."""

    number: int
    kind: str
    case_kind: str
    case: UUID | None
    title: str
    words: str
    decision: Choice | None


@dataclass(frozen=True, slots=True)
class Minutes:
    """One meeting. `items` are those this viewer may read; numbers may be missing for that."""

    id: UUID
    at: datetime
    post: UUID
    supersedes: UUID | None
    superseded_by: UUID | None
    items: tuple[MinutesItem, ...]


def agenda(viewer: Viewer, now: datetime) -> tuple[AgendaItem, ...]:
    """What is due, broken or lapsing, and what harm was heard: each case once, the hardest first.

    It rests on what its writer reads.
    """
    require(viewer)
    page = leadership(viewer, now)
    found: dict[UUID, tuple[str, str, str, datetime | None]] = {}
    for kind, case_kind, case, title, due in _points(page):
        found.setdefault(case, (kind, case_kind, title, due))
    lately = _decisions(found, now - LATELY)
    return tuple(
        AgendaItem(kind, case_kind, case, title, due, lately.get(case, ()))
        for case, (kind, case_kind, title, due) in found.items()
    )


def former_agenda(viewer: Viewer, former: Minutes, now: datetime) -> tuple[AgendaItem, ...]:
    """What a corrected meeting spoke of, to be written anew."""
    require(viewer)
    about = {item.case: item for item in former.items if item.case}
    lately = _decisions(about, now - LATELY)
    return tuple(
        AgendaItem(item.kind, item.case_kind, case, item.title, None, lately.get(case, ()))
        for case, item in about.items()
    )


Point = tuple[str, str, UUID, str, datetime | None]


def _points(page: Leadership) -> list[Point]:
    due = [item for item in (*page.mine, *page.decide) if item.case_kind == "activity"]
    hard = [item for item in due if item.kind in ("decide_grave", "decide_broken")]
    rest = [item for item in due if item not in hard]
    return [
        *(_due(item.kind, item.case, item.title, item.due) for item in hard),
        *(("harm", "report", line.id, ", ".join(line.parties), None) for line in page.harm),
        *(_due(item.kind, item.case, item.title, item.due) for item in rest),
        *(_due("lapsing", key, title, end) for key, title, end in page.lapsing),
    ]


def _due(kind: str, case: UUID, title: str, due: datetime) -> Point:
    return kind, "activity", case, title, due


def _decisions(cases: Collection[UUID], since: datetime) -> Mapping[UUID, tuple[Choice, ...]]:
    rows = Decision.objects.filter(Decision.STANDS, activity__in=cases, at__gt=since)
    found: dict[UUID, tuple[Choice, ...]] = {}
    for row in rows.order_by("-at"):
        found[row.activity_id] = (*found.get(row.activity_id, ()), _choice(row))
    return found


def _choice(row: Decision) -> Choice:
    return Choice(row.id, row.choice or row.kind, row.post_id, row.at)


def meetings(viewer: Viewer) -> tuple[tuple[UUID, datetime], ...]:
    """The newest minutes that this viewer may read and nothing has superseded."""
    require(viewer)
    rows = Meeting.objects.filter(corrected__isnull=True).order_by("-at")
    return tuple(rows.values_list("id", "at")[:NEWEST])


def minutes(viewer: Viewer, key: UUID) -> Minutes | None:
    """One meeting, or None when there is none such for this viewer."""
    require(viewer)
    row = Meeting.objects.select_related("by").filter(id=key).first()
    if row is None:
        return None
    items = MeetingItem.objects.filter(meeting=row).select_related("decision").order_by("number")
    later = Meeting.objects.filter(supersedes=row).values_list("id", flat=True).first()
    return Minutes(
        id=row.id,
        at=row.at,
        post=row.by.post_id,
        supersedes=row.supersedes_id,
        superseded_by=later,
        items=tuple(
            MinutesItem(
                number=item.number,
                kind=item.kind,
                case_kind=item.case_kind,
                case=item.case,
                title=item.title,
                words=item.words,
                decision=_choice(item.decision) if item.decision else None,
            )
            for item in items
        ),
    )

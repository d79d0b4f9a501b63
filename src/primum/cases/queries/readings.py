"""Looks that wait for a second reader: which, and what the reader reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from primum.cases import looking
from primum.cases.models import Look
from primum.cases.queries.answered import Shown, shown_answers
from primum.cases.queries.looks import may_read, reading_lines, what_is_there
from primum.cases.queries.shapes import ReadingLine, WhatIsThere
from primum.people.sight import Viewer, require

__all__ = ["ReadingItem", "ReadingPage", "reading_page", "waiting"]


@dataclass(frozen=True, slots=True)
class ReadingItem:
    """One look on the desk of those who may read it."""

    id: UUID
    title: Mapping[str, str]
    activity_title: str
    there: WhatIsThere
    due: datetime


@dataclass(frozen=True, slots=True)
class ReadingPage:
    """What a look found, for the second reader."""

    id: UUID
    title: Mapping[str, str]
    activity: UUID | None
    activity_title: str
    there: WhatIsThere
    made: datetime | None
    post: UUID | None
    method: str
    independence: str
    result: str
    words: str
    answers: tuple[tuple[Mapping[str, str], Shown], ...]
    also: tuple[Mapping[str, str], ...]
    """Other looks the visit served, as far as this reader may know: they stand or fall with it."""
    due: datetime | None
    former: tuple[ReadingLine, ...]


def waiting(viewer: Viewer, now: datetime) -> tuple[ReadingItem, ...]:
    """The looks that this viewer may read a second time, the soonest due first."""
    require(viewer)
    rows = Look.objects.filter(Look.IN_SIGHT, state=Look.State.MADE, read_due__isnull=False)
    found = rows.select_related("activity", "protocol", "made_by", "place", "party")
    return tuple(
        ReadingItem(
            id=row.id,
            title=_title(row),
            activity_title=row.activity.title if row.activity else "",
            there=what_is_there(row),
            due=row.read_due,
        )
        for row in found.order_by("read_due", "id")
        if row.read_due and may_read(viewer, row, now)
    )


def reading_page(viewer: Viewer, key: UUID, now: datetime) -> ReadingPage | None:
    """The look as its second reader reads it; None for everybody else."""
    require(viewer)
    rows = Look.objects.select_related("activity", "protocol", "made_by", "place", "party")
    row = rows.filter(Look.IN_SIGHT, id=key).first()
    if row is None or not may_read(viewer, row, now):
        return None
    rules = looking.rules_of(row)
    served = Look.objects.filter(Look.IN_SIGHT, same_visit=row).select_related("protocol")
    return ReadingPage(
        id=row.id,
        title=_title(row),
        activity=row.activity_id,
        activity_title=row.activity.title if row.activity else "",
        there=what_is_there(row),
        made=row.made,
        post=row.made_by.post_id if row.made_by else None,
        method=row.method,
        independence=row.independence,
        result=row.result,
        words=row.words,
        answers=shown_answers(viewer, rules, row.answers) if rules else (),
        also=tuple(_title(each) for each in served.order_by("due", "id")),
        due=row.read_due,
        former=reading_lines(row),
    )


def _title(row: Look) -> Mapping[str, str]:
    """What the protocol calls it; nothing for a look that nobody planned."""
    plan = looking.plan_of(row)
    return plan.title if plan else {}

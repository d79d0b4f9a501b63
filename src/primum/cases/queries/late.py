"""What the clock passed on because it is late: to the supervisor's post, then to the leadership."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from primum.cases.models import Reminder
from primum.cases.queries.due import DueItem, due_items
from primum.people import queries
from primum.people.sight import Viewer, require

__all__ = ["LateItem", "escalated", "passed_on"]

SUPERVISOR, LEADERSHIP = 1, 2
"""The steps of a reminder after the first, which tells the post itself."""


@dataclass(frozen=True, slots=True)
class LateItem:
    """One thing that is still due, and since when it lies with somebody above its post."""

    item: DueItem
    since: datetime


def passed_on(
    viewer: Viewer, now: datetime, desk: Mapping[str, Collection[DueItem]]
) -> tuple[LateItem, ...]:
    """What was passed on to this viewer's posts and waits still; what is on their desk is not."""
    require(viewer)
    mine = queries.answers_for(viewer, now)
    own = {_key(item) for items in desk.values() for item in items}
    found = _told(Reminder.objects.filter(step__gte=SUPERVISOR, post__in=mine, at__lte=now))
    return tuple(
        late
        for late in _still(viewer, now, found)
        if late.item.post not in mine and _key(late.item) not in own
    )


def escalated(viewer: Viewer, now: datetime) -> tuple[LateItem, ...]:
    """What came to the leadership and waits still, as far as this viewer may know of it."""
    require(viewer)
    found = _told(Reminder.objects.filter(step=LEADERSHIP, at__lte=now))
    return _still(viewer, now, found)


Key = tuple[UUID, str]
"""What a reminder and a due thing have in common: the record it is about, and what is asked."""


def _key(item: DueItem) -> Key:
    return item.record, item.kind


def _told(reminders: Iterable[Reminder]) -> Mapping[Key, list[datetime]]:
    found: dict[Key, list[datetime]] = {}
    for row in reminders:
        found.setdefault((row.about, row.what), []).append(row.at)
    return found


def _still(
    viewer: Viewer, now: datetime, told: Mapping[Key, list[datetime]]
) -> tuple[LateItem, ...]:
    """Of what was told, what is due today; of a second round of the same, its own reminders."""
    if not told:
        return ()
    found = []
    for item in due_items(viewer, now):
        at = [moment for moment in told.get(_key(item), ()) if moment >= item.due]
        if at:
            found.append(LateItem(item, min(at)))
    return tuple(found)

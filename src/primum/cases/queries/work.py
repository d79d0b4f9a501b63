"""The queue of a post as a case for staffing: what waits, how long it takes, what would be left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from primum.cases.models import Look
from primum.cases.queries.due import DESK, LATER, DueItem, due_items
from primum.people import mission, queries
from primum.people.chairs import chairs
from primum.people.models import Holding, Seal
from primum.people.sight import Viewer, require

__all__ = ["GROUPS", "Group", "HolderLine", "Queue", "Task", "holders", "queue_of"]

GROUPS: Mapping[str, tuple[str, ...]] = {
    "decide": DESK["decide"],
    "assess": ("assess", "review", "assess_report"),
    "advise": ("advise",),
    "verify": ("verify", "reopened", "undertaking"),
    "answer_breach": ("answer_breach",),
    "look": DESK["look"],
    "read_look": ("read_look",),
    "authorities": DESK["authorities"],
}
"""The kinds of work that a mission states minutes for, and what on a desk is of each."""
WEEK, YEAR = timedelta(days=7), timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits for the post."""

    group: str
    kind: str
    record: UUID
    case: UUID
    case_kind: str
    title: str
    due: datetime
    month_only: bool
    """An unannounced look, for somebody who does not make it."""
    overdue: bool
    minutes: int | None
    left: bool = False
    """It does not fit into the time that the holders of today have."""


@dataclass(frozen=True, slots=True)
class Group:
    """All work of one kind."""

    name: str
    count: int
    overdue: int
    each: int | None
    minutes: int | None
    left: int


@dataclass(frozen=True, slots=True)
class HolderLine:
    """Who held the post from when to when."""

    name: str
    starts: datetime
    ends: datetime | None
    acting: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for a post until a day, as far as the viewer may know."""

    post: UUID
    until: datetime
    tasks: tuple[Task, ...]
    groups: tuple[Group, ...]
    holders: tuple[HolderLine, ...]
    seated: int
    falls_to: UUID | None
    """The post that does its work while nobody sits in it."""
    empty_days: int
    """On how many of the last 365 days nobody held or covered it."""
    minutes: int | None
    """What all of it takes; None where the mission states nothing."""
    capacity: int | None
    """What the holders of today have until then."""

    @property
    def unlooked(self) -> tuple[Task, ...]:
        """The looks that would not be made."""
        return tuple(task for task in self.tasks if task.left and task.group == "look")


def queue_of(viewer: Viewer, post: UUID, now: datetime) -> Queue | None:
    """The queue of a post; None where it is not this viewer's to see.

    What falls due within sixty days, in order of its day: what no longer fits is what is left.
    """
    require(viewer)
    if post not in queries.overseen(viewer, now):
        return None
    until, seats = now + LATER, chairs(now)
    seated = len(seats.seated.get(post, ()))
    tasks = _fitted(_tasks(viewer, post, now), _capacity(seated))
    falls_to = seats.falls_to(post)
    held = holders(viewer, post)
    return Queue(
        post=post,
        until=until,
        tasks=tasks,
        groups=tuple(group for name in GROUPS if (group := _group(name, tasks)).count),
        holders=held,
        seated=seated,
        falls_to=falls_to if falls_to != post else None,
        empty_days=_empty_days(held, now),
        minutes=_sum([task.minutes for task in tasks]),
        capacity=_capacity(seated),
    )


def holders(viewer: Viewer, post: UUID) -> tuple[HolderLine, ...]:
    """Everybody who held or covered a post, latest first. Who sits where is open to all."""
    require(viewer)
    rows = Holding.objects.filter(post=post).select_related("person").order_by("-starts", "id")
    return tuple(HolderLine(row.person.name, row.starts, row.ends, row.acting) for row in rows)


def _tasks(viewer: Viewer, post: UUID, now: datetime) -> Sequence[Task]:
    items = [
        item for item in due_items(viewer, now) if item.post == post and item.due <= now + LATER
    ]
    looks = [item.record for item in items if item.kind == "look"]
    hidden: set[UUID] = set()
    if post not in queries.answers_for(viewer, now):
        # Whose decision it is tells the stakes: it lies under a seal that not all above read.
        known = set(Seal.objects.filter(id__in={item.seal for item in items}).values_list("id"))
        items = [item for item in items if (item.seal,) in known]
        hidden = set(
            Look.objects.filter(id__in=looks, unannounced=True).values_list("id", flat=True)
        )
    found = [_task(item, now, month_only=item.record in hidden) for item in items]
    return sorted(found, key=lambda task: (task.due, str(task.record)))


def _task(item: DueItem, now: datetime, *, month_only: bool) -> Task:
    group = next(name for name, kinds in GROUPS.items() if item.kind in kinds)
    due = item.due
    overdue = due < now
    if month_only:
        # Of what comes unannounced the month is told: it is late once that is over.
        due = due.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        overdue = (due.year, due.month) < (now.year, now.month)
    return Task(
        group=group,
        kind=item.kind,
        record=item.record,
        case=item.case,
        case_kind=item.case_kind,
        title=item.title,
        due=due,
        month_only=month_only,
        overdue=overdue,
        minutes=mission.current().effort_minutes.get(group),
    )


def _fitted(tasks: Sequence[Task], capacity: int | None) -> tuple[Task, ...]:
    """Each task with whether it still fits, done in order of their days."""
    if capacity is None:
        return tuple(tasks)
    spent, found = 0, []
    for task in tasks:
        spent += task.minutes or 0
        found.append(replace(task, left=spent > capacity))
    return tuple(found)


def _capacity(seated: int) -> int | None:
    week = mission.current().effort_minutes.get("week")
    return None if week is None else round(seated * week * (LATER / WEEK))


def _group(name: str, tasks: Sequence[Task]) -> Group:
    mine = [task for task in tasks if task.group == name]
    return Group(
        name=name,
        count=len(mine),
        overdue=sum(task.overdue for task in mine),
        each=mission.current().effort_minutes.get(name),
        minutes=_sum([task.minutes for task in mine]),
        left=sum(task.left for task in mine),
    )


def _sum(minutes: Sequence[int | None]) -> int | None:
    """The sum; None as soon as the mission does not state one of them."""
    return None if None in minutes else sum(each for each in minutes if each is not None)


def _empty_days(held: Sequence[HolderLine], now: datetime) -> int:
    since, empty = now - YEAR, timedelta(0)
    for line in sorted(held, key=lambda line: line.starts):
        if line.starts > now:
            break
        empty += max(line.starts - since, timedelta(0))
        since = max(since, line.ends or now)
    return (empty + max(now - since, timedelta(0))).days

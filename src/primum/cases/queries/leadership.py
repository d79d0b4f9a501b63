"""What the leadership reads at 07:00: numbers that say what was not looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from primum.cases.models import Activity, Reminder, Tick
from primum.cases.queries.due import DueItem, due_items
from primum.core.vocabulary import Stage
from primum.people import queries
from primum.people.sight import Viewer, require

__all__ = ["Leadership", "Totals", "last_tick", "leadership"]


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over every request at component level, whoever asks: the engine's."""

    asked: int
    asked_before: int
    looks_due: int
    looks_made: int
    median_seconds: int | None
    undecided: int
    broken: int
    broken_answered: int
    breaches: int
    unconfirmed: int
    lapsed: int
    disowned: int

    @property
    def median_hours(self) -> float | None:
        return None if self.median_seconds is None else self.median_seconds / 3600


@dataclass(frozen=True, slots=True)
class Leadership:
    """The page: what needs a decision, what lapses soon, what nobody looked at, the numbers."""

    totals: Totals
    decide: tuple[DueItem, ...]
    lapsing: tuple[tuple[UUID, str, datetime], ...]
    unlooked: tuple[DueItem, ...]
    escalated: int
    vacant: tuple[queries.PostLine, ...]
    orphaned: int
    """Open things whose post is empty: they lie with the supervisor's post."""
    last_tick: datetime | None


def leadership(viewer: Viewer, now: datetime) -> Leadership:
    """The leadership's page for today, `now` being this morning."""
    require(viewer)
    items = due_items(viewer, now)
    posts = queries.post_lines(viewer, now)
    vacant = tuple(post for post in posts if post.vacant)
    empty = {post.id for post in vacant}
    week = now + timedelta(days=7)
    lapsing = Activity.objects.filter(
        stage__in=(Stage.DECIDED, Stage.UNDER_WAY), lease_end__gt=now, lease_end__lte=week
    ).order_by("lease_end")
    return Leadership(
        totals=_totals(now),
        decide=tuple(item for item in items if item.kind.startswith("decide")),
        lapsing=tuple(
            (row.id, row.title, row.lease_end) for row in lapsing if row.lease_end is not None
        ),
        unlooked=tuple(item for item in items if item.kind == "look" and item.overdue(now)),
        escalated=Reminder.objects.filter(step=2).values("about").distinct().count(),
        vacant=tuple(post for post in vacant if any(item.post == post.id for item in items)),
        orphaned=sum(item.post in empty for item in items),
        last_tick=last_tick(viewer),
    )


def last_tick(viewer: Viewer) -> datetime | None:
    """When the clock last ran. A stopped clock is shown, never hidden."""
    require(viewer)
    return Tick.objects.order_by("-at").values_list("at", flat=True).first()


def _totals(now: datetime) -> Totals:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM mission_totals(%s)", [now])
        return Totals(*cursor.fetchone())

"""What the leadership reads at 07:00: numbers that say what was not looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from primum.cases.models import Activity, Line, Reminder, ReportParty, Tick
from primum.cases.queries.audit import Group
from primum.cases.queries.due import DueItem, due_items, on_desk
from primum.cases.queries.numbers import Number, beside, drawn, numbers, queues
from primum.core.vocabulary import Stage
from primum.people import queries
from primum.people.sight import Viewer, require

__all__ = ["HarmLine", "Leadership", "Totals", "harm_of", "last_tick", "leadership"]


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
class HarmLine:
    """A report of harm by somebody of ours, or by somebody we support. A claim."""

    id: UUID
    at: datetime
    confidence: str
    parties: tuple[str, ...]
    ours: bool
    invented: bool


@dataclass(frozen=True, slots=True)
class Leadership:
    """The page: what needs a decision, what lapses soon, what nobody looked at, the numbers."""

    totals: Totals
    mine: tuple[DueItem, ...]
    """What this viewer decides, the hardest first."""
    decide: tuple[DueItem, ...]
    """What others decide."""
    harm: tuple[HarmLine, ...]
    """Heard in the last day, of us or of those we support, as far as this viewer reads it."""
    lapsing: tuple[tuple[UUID, str, datetime], ...]
    unlooked: tuple[DueItem, ...]
    escalated: int
    vacant: tuple[queries.PostLine, ...]
    orphaned: int
    """Open things whose post is empty: they lie with the supervisor's post."""
    last_tick: datetime | None
    numbers: tuple[Number, ...]
    beside: tuple[Number, ...]
    """Counts of what went wrong, in one line under the numbers."""
    queues: tuple[Group, ...]
    """What waits for each post, the longest queue a head first; for those who read the audit."""


def leadership(viewer: Viewer, now: datetime) -> Leadership:
    """The leadership's page for today, `now` being this morning."""
    require(viewer)
    items = due_items(viewer, now)
    lies = on_desk(viewer, items, now)
    steps = (item for item in lies["authorities"] if item.kind == APPROVE)
    mine = sorted((*lies["decide"], *steps), key=lambda item: _hardest(item, now))
    own = {(item.record, item.kind) for item in mine}
    posts = queries.post_lines(viewer, now)
    vacant = tuple(post for post in posts if post.vacant)
    empty = {post.id for post in vacant}
    week = now + timedelta(days=7)
    lapsing = Activity.objects.filter(
        stage__in=(Stage.DECIDED, Stage.UNDER_WAY), lease_end__gt=now, lease_end__lte=week
    ).order_by("lease_end")
    orphaned = sum(item.post in empty for item in items)
    figures = drawn(viewer, now)
    return Leadership(
        totals=_totals(now),
        mine=tuple(mine),
        decide=tuple(
            item
            for item in items
            if item.kind.startswith(("decide", APPROVE)) and (item.record, item.kind) not in own
        ),
        harm=harm_of(viewer, now - timedelta(days=1)),
        lapsing=tuple(
            (row.id, row.title, row.lease_end) for row in lapsing if row.lease_end is not None
        ),
        unlooked=tuple(item for item in items if item.kind == "look" and item.overdue(now)),
        escalated=Reminder.objects.filter(step=2).values("about").distinct().count(),
        vacant=tuple(post for post in vacant if any(item.post == post.id for item in items)),
        orphaned=orphaned,
        last_tick=last_tick(viewer),
        numbers=numbers(viewer, figures, orphaned, len(items), posts),
        beside=beside(viewer, figures),
        queues=queues(viewer, figures, now),
    )


APPROVE = "approve_rung"
"""A step of an intercession is decided by a second person, as a case is."""
HARD = ("decide_grave", "decide_broken", "confirm", "unconfirmed", APPROVE, "decide")


def _hardest(item: DueItem, now: datetime) -> tuple[bool, int, datetime]:
    """What is late first, then what is grave or broken, then what falls due soonest."""
    return not item.overdue(now), HARD.index(item.kind), item.due


def harm_of(viewer: Viewer, since: datetime) -> tuple[HarmLine, ...]:
    """Harm heard since then of our own components, or of those an activity supports."""
    require(viewer)
    named = ReportParty.objects.filter(report__kind="harm", report__at__gt=since)
    rows = list(named.select_related("report", "party").order_by("-report__at", "party__name"))
    lines = Line.objects.filter(party__in=[row.party_id for row in rows])
    supported = set(lines.values_list("party", flat=True))
    found: dict[UUID, HarmLine] = {}
    for row in rows:
        ours = row.party.kind == "own_component"
        if ours or row.party_id in supported:
            line = found.get(row.report_id) or HarmLine(
                row.report_id, row.report.at, row.report.confidence, (), False, row.report.invented
            )
            names = (*line.parties, row.party.name)
            found[row.report_id] = replace(line, parties=names, ours=line.ours or ours)
    return tuple(found.values())


def last_tick(viewer: Viewer) -> datetime | None:
    """When the clock last ran. A stopped clock is shown, never hidden."""
    require(viewer)
    return Tick.objects.order_by("-at").values_list("at", flat=True).first()


def _totals(now: datetime) -> Totals:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM mission_totals(%s)", [now])
        return Totals(*cursor.fetchone())

"""What the engine says of stops, of who commands, and of what a renewal still lacks: ids and dates.

Every row counts, whatever its seal; none of it says who, or why.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Max, Q

from primum.cases.models import Activity, Decision, Line, Renewal, Stop
from primum.core import vocabulary as v
from primum.core.guards import GOING, REVIEWED_AT, STOPPABLE

LATELY = timedelta(days=730)
"""How long a suspension raises the stakes of what is asked for the same party (SETTLED 38)."""


@dataclass(frozen=True, slots=True)
class Reopened:
    """A line whose commander or unit is another than the one that was decided on."""

    line: UUID
    changed: datetime
    learned: datetime
    assessed: bool


@dataclass(frozen=True, slots=True)
class Review:
    """Whether and why a case is judged once more while its approval runs."""

    changed: tuple[v.Changed, ...] = ()
    renewing: bool = False
    reviewed: bool = False
    owed_looks: tuple[v.Due, ...] = ()
    owed_commitments: tuple[v.Due, ...] = ()


def stopped(activity: UUID, at: datetime) -> tuple[v.Stopped, ...]:
    """The lines of an activity on which deliveries were suspended at this moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT line, scope, since FROM stops_on(%s, %s)", [activity, at])
        return tuple(sorted((v.Stopped(*row) for row in cursor.fetchall()), key=lambda s: s.since))


def left_out(activities: Collection[UUID], at: datetime) -> frozenset[UUID]:
    """The lines of these activities that the decision in force at this moment did not let go."""
    made = Decision.objects.filter(Decision.STANDS, choice__in=v.GOES, at__lte=at)
    rows = made.filter(activity__in=activities).order_by("at", "id")
    last = dict(rows.values_list("activity", "left_out"))
    return frozenset(line for lines in last.values() for line in lines)


def reopened(activities: Collection[UUID], at: datetime) -> Mapping[UUID, tuple[Reopened, ...]]:
    """By activity, the lines whose check a change of commander or unit has reopened (C3)."""
    found: dict[UUID, list[Reopened]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM command_changed(%s::uuid[], %s)", [list(activities), at])
        for activity, line, changed, learned, assessed in cursor.fetchall():
            since = datetime.combine(changed, time(), UTC)
            found.setdefault(activity, []).append(Reopened(line, since, learned, assessed))
    return {key: tuple(each) for key, each in found.items()}


def command_at(line: UUID, happened: datetime, now: datetime) -> str:
    """What a delivery on this line was, of whose commander nobody had decided: breach, exposure."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT command_at(%s, %s, %s)", [line, happened, now])
        row = cursor.fetchone()
    return str(row[0] or "") if row else ""


def suspended_lately(
    parties: Collection[UUID], now: datetime, but: UUID | None = None
) -> frozenset[UUID]:
    """Those of these parties to which support was suspended in two years, under any name of theirs.

    As far as the viewer may know of it; the gate in front of a delivery counts everything. `but`:
    an activity whose own suspensions are left out.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM stop_reach(%s::uuid[], %s)", [list(parties), now.date()])
        reach = cursor.fetchall()
    since = now - LATELY
    stops = Stop.objects.filter(started__gt=since)
    # NULL is not equal to anything: a stop of a party has no activity and is never left out.
    stops = stops.filter(~Q(activity=but) | Q(activity=None)) if but else stops
    rows = stops.values_list("scope", "party", "line__party")
    named = {(scope, party) for scope, party, _line in rows if party}
    wholes = Decision.objects.filter(kind="suspend", at__gt=since)
    wholes = wholes.exclude(activity=but) if but else wholes
    own = {line for _scope, _party, line in rows if line}
    own |= set(
        Line.objects.filter(activity__in=wholes.values("activity")).values_list("party", flat=True)
    )
    own |= {party for _scope, party in named}
    return frozenset(
        party
        for party, reached, how in reach
        if (how, reached) in named or (how == "unit" and reached in own)
    )


def earlier(parties: Collection[UUID], but: UUID, now: datetime) -> frozenset[str]:
    """What was decided before about these parties, under any name of theirs, as far as one sees.

    In the words of the question that asks for it: refused_before, suspended_before.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM stop_reach(%s::uuid[], %s)", [list(parties), now.date()])
        names = {reached for _party, reached, how in cursor.fetchall() if how == "unit"}
    others = Line.objects.filter(party__in=names).exclude(activity=but).values("activity")
    refused = Decision.objects.filter(Decision.STANDS, activity__in=others, choice="no")
    found = {"refused_before"} if refused.exists() else set()
    if suspended_lately(parties, now, but):
        found.add("suspended_before")
    return frozenset(found)


def review(activity: Activity, assessed: datetime | None, now: datetime) -> Review:
    """Why an approved case is judged again. `assessed`: its latest assessment, by the engine."""
    if activity.stage not in REVIEWED_AT:
        return Review()
    decided = last_decided(activity.id)
    asked = Renewal.objects.filter(activity=activity).aggregate(last=Max("at"))["last"]
    live = activity.stage in STOPPABLE
    found = reopened([activity.id], now).get(activity.id, ()) if live else ()
    owed = _owed(activity.id, now) if activity.stage in GOING else ()
    return Review(
        changed=tuple(v.Changed(each.line, each.changed) for each in found),
        renewing=asked is not None and (decided is None or asked > decided),
        reviewed=assessed is not None and decided is not None and assessed > decided,
        owed_looks=tuple(sorted(due for kind, due in owed if kind == "look")),
        owed_commitments=tuple(sorted(due for kind, due in owed if kind == "commitment")),
    )


def last_decided(activity: UUID) -> datetime | None:
    """When it was last decided on. “Not now” decides nothing."""
    made = Decision.objects.filter(Decision.STANDS, Q(kind="decide") & ~Q(choice="not_now"))
    last: datetime | None = made.filter(activity=activity).aggregate(last=Max("at"))["last"]
    return last


def _owed(activity: UUID, now: datetime) -> tuple[tuple[str, v.Due], ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, due, month_only FROM renewal_owed(%s, %s)", [activity, now])
        return tuple((kind, v.Due(due, month)) for kind, due, month in cursor.fetchall())

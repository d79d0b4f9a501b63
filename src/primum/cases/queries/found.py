"""What was found about a party: looks, promises that were not kept, lines that are stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from primum.cases import whereabouts
from primum.cases.models import Activity, Delivery, Line, Look
from primum.cases.queries.places import OwedAt, owed_in, said_of
from primum.people.sight import Viewer, require

__all__ = ["PartyFound", "StoppedFor", "found_of"]

WRONG = ("broken", "partly_kept", "could_not_check")
"""What became of promises that were not kept, or that nobody could check."""


@dataclass(frozen=True, slots=True)
class StoppedFor:
    """A line for this party that is suspended: that it is and since when, never why."""

    activity: UUID
    title: str
    what: str
    since: datetime


@dataclass(frozen=True, slots=True)
class PartyFound:
    """For one viewer, over all activities that bring something to this party.

    How many looks fell due and were made is told to whoever sees the activity; what one found
    follows its seal.
    """

    due: int
    made: int
    looks: tuple[OwedAt, ...]
    """What somebody found or could not see, of what this viewer reads, latest first."""
    promises: tuple[OwedAt, ...]
    stopped: tuple[StoppedFor, ...]
    breaches: int
    """Deliveries that no approval covered."""

    @property
    def refused(self) -> int:
        return sum(look.refused for look in self.looks)

    @property
    def grave(self) -> int:
        return sum(look.result == "grave" for look in self.looks)


def found_of(viewer: Viewer, party: UUID, now: datetime) -> PartyFound:
    """What looks, promises and deliveries for this party came to."""
    require(viewer)
    lines = Line.objects.filter(party=party)
    activities = Activity.objects.filter(id__in=lines.values("activity")).in_bulk()
    owed = owed_in(viewer, activities, now)
    planned = [each for each in owed if each.kind == "look" and each.state != "released"]
    past = [each for each in planned if each.state in ("made", "overdue")]
    looks = [each for each in planned if each.result or each.refused]
    looks += _unplanned(party)
    promises = [each for each in owed if each.kind == "commitment" and each.state in WRONG]
    return PartyFound(
        due=len(past),
        made=sum(each.state == "made" for each in past),
        looks=_latest(looks),
        promises=_latest(promises),
        stopped=_stopped(lines.in_bulk(), activities, now),
        breaches=Delivery.objects.filter(line__in=lines).exclude(breach="").count(),
    )


def _latest(owed: list[OwedAt]) -> tuple[OwedAt, ...]:
    return tuple(sorted(owed, key=lambda each: each.due, reverse=True))


def _unplanned(party: UUID) -> list[OwedAt]:
    """Visits to this party that nobody planned, of what one may read."""
    rows = Look.objects.filter(Look.IN_SIGHT, party=party, activity=None)
    return [
        said_of(OwedAt("look", None, "", row.made or row.due, False, row.state), row, None)
        for row in rows.select_related(*whereabouts.WITH)
    ]


STOPS = """
SELECT a.id, s.line, min(s.since)
FROM unnest(%s::uuid[]) AS a(id), LATERAL stops_on(a.id, %s) AS s GROUP BY a.id, s.line
"""


def _stopped(
    lines: Mapping[UUID, Line], activities: Mapping[UUID, Activity], now: datetime
) -> tuple[StoppedFor, ...]:
    """By the engine, whatever the seal of the stop: who sees a line sees that it is stopped."""
    with connection.cursor() as cursor:
        cursor.execute(STOPS, [list(activities), now])
        rows = cursor.fetchall()
    found = [
        StoppedFor(activity, activities[activity].title, lines[line].what, since)
        for activity, line, since in rows
        if line in lines
    ]
    return tuple(sorted(found, key=lambda each: (each.since, each.what), reverse=True))

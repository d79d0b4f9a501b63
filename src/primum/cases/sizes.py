"""How much a case brings, alone and beside what the same parties were approved for or ask for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from primum.cases import rungs
from primum.cases.models import Activity, Decision, Entry, Line
from primum.core.authority import Amount, Size, split_under_a_limit
from primum.core.vocabulary import Stage
from primum.people import mission
from primum.people.sight import Viewer, require

YEAR = timedelta(days=365)
LATELY = timedelta(days=90)
GOES = ("go", "go_with_conditions")
REFUSED = (Stage.NOT_DONE, Stage.WITHDRAWN)


def sizes_of(viewer: Viewer, activities: Collection[UUID], now: datetime) -> Mapping[UUID, Size]:
    """What each of these cases brings, and what its parties received in twelve months before."""
    require(viewer)
    lines: dict[UUID, list[Line]] = {key: [] for key in activities}
    for line in Line.objects.filter(activity__in=activities):
        lines[line.activity_id].append(line)
    parties = {line.party_id for each in lines.values() for line in each}
    given = list(
        Line.objects.filter(
            party__in=parties, activity__in=_approved(now - YEAR).values("activity")
        ).values_list("activity", "party", "value_usd")
    )
    stopped = Decision.objects.filter(kind="suspend", at__gt=now - 2 * YEAR).values("activity")
    suspended = set(
        Line.objects.filter(party__in=parties, activity__in=stopped).values_list("party", flat=True)
    )
    suspended |= rungs.interceded_lately(viewer, parties, now)
    return {key: _size(key, own, given, suspended) for key, own in lines.items()}


def _size(
    key: UUID, lines: list[Line], given: list[tuple[UUID, UUID, int]], suspended: set[UUID]
) -> Size:
    parties = {line.party_id for line in lines}
    return Size(
        kinds=frozenset(line.kind for line in lines),
        lethal=any(line.lethal for line in lines),
        people=sum(line.people for line in lines),
        value_usd=sum(line.value_usd for line in lines),
        party_year_usd=sum(
            value for activity, party, value in given if activity != key and party in parties
        ),
        suspended_lately=bool(parties & suspended),
    )


def splits(viewer: Viewer, activity: UUID, now: datetime) -> bool:
    """Whether it looks like one request cut into several that each stay under an ordinary limit.

    The others are requests to the same parties, proposed or approved in the last 90 days and not
    refused since, as far as this viewer may see.
    """
    require(viewer)
    parties = Line.objects.filter(activity=activity).values("party")
    proposed = Entry.objects.filter(verb="propose", at__gt=now - LATELY).values("case")
    others = (
        Activity.objects.filter(lines__party__in=parties)
        .filter(
            Q(id__in=_approved(now - LATELY).values("activity"))
            | (Q(id__in=proposed) & ~Q(stage__in=REFUSED))
        )
        .exclude(id=activity)
        .values_list("id", flat=True)
        .distinct()
    )
    amounts = _amounts([activity, *others])
    return split_under_a_limit(amounts.pop(activity), amounts.values(), mission.current().stakes)


def _amounts(activities: Iterable[UUID]) -> dict[UUID, Amount]:
    found = {key: Amount(0, 0) for key in activities}
    rows = Line.objects.filter(activity__in=found).values_list("activity", "people", "value_usd")
    for key, people, value in rows:
        found[key] = Amount(found[key].people + people, found[key].value_usd + value)
    return found


def _approved(since: datetime) -> QuerySet[Decision]:
    return Decision.objects.filter(kind="decide", choice__in=GOES, at__gt=since)

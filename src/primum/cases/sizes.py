"""How much a case brings, alone and beside what the same parties were approved for or ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from primum.cases import rungs, standing
from primum.cases.models import Activity, Decision, Entry, Line
from primum.core.authority import Amount, Size, split_under_a_limit
from primum.core.vocabulary import GOES, Stage
from primum.people import mission
from primum.people.sight import Viewer, require

YEAR = timedelta(days=365)
LATELY = timedelta(days=90)
REFUSED = (Stage.NOT_DONE, Stage.WITHDRAWN)


def sizes_of(viewer: Viewer, activities: Collection[UUID], now: datetime) -> Mapping[UUID, Size]:
    """What each of these cases brings, and what its parties received in twelve months before."""
    require(viewer)
    lines: dict[UUID, list[Line]] = {key: [] for key in activities}
    for line in Line.objects.filter(activity__in=activities):
        lines[line.activity_id].append(line)
    parties = {line.party_id for each in lines.values() for line in each}
    # Each approval brings it once more: what is renewed adds up as what is asked for apart does.
    approved = list(_approved(now - YEAR).values_list("activity", "left_out"))
    times = Counter(activity for activity, _left in approved)
    left = Counter(line for _activity, lines in approved for line in lines)
    rows = Line.objects.filter(party__in=parties, activity__in=times)
    given = [
        (row.party_id, row.value_usd * (times[row.activity_id] - left[row.id])) for row in rows
    ]
    suspended = standing.suspended_lately(parties, now) | rungs.interceded_lately(
        viewer, parties, now
    )
    return {key: _size(own, given, suspended) for key, own in lines.items()}


def _size(lines: list[Line], given: list[tuple[UUID, int]], suspended: Collection[UUID]) -> Size:
    parties = {line.party_id for line in lines}
    return Size(
        kinds=frozenset(line.kind for line in lines),
        lethal=any(line.lethal for line in lines),
        people=sum(line.people for line in lines),
        value_usd=sum(line.value_usd for line in lines),
        party_year_usd=sum(value for party, value in given if party in parties),
        suspended_lately=bool(parties & set(suspended)),
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
    return Decision.objects.filter(Decision.STANDS, kind="decide", choice__in=GOES, at__gt=since)

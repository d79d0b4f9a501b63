"""A post's month: what it must look at, place by place, the gravest first; what to check there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from django.db.models import Q, QuerySet

from primum.cases import facts, hands, whereabouts
from primum.cases.models import Activity, Assessment, Commitment, Look
from primum.core.vocabulary import Stakes, Text
from primum.people import queries
from primum.people.chairs import chairs
from primum.people.sight import Viewer, require
from primum.register.models import Place

__all__ = ["CheckAt", "Halt", "LookAt", "MonthPlan", "month_plan", "stakes_seen"]

MONTHS = 12
Urgency = tuple[bool, int, datetime]
"""What comes first: the overdue, then the highest stakes, then the soonest."""


@dataclass(frozen=True, slots=True)
class LookAt:
    """One look to make."""

    id: UUID
    activity: UUID | None
    title: str
    says: Text
    """Empty for a look that nobody planned."""
    post: UUID
    due: datetime
    overdue: bool
    unannounced: bool
    stakes: str
    """Empty where this viewer does not read them."""

    @property
    def urgency(self) -> Urgency:
        rank = Stakes[self.stakes.upper()] if self.stakes else -1
        return not self.overdue, -rank, self.due


@dataclass(frozen=True, slots=True)
class CheckAt:
    """One commitment to check on the same trip."""

    id: UUID
    activity: UUID
    title: str
    text: Text
    due: datetime
    overdue: bool
    verifier: UUID

    @property
    def urgency(self) -> Urgency:
        return not self.overdue, 0, self.due


@dataclass(frozen=True, slots=True)
class Halt:
    """One place on the route; none where an activity names no place."""

    place: UUID | None
    names: Text | None
    area: Text | None
    looks: tuple[LookAt, ...]
    checks: tuple[CheckAt, ...]

    @property
    def urgency(self) -> Urgency:
        looks = [each.urgency for each in self.looks]
        return min([*looks, *(each.urgency for each in self.checks)])


@dataclass(frozen=True, slots=True)
class MonthPlan:
    """The route of one post in one month."""

    post: UUID
    month: date
    before: date
    after: date
    stops: tuple[Halt, ...]
    own: bool
    """Whether the viewer is who looks: else what comes unannounced is left out, there or not."""

    @property
    def looks(self) -> int:
        return sum(len(stop.looks) for stop in self.stops)

    @property
    def checks(self) -> int:
        return sum(len(stop.checks) for stop in self.stops)


def month_plan(viewer: Viewer, post: UUID, month: date, now: datetime) -> MonthPlan | None:
    """The plan of a post and of those whose work falls to it; None where it is not theirs to see.

    What is overdue belongs to the month of today. An unannounced look is on the plan of those who
    make it and on no other.
    """
    require(viewer)
    if post not in queries.overseen(viewer, now):
        return None
    first, following = month.replace(day=1), _shift(month, 1)
    posts = chairs(now).falling_on(post) | {post}
    mine = queries.answers_for(viewer, now)
    window = Q(due__lt=_start(following))
    if first != now.date().replace(day=1):
        window &= Q(due__gte=_start(first))
    looks = _looks(viewer, Look.objects.filter(window, post__in=posts), mine, now)
    at = {row.place_id for row in looks if row.place_id}
    own = Q(window, verifier__in=posts)
    owed = Commitment.objects.filter(own | Q(activity__place__in=at), Commitment.STILL_OWED)
    return MonthPlan(
        post=post,
        month=first,
        before=_shift(month, -1),
        after=following,
        stops=_route(viewer, looks, list(owed.select_related("activity__place")), now),
        own=posts <= mine,
    )


def _looks(
    viewer: Viewer, rows: QuerySet[Look], mine: Collection[UUID], now: datetime
) -> Sequence[Look]:
    """Those still to make; what comes unannounced for those alone who make it."""
    still = rows.filter(Look.IN_SIGHT, state=Look.State.OPEN).select_related(*whereabouts.WITH)
    return [row for row in still if not row.unannounced or row.post_id in mine]


def stakes_seen(
    viewer: Viewer, activities: Collection[Activity], now: datetime
) -> Mapping[UUID, str]:
    """The stakes of these activities, where this viewer reads their assessment; never of an own."""
    require(viewer)
    judged = facts.judged([row.id for row in activities])
    keys = [found.assessment for found in judged.values()]
    known = dict(Assessment.objects.filter(id__in=keys).values_list("activity", "stakes"))
    owners = hands.owners(activities, now)
    return {
        row.id: known[row.id]
        for row in activities
        if known.get(row.id) and viewer.person not in owners[row.id]
    }


Where = UUID | None


def _route(
    viewer: Viewer, looks: Sequence[Look], owed: Sequence[Commitment], now: datetime
) -> tuple[Halt, ...]:
    """Place by place, the most urgent first; the places of one area follow each other."""
    activities = {row.activity.id: row.activity for row in looks if row.activity}
    stakes = stakes_seen(viewer, list(activities.values()), now)
    to_look: dict[Where, list[LookAt]] = defaultdict(list)
    for row in looks:
        to_look[row.place_id].append(_look(row, stakes, now))
    to_check: dict[Where, list[CheckAt]] = defaultdict(list)
    for each in owed:
        to_check[each.activity.place_id].append(_check(each, now))
    places = Place.objects.in_bulk([key for key in {*to_look, *to_check} if key])
    areas = Place.objects.in_bulk([row.inside_id for row in places.values() if row.inside_id])
    stops = [
        _stop(places.get(key) if key else None, areas, to_look[key], to_check[key])
        for key in {*to_look, *to_check}
    ]
    first: dict[str, Urgency] = {}
    for stop in stops:
        area = str(stop.area)
        first[area] = min(first.get(area, stop.urgency), stop.urgency)
    return tuple(
        sorted(stops, key=lambda s: (first[str(s.area)], str(s.area), s.urgency, str(s.place)))
    )


def _stop(
    place: Place | None,
    areas: Mapping[UUID, Place],
    looks: Iterable[LookAt],
    checks: Iterable[CheckAt],
) -> Halt:
    area = areas.get(place.inside_id) if place and place.inside_id else None
    return Halt(
        place=place.id if place else None,
        names=place.names if place else None,
        area=area.names if area else None,
        looks=tuple(sorted(looks, key=lambda each: (each.urgency, str(each.id)))),
        checks=tuple(sorted(checks, key=lambda each: (each.urgency, str(each.id)))),
    )


def _look(row: Look, stakes: Mapping[UUID, str], now: datetime) -> LookAt:
    return LookAt(
        id=row.id,
        activity=row.activity_id,
        title=whereabouts.case_of(row),
        says=whereabouts.says_of(row),
        post=row.post_id,
        due=row.due,
        overdue=row.due < now,
        unannounced=row.unannounced,
        stakes=stakes.get(row.activity_id, "") if row.activity_id else "",
    )


def _check(row: Commitment, now: datetime) -> CheckAt:
    return CheckAt(
        id=row.id,
        activity=row.activity_id,
        title=row.activity.title,
        text=row.text,
        due=row.due,
        overdue=row.due < now,
        verifier=row.verifier_id,
    )


def _shift(month: date, by: int) -> date:
    """The first day of the month so many months later."""
    years, number = divmod(month.year * MONTHS + month.month - 1 + by, MONTHS)
    return date(years, number + 1, 1)


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)

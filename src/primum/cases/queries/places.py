"""A place over the years: what the mission did there, looked at, was promised and was told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection

from primum.cases import whereabouts
from primum.cases.models import Activity, Commitment, Line, Look
from primum.cases.queries import lists
from primum.cases.queries.due import LATER
from primum.core.vocabulary import Text
from primum.people import queries
from primum.people.sight import Viewer, require
from primum.register import queries as register

__all__ = [
    "NOT_MADE",
    "YEARS",
    "ActivityAt",
    "OwedAt",
    "PartyAt",
    "PlaceYears",
    "Year",
    "activities_at",
    "owed_in",
    "years_of",
]

NOT_MADE = ("refused", "could_not")
YEARS = 3
"""How many years stand on one page."""


@dataclass(frozen=True, slots=True)
class ActivityAt:
    """Something the mission does or did at a place."""

    id: UUID
    title: str
    stage: str
    owner: UUID
    place: Text | None
    """Where, when it is not the very place asked for but inside it."""
    invented: bool


@dataclass(frozen=True, slots=True)
class OwedAt:
    """A look or a commitment: that it exists and where it stands; what it says, if one may know."""

    kind: str
    activity: UUID | None
    """None for a look that nobody planned."""
    title: str
    due: datetime
    month_only: bool
    state: str
    says: Text | None = None
    post: UUID | None = None
    words: str = ""
    result: str = ""
    refused: int = 0
    """How often access was refused or the look could not be made, where one may know."""
    mine: UUID | None = None
    """The look itself, where it waits for this viewer."""


@dataclass(frozen=True, slots=True)
class Year:
    """Everything of one year at one place, for one viewer."""

    year: int
    activities: tuple[ActivityAt, ...]
    looks: tuple[OwedAt, ...]
    commitments: tuple[OwedAt, ...]
    reports: tuple[lists.ReportLine, ...]

    @property
    def made(self) -> int:
        """Of those that were planned: a visit more does not make up for one that was owed."""
        return sum(look.state == "made" for look in self.looks if look.activity)

    @property
    def due(self) -> int:
        """What was to be looked at: all but what a decision released."""
        return sum(look.state != "released" for look in self.looks if look.activity)

    @property
    def refused(self) -> int:
        return sum(look.refused for look in self.looks)


@dataclass(frozen=True, slots=True)
class PartyAt:
    """A party that something at a place was for."""

    id: UUID
    name: str
    invented: bool


@dataclass(frozen=True, slots=True)
class PlaceYears:
    """What is still to come, then year by year, newest first; and where earlier years begin."""

    coming: tuple[OwedAt, ...]
    years: tuple[Year, ...]
    earlier: int | None
    """The year before which there is more."""
    parties: tuple[PartyAt, ...]


def years_of(viewer: Viewer, place: UUID, now: datetime, before: int | None = None) -> PlaceYears:
    """The years of a place and of all that lies inside it, as far as this viewer may know.

    That a look or a commitment exists is known to whoever sees its activity; what it says follows
    its seal. Reports are those this viewer sees, and no others are counted.
    """
    require(viewer)
    within = register.places_within(viewer, place)
    rows = Activity.objects.filter(place__in=within).select_related("place").order_by("starts")
    activities = list(rows)
    owed = owed_in(viewer, {row.id: row for row in activities}, now)
    owed = tuple(sorted((*owed, *_unplanned(viewer, within, now)), key=lambda each: each.due))
    past = [each for each in owed if not _to_come(each, now)]
    reports = lists.reports_at(viewer, within)
    there = {row.starts.year for row in activities} | {each.due.year for each in past}
    there |= {report.heard.year for report in reports}
    every = sorted((year for year in there if before is None or year < before), reverse=True)
    shown = every[:YEARS]
    return PlaceYears(
        coming=tuple(each for each in owed if _to_come(each, now)),
        years=tuple(
            Year(
                year=year,
                activities=tuple(
                    _activity(row, place) for row in activities if row.starts.year == year
                ),
                looks=_of_year(past, "look", year),
                commitments=_of_year(past, "commitment", year),
                reports=tuple(each for each in reports if each.heard.year == year),
            )
            for year in shown
        ),
        earlier=shown[-1] if len(every) > YEARS else None,
        parties=_parties(activities),
    )


def activities_at(viewer: Viewer, place: UUID) -> tuple[tuple[UUID, str], ...]:
    """What was done at a place or inside it, newest first: what a building was built under."""
    require(viewer)
    within = register.places_within(viewer, place)
    rows = Activity.objects.filter(place__in=within).order_by("-starts", "id")
    return tuple(rows.values_list("id", "title"))


def _to_come(owed: OwedAt, now: datetime) -> bool:
    """Still open, and not to be done before today: of an unannounced look the month is known."""
    if owed.state != "open":
        return False
    if owed.month_only:
        return (owed.due.year, owed.due.month) >= (now.year, now.month)
    return owed.due > now


def _of_year(owed: Sequence[OwedAt], kind: str, year: int) -> tuple[OwedAt, ...]:
    return tuple(each for each in owed if each.kind == kind and each.due.year == year)


def _activity(row: Activity, asked: UUID) -> ActivityAt:
    elsewhere = row.place is not None and row.place_id != asked
    return ActivityAt(
        id=row.id,
        title=row.title,
        stage=row.stage,
        owner=row.owner_id,
        place=row.place.names if elsewhere and row.place else None,
        invented=row.invented,
    )


PULSES = """
SELECT a.id, p.kind, p.record, p.due, p.unannounced, p.state
FROM unnest(%s::uuid[]) AS a(id), LATERAL activity_pulse(a.id, %s) AS p ORDER BY p.due, p.record
"""


def owed_in(
    viewer: Viewer, activities: Mapping[UUID, Activity], now: datetime
) -> tuple[OwedAt, ...]:
    """Every look and commitment there is, and of those one may read what they say."""
    require(viewer)
    with connection.cursor() as cursor:
        cursor.execute(PULSES, [list(activities), now])
        pulses = cursor.fetchall()
    keys = [pulse[2] for pulse in pulses]
    looks = Look.objects.select_related(*whereabouts.WITH).in_bulk(keys)
    owed = Commitment.objects.in_bulk(keys)
    posts = queries.answers_for(viewer, now)
    mine = {
        row.id
        for row in looks.values()
        if row.state == Look.State.OPEN and row.post_id in posts and row.due <= now + LATER
    }
    return tuple(
        _line(pulse, activities[pulse[0]], looks.get(pulse[2]) or owed.get(pulse[2]), mine)
        for pulse in pulses
    )


def _unplanned(viewer: Viewer, places: Collection[UUID], now: datetime) -> Iterator[OwedAt]:
    """Visits that nobody planned, where one may read what they found; an open one is to be tried
    again."""
    posts = queries.answers_for(viewer, now)
    for row in whereabouts.looks_at(places).filter(activity=None):
        still = row.state == Look.State.OPEN
        plain = OwedAt("look", None, "", row.made or row.due, False, row.state)
        yield said_of(plain, row, row.id if still and row.post_id in posts else None)


Pulse = tuple[UUID, str, UUID, datetime, bool, str]


def _line(
    pulse: Pulse,
    activity: Activity,
    row: Look | Commitment | None,
    mine: Collection[UUID],
) -> OwedAt:
    _activity, kind, record, due, unannounced, state = pulse
    plain = OwedAt(
        kind=kind,
        activity=activity.id,
        title=activity.title,
        due=due,
        month_only=unannounced and state in ("open", "overdue"),
        state=state,
    )
    match row:
        case Look():
            return said_of(plain, row, record if record in mine else None)
        case Commitment():
            return replace(plain, says=row.text, post=row.verifier_id, words=row.words)
    return plain


def said_of(plain: OwedAt, row: Look, mine: UUID | None) -> OwedAt:
    """A look with what it says, for those who may read it."""
    return replace(
        plain,
        says=whereabouts.says_of(row),
        post=row.post_id,
        words=row.words,
        result=row.result,
        refused=sum(each.get("result") in NOT_MADE for each in row.attempts),
        mine=mine,
    )


def _parties(activities: Collection[Activity]) -> tuple[PartyAt, ...]:
    rows = Line.objects.filter(activity__in=activities).order_by("party__name", "party_id")
    columns = rows.values_list("party_id", "party__name", "party__invented").distinct()
    return tuple(PartyAt(*row) for row in columns)

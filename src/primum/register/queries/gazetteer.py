"""Places: the list, what one is and lies in, what a building is for and in whose hands it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from primum.people import mission
from primum.people.sight import Viewer, require
from primum.register.models import Custodian, Facility, Place
from primum.register.paging import page_of
from primum.register.queries.parties import too_short

__all__ = [
    "CustodianLine",
    "FacilityLine",
    "PlaceLine",
    "PlacePage",
    "custodians",
    "facility_of",
    "find_places",
    "place_kinds",
    "place_page",
    "places_within",
]

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place in a list."""

    id: UUID
    names: Names
    kind: str
    inside: Names | None


@dataclass(frozen=True, slots=True)
class PlacePage:
    """What a place is called, what it is, what it lies in and what lies in it."""

    id: UUID
    names: Names
    kind: str
    inside: PlaceLine | None
    holds: tuple[PlaceLine, ...]


@dataclass(frozen=True, slots=True)
class FacilityLine:
    """What was last written down of a building."""

    id: UUID
    built_under: UUID | None
    handed_over: date | None
    agreed_uses: tuple[str, ...]
    forbidden_uses: tuple[str, ...]
    capacity: int | None
    holding_hours: int | None
    any_time: str
    private_talks: str
    access_words: str
    looker: UUID
    post: UUID
    at: datetime
    former: bool
    """Something was written before, which this takes the place of."""


@dataclass(frozen=True, slots=True)
class CustodianLine:
    """Who has a building from which day to which, and who says so."""

    id: UUID
    party: UUID
    name: str
    invented: bool
    starts: date
    ends: date | None
    source: str
    post: UUID
    at: datetime
    stands: bool
    """False for one that was corrected: it is shown and counts no more."""

    def on(self, day: date) -> bool:
        """Whether it is theirs on this day, first and last day included."""
        return self.stands and self.starts <= day and (self.ends is None or day <= self.ends)


def find_places(
    viewer: Viewer, words: str, kind: str = "", after: str = ""
) -> tuple[PlaceLine, ...]:
    """Places by any of their names or their code; one line more than a page is a next page."""
    require(viewer)
    if too_short(words):
        return ()
    rows = Place.objects.all()
    if words.strip():
        rows = rows.filter(_named(words.strip()))
    if kind:
        rows = rows.filter(kind=kind)
    found = page_of(rows, ("code", "id"), after)
    above = dict(
        Place.objects.filter(id__in={row.inside_id for row in found}).values_list("id", "names")
    )
    return tuple(_line(row, above) for row in found)


def place_kinds(viewer: Viewer) -> tuple[str, ...]:
    """The kinds of place that this viewer's places are of."""
    require(viewer)
    return tuple(Place.objects.order_by("kind").values_list("kind", flat=True).distinct())


def place_page(viewer: Viewer, key: UUID) -> PlacePage | None:
    """One place, or None when there is no such place for this viewer."""
    require(viewer)
    row = Place.objects.filter(id=key).first()
    if row is None:
        return None
    inside = Place.objects.filter(id=row.inside_id).first() if row.inside_id else None
    holds = Place.objects.filter(inside=row).order_by("code")
    return PlacePage(
        id=row.id,
        names=row.names,
        kind=row.kind,
        inside=_line(inside, {}) if inside else None,
        holds=tuple(_line(each, {}) for each in holds),
    )


def places_within(viewer: Viewer, key: UUID) -> frozenset[UUID]:
    """A place and everything inside it, as far as this viewer knows of it."""
    require(viewer)
    found: set[UUID] = set()
    edge = {key}
    while edge:
        found |= edge
        inside = Place.objects.filter(inside__in=edge).values_list("id", flat=True)
        edge = set(inside) - found
    return frozenset(found)


def facility_of(viewer: Viewer, place: UUID) -> FacilityLine | None:
    """What stands written of a building; None where nobody has written anything."""
    require(viewer)
    rows = Facility.objects.filter(Facility.STANDS, place=place).select_related("by")
    row = rows.first()
    if row is None:
        return None
    return FacilityLine(
        id=row.id,
        built_under=row.built_under,
        handed_over=row.handed_over,
        agreed_uses=tuple(row.agreed_uses),
        forbidden_uses=tuple(row.forbidden_uses),
        capacity=row.capacity,
        holding_hours=row.holding_hours,
        any_time=row.any_time,
        private_talks=row.private_talks,
        access_words=row.access_words,
        looker=row.looker_id,
        post=row.by.post_id,
        at=row.at,
        former=row.supersedes_id is not None,
    )


def custodians(viewer: Viewer, place: UUID) -> tuple[CustodianLine, ...]:
    """Everybody who had the building, latest first, those that were corrected too."""
    require(viewer)
    rows = Custodian.objects.filter(place=place).select_related("party", "by")
    return tuple(_custodians(rows.order_by("-starts", "-at", "id")))


def _custodians(rows: Iterable[Custodian]) -> Iterable[CustodianLine]:
    for row in rows:
        yield CustodianLine(
            id=row.id,
            party=row.party_id,
            name=row.party.name,
            invented=row.party.invented,
            starts=row.starts,
            ends=row.ends,
            source=row.source,
            post=row.by.post_id,
            at=row.at,
            stands=row.corrected_by_id is None,
        )


def _named(words: str) -> Q:
    found = Q(code__icontains=words)
    for language in mission.current().languages:
        found |= Q(**{f"names__{language}__icontains": words})
    return found


def _line(row: Place, above: Mapping[UUID, Names]) -> PlaceLine:
    # What a place lies in may be sealed where the place itself is not.
    return PlaceLine(
        row.id, row.names, row.kind, above.get(row.inside_id) if row.inside_id else None
    )

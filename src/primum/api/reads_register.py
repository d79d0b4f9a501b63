"""Reads of the register: parties, places, published support, and who is the same as whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from primum.api import gates
from primum.api.operations import Read
from primum.cases.queries import activity as one
from primum.cases.queries import lists, shapes
from primum.cases.queries import places as over_years
from primum.cases.queries.found import PartyFound, found_of
from primum.cases.queries.party import PartySupport, support_of
from primum.cases.queries.wholes import Whole, whole
from primum.people import queries as people
from primum.people.sight import Viewer
from primum.register import queries as register

SHOWN: Final = 100
"""Lines of support on a party; its activities list them all."""


@dataclass(frozen=True, slots=True)
class ChainUnit:
    """A unit above (below nought) or below the one that was asked for, and how sure."""

    id: str
    name: str
    generation: int
    holding: str | None


@dataclass(frozen=True, slots=True)
class Commander:
    """Who commanded the unit, in the publisher's words, and how sure for that day."""

    person: str
    name: str
    role: str
    rank: str
    holding: str | None


@dataclass(frozen=True, slots=True)
class ChainPage:
    """The chain of command of a unit on a day, or over all time."""

    unit: UUID
    on: date | None
    units: tuple[ChainUnit, ...]
    commanders: tuple[Commander, ...]
    unsettled: int
    """Ties that no source settles for that day."""


@dataclass(frozen=True, slots=True)
class PlaceNow:
    """A place, what its building is for, who looks at it, and in whose hands it is."""

    place: register.PlacePage
    building: register.FacilityLine | None
    """`built_under` is the activity that built it, for those who may know of that."""
    looker: people.Seated | None
    custodian: register.CustodianLine | None
    """Who has it on the day that was asked for, or today."""
    custodians: tuple[register.CustodianLine, ...]


def parties(
    viewer: Viewer, _now: datetime, after: str, *, words: str = "", kind: str = ""
) -> Sequence[register.PartyLine]:
    """Parties by any of their names, accents and punctuation folded; by kind."""
    return register.find(viewer, words, kind, after)


def party(viewer: Viewer, _now: datetime, party: UUID) -> register.PartyPage | None:
    """What is known of a party, and from where."""
    return register.party_page(viewer, party)


def party_support(viewer: Viewer, now: datetime, party: UUID) -> PartySupport:
    """What the mission gives a party: delivered, approved, asked for."""
    return support_of(viewer, party, SHOWN, now)


def party_found(viewer: Viewer, now: datetime, party: UUID) -> PartyFound:
    """What looks, promises and deliveries for a party came to, as far as this post may know."""
    return found_of(viewer, party, now)


def party_whole(viewer: Viewer, now: datetime, party: UUID) -> Whole | None:
    """What was found of the force as a whole; not there where nothing was."""
    return whole(viewer, party, now)


def party_chain(
    viewer: Viewer, _now: datetime, party: UUID, *, on: date | None = None
) -> ChainPage:
    """The chain of command of a unit on a day, or over all time."""
    chain, names, posted = register.chain_of(viewer, party, on)
    return ChainPage(
        unit=party,
        on=on,
        units=tuple(
            ChainUnit(node.id, names.get(node.id, ""), node.generation, node.holding)
            for node in chain.nodes
            if node.id != chain.unit
        ),
        commanders=tuple(
            Commander(
                each.posting.person,
                names.get(each.posting.person, ""),
                each.posting.role,
                each.posting.rank,
                each.holding,
            )
            for each in posted
        ),
        unsettled=len(chain.unknown),
    )


def party_postings(
    viewer: Viewer, _now: datetime, after: str, *, party: UUID
) -> Sequence[register.PostingLine]:
    """Who served in a unit, or where a person served, latest first."""
    return register.postings(viewer, party, after)


def party_reports(
    viewer: Viewer, _now: datetime, after: str, *, party: UUID
) -> Sequence[lists.ReportLine]:
    """Reports that name a party, as far as this post may know, newest first."""
    return lists.reports_of(viewer, party, after)


def party_sources(
    viewer: Viewer, _now: datetime, after: str, *, party: UUID
) -> Sequence[register.SourceLine]:
    """Where the ties of a party come from, by title."""
    return register.party_sources(viewer, party, after)


def party_timeline(
    viewer: Viewer, _now: datetime, after: str, *, party: UUID
) -> Sequence[shapes.EntryLine]:
    """What was done about a party, by which post, newest first."""
    return one.entries(viewer, party, after)


def support(
    viewer: Viewer,
    _now: datetime,
    after: str,
    *,
    wanted: register.SupportFilter,
) -> Sequence[register.SupportLine]:
    """Support that other donors published, latest year first."""
    return register.support(viewer, wanted, after)


def support_sets(viewer: Viewer, _now: datetime) -> tuple[register.SupportSet, ...]:
    """The published sets that those rows come from, and whose they are."""
    return register.support_sets(viewer)


def matches(
    viewer: Viewer, _now: datetime, after: str, *, state: str = "proposed", words: str = ""
) -> Sequence[register.MatchLine]:
    """“Are these two the same?”: proposed, confirmed or refused."""
    return register.match_page(viewer, state, words, after)


def places(
    viewer: Viewer, _now: datetime, after: str, *, words: str = "", kind: str = ""
) -> Sequence[register.PlaceLine]:
    """Places by any of their names or their code; by kind."""
    return register.find_places(viewer, words, kind, after)


def place(viewer: Viewer, now: datetime, place: UUID, *, on: date | None = None) -> PlaceNow | None:
    """One place: what it lies in, what its building is for, and in whose hands it is on a day."""
    shown = register.place_page(viewer, place)
    if shown is None:
        return None
    held = register.custodians(viewer, place)
    building = register.facility_of(viewer, place)
    day = on or now.date()
    return PlaceNow(
        place=shown,
        building=building and _as_known(viewer, building),
        looker=people.seat_of(viewer, building.looker, now) if building else None,
        custodian=next((each for each in held if each.on(day)), None),
        custodians=held,
    )


def _as_known(viewer: Viewer, found: register.FacilityLine) -> register.FacilityLine:
    """Without the key of an activity that this viewer may not know of."""
    built = found.built_under
    known = built is not None and lists.activity_title(viewer, built) is not None
    return found if known else replace(found, built_under=None)


def place_years(
    viewer: Viewer, now: datetime, place: UUID, *, before: int | None = None
) -> over_years.PlaceYears:
    """What the mission did, looked at, was promised and was told at a place, year by year.

    `earlier` is what to send as `before` for the years that came before those.
    """
    return over_years.years_of(viewer, place, now, before)


def place_timeline(
    viewer: Viewer, _now: datetime, after: str, *, place: UUID
) -> Sequence[shapes.EntryLine]:
    """What was written down about a place, by which post, newest first."""
    return one.entries(viewer, place, after)


REGISTER: Final[tuple[Read, ...]] = (
    Read("parties", parties),
    Read("parties/{party}", party),
    Read("parties/{party}/support", party_support, gates.sees_party),
    Read("parties/{party}/found", party_found, gates.sees_party),
    Read("parties/{party}/whole", party_whole, gates.sees_party),
    Read("parties/{party}/chain", party_chain, gates.sees_party),
    Read("parties/{party}/postings", party_postings, gates.sees_party),
    Read("parties/{party}/reports", party_reports, gates.sees_party),
    Read("parties/{party}/sources", party_sources, gates.sees_party),
    Read("parties/{party}/timeline", party_timeline, gates.sees_party),
    Read("places", places),
    Read("places/{place}", place),
    Read("places/{place}/years", place_years, gates.sees_place),
    Read("places/{place}/timeline", place_timeline, gates.sees_place),
    Read("support", support),
    Read("support/sets", support_sets),
    Read("matches", matches),
)

"""Reads about those who answer for a party: steps on the ladder, letters, promises and deeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from primum.api import gates
from primum.api.operations import Read
from primum.cases.queries import ladder, promises, stops
from primum.cases.queries import letters as written
from primum.people.sight import Viewer

SHOWN: Final = 10
"""Undertakings, waivers and steps on a party; the list of undertakings has them all."""


@dataclass(frozen=True, slots=True)
class PartyLadder:
    """Where the mission stands with a party: its matters, and steps that wait for a word."""

    matters: tuple[ladder.Matter, ...]
    open: tuple[ladder.Step, ...]


def party_promises(viewer: Viewer, now: datetime, party: UUID) -> promises.PartyPromises:
    """What the authorities promised and did about a party, and what was waived upon it."""
    return promises.of_party(viewer, party, now, SHOWN)


def party_intercessions(viewer: Viewer, now: datetime, party: UUID) -> PartyLadder:
    """Where the mission stands with a party: each matter with its steps, the latest moved first."""
    return PartyLadder(ladder.matters(viewer, party, now), ladder.open_steps(viewer, party))


def party_stops(viewer: Viewer, _now: datetime, party: UUID) -> tuple[stops.Standing, ...]:
    """Every suspension that names a party, newest first, for those who may read them."""
    return stops.stops_of_party(viewer, party)


def intercession(viewer: Viewer, now: datetime, intercession: UUID) -> ladder.StepPage | None:
    """One step on the ladder: on what it rests, who approved it, what they answered."""
    return ladder.step_page(viewer, intercession, now)


def letters(
    viewer: Viewer, _now: datetime, after: str, *, wanted: written.LetterFilter
) -> Sequence[written.LetterLine]:
    """Letters to authorities, newest first; by words, kind, state, party."""
    return written.letters(viewer, wanted, after)


def letter(viewer: Viewer, now: datetime, letter: UUID) -> written.LetterPage | None:
    """One letter: the wording that would go or went, those before, and what its reader said."""
    return written.letter_page(viewer, letter, now)


def undertakings(
    viewer: Viewer,
    now: datetime,
    after: str,
    *,
    words: str = "",
    state: str = "",
    party: UUID | None = None,
) -> Sequence[promises.UndertakingLine]:
    """What authorities promised, soonest due first; by words, by state or `overdue`, by party."""
    return promises.undertakings(viewer, promises.Filter(words, state, party), now, after)


def undertaking(
    viewer: Viewer, now: datetime, undertaking: UUID
) -> promises.UndertakingPage | None:
    """One undertaking with every answer, and the waivers that rest on it."""
    return promises.undertaking_page(viewer, undertaking, now)


def report_steps(
    viewer: Viewer, _now: datetime, report: UUID, party: UUID
) -> tuple[promises.StepLine, ...]:
    """What the authorities did about a report of a party, newest first.

    For posts that write it down; to those who read the report it stands there.
    """
    return tuple(each for each in promises.steps_of(viewer, report) if each.party == party)


AUTHORITIES: Final[tuple[Read, ...]] = (
    Read("parties/{party}/promises", party_promises, gates.sees_party),
    Read("parties/{party}/intercessions", party_intercessions, gates.sees_party),
    Read("parties/{party}/stops", party_stops, gates.sees_party),
    Read("intercessions/{intercession}", intercession),
    Read("letters", letters),
    Read("letters/{letter}", letter),
    Read("undertakings", undertakings),
    Read("undertakings/{undertaking}", undertaking),
    Read("reports/{report}/steps/{party}", report_steps, gates.records_steps),
)

"""Reads about one case: what is foreseen, known, judged, owed, looked at and stopped in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final
from uuid import UUID

from primum.api import gates
from primum.api.operations import Read
from primum.cases import facts
from primum.cases.queries import activity as one
from primum.cases.queries import commitment as owed
from primum.cases.queries import effects as foreseen
from primum.cases.queries import (
    gap,
    known,
    lists,
    looks,
    precedents,
    promises,
    readings,
    reviewing,
    shapes,
    stops,
    telling,
)
from primum.core import protocol
from primum.core.vocabulary import Verb
from primum.people.sight import Viewer


@dataclass(frozen=True, slots=True)
class MostAlike:
    """The past activities most like this one, and whether there are more."""

    lines: tuple[precedents.Precedent, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """What a yes may ask for, what was waived for these parties, and how long a yes may last."""

    offers: tuple[protocol.CommitmentOffer, ...]
    """Conditions that the protocol offers here: a decision names those it takes by their id."""
    waivers: tuple[promises.WaiverLine, ...]
    waiver_missing: bool
    """A hard stop holds that takes a waiver, and none counts."""
    longest: int
    """Days, at most."""


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Why a case that goes on is judged once more."""

    reopened: tuple[reviewing.ReopenedLine, ...]
    """Lines whose commander or unit is another than the one decided on."""
    renewal: reviewing.Asked | None


@dataclass(frozen=True, slots=True)
class SuspensionForm:
    """What can be suspended from here, and what the chosen scope would stop."""

    options: tuple[stops.Option, ...]
    preview: stops.Preview | None
    """None while `scope` names none of the options."""


def activities(
    viewer: Viewer,
    _now: datetime,
    after: str,
    *,
    wanted: lists.Filter,
) -> Sequence[lists.ActivityLine]:
    """Activities, newest first; by words of the title or the reasons, by stage, by party."""
    return lists.activities(viewer, wanted, after)


def activity(viewer: Viewer, now: datetime, activity: UUID) -> shapes.ActivityPage | None:
    """One activity, as far as this post may know: all that its page shows."""
    return one.activity_page(viewer, activity, now)


def activity_timeline(
    viewer: Viewer, _now: datetime, after: str, *, activity: UUID
) -> Sequence[shapes.EntryLine]:
    """What was done to an activity, by which post, newest first."""
    return one.entries(viewer, activity, after)


def activity_told(viewer: Viewer, now: datetime, activity: UUID) -> tuple[telling.ToldLine, ...]:
    """What is told of its decisions, as far as it has gone."""
    return telling.telling(viewer, activity, now)


def activity_effects(viewer: Viewer, now: datetime, activity: UUID) -> foreseen.EffectsPage | None:
    """Who could be helped or hurt, and the protocol's pathways that nobody has answered yet.

    To the post that proposed it: what is asked, and not what was found.
    """
    return foreseen.effects_page(viewer, activity, now)


def activity_known(
    viewer: Viewer, now: datetime, activity: UUID, *, on: date | None = None
) -> known.Known | None:
    """What was known of a case at the end of a day, in UTC, and apart from it what came after."""
    moment = datetime.combine(on, time(23, 59, 59), UTC) if on else now
    return known.known(viewer, activity, min(moment, now), now)


def activity_precedents(viewer: Viewer, now: datetime, activity: UUID) -> MostAlike:
    """The past activities most like this one, and what came of them."""
    return MostAlike(*precedents.precedents(viewer, activity, now))


def activity_similar(
    viewer: Viewer, now: datetime, after: str, *, activity: UUID
) -> Sequence[precedents.Precedent]:
    """Every past activity like this one, newest first."""
    return precedents.similar(viewer, activity, now, after)


def activity_others(viewer: Viewer, now: datetime, activity: UUID) -> tuple[gap.OthersRead, ...]:
    """Where the Ruling on what other posts may see differs from this post's own.

    For the post whose seal is the widest; to any other there is nothing.
    """
    return gap.read_by_others(viewer, activity, now)


def activity_review(viewer: Viewer, now: datetime, activity: UUID) -> ReviewPage:
    """Why a case that goes on is judged once more: a change of command, a renewal asked for."""
    return ReviewPage(
        reviewing.reopened_lines(viewer, activity, now), reviewing.asked_renewal(viewer, activity)
    )


def activity_stops(viewer: Viewer, now: datetime, activity: UUID) -> tuple[stops.StoppedLine, ...]:
    """The lines on which deliveries are suspended; why, for those who may read it."""
    return stops.stopped_lines(viewer, activity, now)


def activity_commitment(
    viewer: Viewer, now: datetime, activity: UUID, commitment: UUID
) -> owed.CommitmentPage | None:
    """One commitment: how one can tell that it is kept, and everything that was answered."""
    return owed.commitment_page(viewer, activity, commitment, now)


def explain(viewer: Viewer, now: datetime, activity: UUID) -> protocol.Explanation | None:
    """What would settle the Ruling of the last answers, and what would lower it.

    For the post that assesses, on what that post may see.
    """
    form = one.assessment_form(viewer, activity)
    if form is None:
        return None
    rules, given = form
    found = protocol.read_what_can_be(rules, given)
    return protocol.explain(rules, found, facts.facts_of(viewer, activity, now))


def decision_form(viewer: Viewer, now: datetime, activity: UUID) -> DecisionForm | None:
    """What a decision may ask for, and what was waived; for the post whose decision it is."""
    shown = one.activity_page(viewer, activity, now)
    form = one.assessment_form(viewer, activity)
    if shown is None or form is None:
        return None
    rules, given = form
    return DecisionForm(
        offers=tuple(protocol.plan(rules, protocol.read_answers(rules, given)).commitments),
        waivers=promises.beside_decision(viewer, activity, now),
        waiver_missing=promises.waiver_missing(viewer, activity, rules, shown.ruling, now),
        longest=rules.lease_days,
    )


def suspension_of_activity(
    viewer: Viewer, now: datetime, activity: UUID, *, scope: str = ""
) -> SuspensionForm:
    """What can be suspended from an activity; with the `value` of one as `scope`, what it stops.

    For posts that suspend. Nothing is written.
    """
    return _suspension(viewer, stops.options_of_activity(viewer, activity, now), scope, now)


def suspension_of_party(
    viewer: Viewer, now: datetime, party: UUID, *, scope: str = ""
) -> SuspensionForm:
    """What can be suspended of a party; with the `value` of one as `scope`, what it stops.

    For posts that suspend. Nothing is written.
    """
    return _suspension(viewer, stops.options_of_party(viewer, party, now), scope, now)


def _suspension(
    viewer: Viewer, options: tuple[stops.Option, ...], scope: str, now: datetime
) -> SuspensionForm:
    chosen = next((each.value for each in options if each.value == scope), "")
    kind, _colon, named = chosen.partition(":")
    preview = stops.preview(viewer, kind, UUID(named), now) if named else None
    return SuspensionForm(options, preview)


def look_form(viewer: Viewer, now: datetime, look: UUID) -> looks.LookForm | None:
    """A look with the questions that its protocol asks at it, and the ways it accepts."""
    return looks.look_page(viewer, look, now)


def look_signs(viewer: Viewer, _now: datetime, look: UUID) -> tuple[foreseen.SignLine, ...]:
    """The first signs of harm or help that this look is to answer for."""
    return foreseen.look_signs(viewer, look)


def look_reading(viewer: Viewer, now: datetime, look: UUID) -> readings.ReadingPage | None:
    """What somebody else saw at a look, for its second reader."""
    return readings.reading_page(viewer, look, now)


def extra_look_form(
    viewer: Viewer, now: datetime, *, place: UUID | None = None, party: UUID | None = None
) -> looks.LookForm | None:
    """A visit that nobody planned, at one place or one party, and the due looks it may serve."""
    return looks.extra_page(viewer, place, party, now)


def told(viewer: Viewer, now: datetime, told: UUID) -> telling.ToldLine | None:
    """Words that wait for this post: to be read by a second one, or to be written anew."""
    return telling.told_page(viewer, told, now)


CASE: Final = "activities/{activity}"
CASES: Final[tuple[Read, ...]] = (
    Read("activities", activities),
    Read(CASE, activity),
    Read(f"{CASE}/timeline", activity_timeline, gates.sees_activity),
    Read(f"{CASE}/told", activity_told, gates.sees_activity),
    Read(f"{CASE}/effects", activity_effects),
    Read(f"{CASE}/known", activity_known),
    Read(f"{CASE}/precedents", activity_precedents, gates.sees_activity),
    Read(f"{CASE}/similar", activity_similar, gates.sees_activity),
    Read(f"{CASE}/others", activity_others, gates.sees_activity),
    Read(f"{CASE}/review", activity_review, gates.sees_activity),
    Read(f"{CASE}/stops", activity_stops, gates.sees_activity),
    Read(f"{CASE}/explain", explain, gates.may(Verb.ASSESS)),
    Read(f"{CASE}/decide", decision_form, gates.decides),
    Read(f"{CASE}/suspend", suspension_of_activity, gates.suspends_activity),
    Read(f"{CASE}/commitments/{{commitment}}", activity_commitment),
    Read("parties/{party}/suspend", suspension_of_party, gates.suspends_party),
    Read("looks/new", extra_look_form),
    Read("looks/{look}", look_form),
    Read("looks/{look}/signs", look_signs, gates.sees_look),
    Read("looks/{look}/read", look_reading),
    Read("told/{told}", told),
)

"""The table of moves: from which stage, to which, on what conditions, with what effects.

`advance()` asks the table one question and returns a Step, or a Refusal with every reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from primum.core import authority
from primum.core.vocabulary import (
    Actor,
    Because,
    Choice,
    Due,
    EndLease,
    HardStop,
    OpenLease,
    PlanLooks,
    Refusal,
    Stage,
    Stakes,
    Step,
    StepEffect,
    Verb,
)

MOST_DATES = 6  # that a refusal names before it trails off


@dataclass(frozen=True, slots=True)
class CaseState:
    """What the table needs to know of an activity. What is owed comes from the engine: all rows."""

    stage: Stage
    proposer_person: UUID
    proposer_post: UUID
    owners: frozenset[UUID] = frozenset()
    """Everybody who acted as its owner, for a while or in place of an empty post."""
    stakes: Stakes = Stakes.LEADERSHIP
    lease_end: datetime | None = None
    watch_until: datetime | None = None
    before_suspension: Stage = Stage.DECIDED
    assessor: UUID | None = None
    advised: bool = False
    advisers: frozenset[UUID] = frozenset()
    hard_stops: tuple[HardStop, ...] = ()
    max_lease: timedelta = timedelta(0)
    watch: timedelta = timedelta(0)
    open_looks: tuple[Due, ...] = ()
    overdue_looks: tuple[Due, ...] = ()
    open_commitments: tuple[Due, ...] = ()
    before_open: tuple[Due, ...] = ()
    open_breaches: tuple[Due, ...] = ()
    delivered: bool = False
    """Something was delivered, within an approval or not."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One wish to move: who, when, and for a decision what is chosen and until when."""

    verb: Verb
    by: Actor
    now: datetime
    roles: frozenset[str] = field(default_factory=frozenset)
    choice: Choice | None = None
    until: datetime | None = None


Guard = Callable[[CaseState, Ask], Because | None]


def _allowed_post(case: CaseState, ask: Ask) -> Because | None:
    if authority.may(ask.by, ask.verb, case.stakes, ask.roles):
        return None
    return Because("not_your_move", "This step belongs to another post.")


def _not_own_case(case: CaseState, ask: Ask) -> Because | None:
    own = authority.is_own_case(ask.by, case.proposer_person, case.proposer_post)
    if not own and ask.by.person not in case.owners:
        return None
    return Because(
        "own_case",
        "Your post or you yourself proposed this, now or in the last 90 days."
        " Somebody else decides on it.",
    )


def _not_assessor(case: CaseState, ask: Ask) -> Because | None:
    if ask.by.person != case.assessor:
        return None
    return Because("assessor", "You assessed this. Somebody else decides on it.")


def _not_on_own_assessment(case: CaseState, ask: Ask) -> Because | None:
    if ask.by.person != case.assessor:
        return None
    return Because("own_assessment", "You assessed this. Somebody else advises on it.")


def _not_adviser(case: CaseState, ask: Ask) -> Because | None:
    if ask.by.person not in case.advisers:
        return None
    return Because("adviser", "You advised on this. Somebody else decides on it.")


def _advice_given(case: CaseState, ask: Ask) -> Because | None:
    if case.advised or ask.choice in (Choice.NO, Choice.NOT_NOW):
        return None
    return Because(
        "advice_awaited", "The advice of the due diligence secretariat is still awaited."
    )


def _past_hard_stop(case: CaseState, ask: Ask) -> Because | None:
    if ask.choice not in (Choice.GO, Choice.GO_WITH_CONDITIONS):
        return None
    stops = [stop for stop in case.hard_stops if stop.certain]
    if any(stop.passable_by == "nobody" for stop in stops):
        return Because("hard_stop", "A hard stop stands here that nobody may pass.")
    if stops and "decides_leadership" not in ask.by.duties:
        return Because("hard_stop_leadership", "Past this hard stop only the leadership goes.")
    return None


def _until_in_reach(case: CaseState, ask: Ask) -> Because | None:
    if ask.choice not in (Choice.GO, Choice.GO_WITH_CONDITIONS):
        return None
    if ask.until is None or ask.until <= ask.now:
        return Because("until_past", "The approval must end on a day still to come.")
    if ask.until > ask.now + case.max_lease:
        return Because(
            "until_too_far",
            "The approval may last %(days)s days at most. After that, ask again.",
            {"days": case.max_lease.days},
        )
    return None


def lease_is_live(case: CaseState, now: datetime) -> bool:
    """True while the approval counts. The stored end decides, not whether a clock announced it."""
    return (
        case.stage in (Stage.DECIDED, Stage.UNDER_WAY)
        and case.lease_end is not None
        and now < case.lease_end
    )


def _live_lease(case: CaseState, ask: Ask) -> Because | None:
    if case.lease_end is None:
        return Because("no_approval", "Nobody has approved this yet.")
    if ask.now >= case.lease_end:
        return Because(
            "lease_ended",
            "The approval ended on %(end)s. Ask again, or record what has already happened.",
            {"end": case.lease_end},
        )
    return None


def _before_met(case: CaseState, _ask: Ask) -> Because | None:
    if not case.before_open:
        return None
    return Because(
        "before_open",
        "Commitments due before delivery are not met yet: %(count)s, due %(due)s.",
        {"count": len(case.before_open), "due": _dates(case.before_open)},
    )


def _nothing_overdue(case: CaseState, ask: Ask) -> Because | None:
    if not case.overdue_looks or ask.choice not in (Choice.GO, Choice.GO_WITH_CONDITIONS):
        return None
    return Because(
        "looks_overdue",
        "Looks are overdue: %(count)s, due %(due)s. A new approval would lapse at once."
        " Make them, or release each with a reason.",
        {"count": len(case.overdue_looks), "due": _dates(case.overdue_looks)},
    )


def _something_delivered(case: CaseState, _ask: Ask) -> Because | None:
    if case.delivered or case.stage is Stage.UNDER_WAY:
        return None
    return Because(
        "nothing_delivered",
        "Nothing has been delivered yet. Record what was, or withdraw the activity.",
    )


def _run_out(case: CaseState, ask: Ask) -> Because | None:
    if case.lease_end is not None and ask.now >= case.lease_end:
        return None
    return Because("lease_live", "The approval has not ended.")


def _looked(case: CaseState, _ask: Ask) -> Because | None:
    if not case.open_looks:
        return None
    return Because(
        "looks_open",
        "Looks not made yet: %(count)s, due %(due)s. Make them, or release each with a reason.",
        {"count": len(case.open_looks), "due": _dates(case.open_looks)},
    )


def _answered(case: CaseState, _ask: Ask) -> Because | None:
    if not case.open_commitments:
        return None
    return Because(
        "commitments_open",
        "Commitments without an answer: %(count)s, due %(due)s.",
        {"count": len(case.open_commitments), "due": _dates(case.open_commitments)},
    )


def _breaches_answered(case: CaseState, _ask: Ask) -> Because | None:
    if not case.open_breaches:
        return None
    return Because(
        "breaches_open",
        "Breaches without an answer: %(count)s, due %(due)s.",
        {"count": len(case.open_breaches), "due": _dates(case.open_breaches)},
    )


def _watched_out(case: CaseState, ask: Ask) -> Because | None:
    if case.watch_until is None or ask.now >= case.watch_until:
        return None
    return Because(
        "still_watched",
        "This is watched until %(until)s. It closes after that.",
        {"until": case.watch_until},
    )


def _dates(dues: Iterable[Due]) -> tuple[object, ...]:
    """When things are due, the nearest first; never what they are. A date is named once."""
    days = sorted(set(dues))
    return tuple(days) if len(days) <= MOST_DATES else (*days[:MOST_DATES], "…")


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table. `after` is the stage the move leads to when nothing special holds."""

    verb: Verb
    before: frozenset[Stage]
    after: Stage | None
    guards: tuple[Guard, ...] = (_allowed_post,)


_GOING = frozenset({Stage.DECIDED, Stage.UNDER_WAY})
_STOPPABLE = _GOING | {Stage.SUSPENDED}
STRUCK_FROM = _STOPPABLE | {Stage.ASSESSED, Stage.NOT_DONE}
"""Where a case stands on its last decision, so that striking that one leaves it undecided."""

MOVES: tuple[Move, ...] = (
    Move(
        Verb.ASSESS,
        frozenset({Stage.PROPOSED, Stage.ASSESSED, Stage.LAPSED}),
        Stage.ASSESSED,
        (_allowed_post, _not_own_case),
    ),
    Move(
        Verb.ADVISE,
        frozenset({Stage.ASSESSED}),
        Stage.ASSESSED,
        (_allowed_post, _not_own_case, _not_on_own_assessment),
    ),
    Move(
        Verb.DECIDE,
        frozenset({Stage.ASSESSED}),
        None,
        (
            _allowed_post,
            _not_own_case,
            _not_assessor,
            _not_adviser,
            _advice_given,
            _past_hard_stop,
            _nothing_overdue,
            _until_in_reach,
        ),
    ),
    Move(Verb.DELIVER, _GOING, Stage.UNDER_WAY, (_allowed_post, _live_lease, _before_met)),
    # From “decided” too: deliveries that were written down afterwards move no stage.
    Move(Verb.FINISH, _GOING, None, (_allowed_post, _something_delivered)),
    Move(Verb.SUSPEND, _GOING, Stage.SUSPENDED),
    Move(
        Verb.RESUME,
        frozenset({Stage.SUSPENDED}),
        None,
        (_allowed_post, _not_own_case, _live_lease),
    ),
    Move(Verb.WITHDRAW, _STOPPABLE | {Stage.PROPOSED, Stage.ASSESSED}, Stage.WITHDRAWN),
    Move(Verb.LAPSE, _STOPPABLE, Stage.LAPSED, (_allowed_post, _run_out)),
    Move(
        Verb.CLOSE,
        frozenset({Stage.DONE, Stage.WATCHED, Stage.LAPSED, Stage.WITHDRAWN}),
        Stage.CLOSED,
        (_allowed_post, _looked, _answered, _breaches_answered, _watched_out),
    ),
    # A decision that its signer never made: the case waits for one again.
    Move(Verb.DISOWN, STRUCK_FROM, Stage.ASSESSED),
)
"""Looks and commitments are answered at any stage: a fact about them is never refused."""


def advance(case: CaseState, ask: Ask) -> Step | Refusal:
    """May this move be made? A Step says what follows; a Refusal gives every reason at once."""
    move = next((move for move in MOVES if move.verb is ask.verb), None)
    if move is None or case.stage not in move.before:
        return Refusal(ask.verb, (_wrong_stage(case),))
    reasons = tuple(why for guard in move.guards if (why := guard(case, ask)) is not None)
    if reasons:
        return Refusal(ask.verb, reasons)
    after = move.after or _after(case, ask)
    return Step(ask.verb, case.stage, after, _effects(case, ask))


def _wrong_stage(case: CaseState) -> Because:
    return Because(
        "wrong_stage",
        "This step is not possible now: the activity is “%(stage)s”.",
        {"stage": case.stage},
    )


def _after(case: CaseState, ask: Ask) -> Stage:
    if ask.verb is Verb.DECIDE:
        return {
            Choice.GO: Stage.DECIDED,
            Choice.GO_WITH_CONDITIONS: Stage.DECIDED,
            Choice.NOT_NOW: Stage.ASSESSED,
            Choice.NO: Stage.NOT_DONE,
        }[ask.choice or Choice.NOT_NOW]
    if ask.verb is Verb.RESUME:
        return case.before_suspension
    still_watched = case.watch_until is not None and ask.now < case.watch_until
    return Stage.WATCHED if still_watched else Stage.DONE


def _effects(case: CaseState, ask: Ask) -> tuple[StepEffect, ...]:
    if ask.until is not None and ask.choice in (Choice.GO, Choice.GO_WITH_CONDITIONS):
        return (OpenLease(ask.until, ask.until + case.watch), PlanLooks(ask.now))
    if ask.verb in (Verb.FINISH, Verb.WITHDRAW, Verb.LAPSE):
        # Announcing an end never moves it: what had run out stays run out.
        return (EndLease(min(ask.now, case.lease_end or ask.now)),)
    if ask.verb is Verb.DISOWN and case.lease_end is not None:
        return (EndLease(min(ask.now, case.lease_end)),)
    return ()

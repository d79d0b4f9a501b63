"""The table of moves: from which stage, to which, on what conditions, with what effects.

`advance()` asks the table one question and returns a Step, or a Refusal with every reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from primum.core.guards import (
    GOING,
    REVIEWED_AT,
    STOPPABLE,
    Ask,
    CaseState,
    Guard,
    advice_given,
    allowed_post,
    answered,
    before_met,
    breaches_answered,
    checked,
    due_looks_made,
    lease_is_live,
    line_goes,
    line_let_go,
    live_lease,
    looked,
    not_adviser,
    not_assessor,
    not_on_own_assessment,
    not_own_case,
    not_renewing,
    nothing_overdue,
    past_hard_stop,
    read_twice,
    reviewed,
    run_out,
    same_command,
    something_delivered,
    still_watched,
    until_in_reach,
    watched_out,
)
from primum.core.vocabulary import (
    GOES,
    Because,
    Choice,
    EndLease,
    OpenLease,
    PlanLooks,
    Refusal,
    Stage,
    Step,
    StepEffect,
    Verb,
)

__all__ = [
    "MOVES",
    "REVIEWED_AT",
    "STRUCK_FROM",
    "Ask",
    "CaseState",
    "Move",
    "advance",
    "lease_is_live",
    "not_yet",
]


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table. `after` is the stage the move leads to when nothing special holds."""

    verb: Verb
    before: frozenset[Stage]
    after: Stage | None
    guards: tuple[Guard, ...] = (allowed_post,)
    reviewing: frozenset[Stage] = frozenset()
    """Where it is made too while a review runs beside the approval; it moves no stage by itself."""

    def fits(self, case: CaseState) -> bool:
        return case.stage in self.before or (case.under_review and case.stage in self.reviewing)


_CLOSABLE = frozenset({Stage.DONE, Stage.WATCHED, Stage.LAPSED, Stage.WITHDRAWN})
STRUCK_FROM = STOPPABLE | {Stage.ASSESSED, Stage.NOT_DONE}
"""Where a case stands on its last decision, so that striking that one leaves it undecided."""

MOVES: tuple[Move, ...] = (
    Move(
        Verb.ASSESS,
        frozenset({Stage.PROPOSED, Stage.ASSESSED, Stage.LAPSED}),
        Stage.ASSESSED,
        (allowed_post, not_own_case),
        STOPPABLE,
    ),
    Move(
        Verb.ADVISE,
        frozenset({Stage.ASSESSED}),
        Stage.ASSESSED,
        (allowed_post, not_own_case, not_on_own_assessment, reviewed),
        REVIEWED_AT,
    ),
    Move(
        Verb.DECIDE,
        frozenset({Stage.ASSESSED}),
        None,
        (
            allowed_post,
            not_own_case,
            not_assessor,
            not_adviser,
            reviewed,
            advice_given,
            past_hard_stop,
            nothing_overdue,
            until_in_reach,
        ),
        GOING | {Stage.LAPSED},
    ),
    Move(
        Verb.DELIVER,
        GOING,
        Stage.UNDER_WAY,
        (allowed_post, live_lease, before_met, line_let_go, line_goes, same_command),
    ),
    # From “decided” too: deliveries that were written down afterwards move no stage.
    Move(Verb.FINISH, GOING, None, (allowed_post, something_delivered)),
    # The old approval runs on until its end, and ends there unless somebody decides on a new one.
    Move(
        Verb.RENEW,
        GOING,
        None,
        (allowed_post, live_lease, not_renewing, due_looks_made, read_twice, checked),
    ),
    Move(Verb.SUSPEND, GOING, Stage.SUSPENDED),
    Move(
        Verb.RESUME,
        frozenset({Stage.SUSPENDED}),
        None,
        (allowed_post, not_own_case, live_lease),
    ),
    Move(Verb.WITHDRAW, STOPPABLE | {Stage.PROPOSED, Stage.ASSESSED}, Stage.WITHDRAWN),
    Move(Verb.LAPSE, STOPPABLE, Stage.LAPSED, (allowed_post, run_out)),
    Move(
        Verb.CLOSE,
        _CLOSABLE,
        Stage.CLOSED,
        (allowed_post, looked, read_twice, answered, breaches_answered, watched_out),
    ),
    # Watching less long than the protocol says is decided, never with something still open.
    Move(
        Verb.CLOSE_EARLY,
        _CLOSABLE,
        Stage.CLOSED,
        (
            *(allowed_post, not_own_case, looked, read_twice),
            *(answered, breaches_answered, still_watched),
        ),
    ),
    Move(
        Verb.REOPEN,
        frozenset({Stage.CLOSED, Stage.WITHDRAWN, Stage.LAPSED, Stage.NOT_DONE}),
        None,
    ),
    # A decision that its signer never made: the case waits for one again.
    Move(Verb.DISOWN, STRUCK_FROM, Stage.ASSESSED),
)
"""Looks and commitments are answered at any stage: a fact about them is never refused."""


def advance(case: CaseState, ask: Ask) -> Step | Refusal:
    """May this move be made? A Step says what follows; a Refusal gives every reason at once."""
    move = next((move for move in MOVES if move.verb is ask.verb), None)
    if move is None or not move.fits(case):
        return Refusal(ask.verb, (_wrong_stage(case),))
    reasons = tuple(why for guard in move.guards if (why := guard(case, ask)) is not None)
    if reasons:
        return Refusal(ask.verb, reasons)
    beside = case.stage not in move.before
    after = _beside(case, ask) if beside else move.after or _after(case, ask)
    return Step(ask.verb, case.stage, after, _effects(case, ask))


def not_yet(case: CaseState, now: datetime) -> frozenset[Verb]:
    """Steps that fit the stage and that a page need not offer: what they wait for is told there."""
    found = set[Verb]()
    if case.stage in REVIEWED_AT and not case.reviewed:
        found |= {Verb.ADVISE, Verb.DECIDE}
    if case.renewing:
        found |= {Verb.RENEW}
    if case.watch_until is None or now >= case.watch_until:
        found |= {Verb.CLOSE_EARLY}
    return frozenset(found)


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
            Choice.IN_PART: Stage.DECIDED,
            Choice.NOT_NOW: Stage.ASSESSED,
            Choice.NO: Stage.NOT_DONE,
        }[ask.choice or Choice.NOT_NOW]
    if ask.verb is Verb.RESUME:
        return case.before_suspension
    if ask.verb is Verb.RENEW:
        return case.stage
    if ask.verb is Verb.REOPEN:
        return _reopened(case)
    still_watched = case.watch_until is not None and ask.now < case.watch_until
    return Stage.WATCHED if still_watched else Stage.DONE


def _beside(case: CaseState, ask: Ask) -> Stage:
    """Judged while its approval runs, or has just run out: only a decision moves it.

    A “no” to a renewal leaves the approval its end. A “no” once command has changed ends it: what
    was approved was another commander, or another unit.
    """
    goes = ask.choice in GOES
    if ask.verb is Verb.DECIDE and goes:
        return Stage.DECIDED if case.stage is Stage.LAPSED else case.stage
    if _refused_in_review(case, ask):
        return Stage.WITHDRAWN
    return case.stage


def _refused_in_review(case: CaseState, ask: Ask) -> bool:
    refused = ask.verb is Verb.DECIDE and ask.choice is Choice.NO and case.stage in REVIEWED_AT
    return refused and bool(case.changed)


def _reopened(case: CaseState) -> Stage:
    """What was assessed and never approved waits for its decision; all else is assessed anew."""
    waits = case.assessor is not None and case.watch_until is None
    return Stage.ASSESSED if waits else Stage.PROPOSED


def _effects(case: CaseState, ask: Ask) -> tuple[StepEffect, ...]:
    if ask.until is not None and ask.choice in GOES:
        return (OpenLease(ask.until, ask.until + case.watch), PlanLooks(ask.now))
    ends = ask.verb in (Verb.FINISH, Verb.WITHDRAW, Verb.LAPSE)
    if ends or _refused_in_review(case, ask):
        # Announcing an end never moves it: what had run out stays run out.
        return (EndLease(min(ask.now, case.lease_end or ask.now)),)
    if ask.verb is Verb.DISOWN and case.lease_end is not None:
        return (EndLease(min(ask.now, case.lease_end)),)
    return ()

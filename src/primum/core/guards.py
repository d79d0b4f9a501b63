"""What the table of moves needs to know of a case, and every reason why a move may not be made.

A guard returns nothing, or a Because: a code and a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from primum.core import authority
from primum.core.vocabulary import (
    GOES,
    Actor,
    Because,
    Changed,
    Choice,
    Due,
    HardStop,
    Stage,
    Stakes,
    Stopped,
    Verb,
)

GOING = frozenset({Stage.DECIDED, Stage.UNDER_WAY})
STOPPABLE = GOING | {Stage.SUSPENDED}
REVIEWED_AT = STOPPABLE | {Stage.LAPSED}
"""Where a case may stand on an approval, or on the end of one, while it is judged once more."""
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
    unread_looks: tuple[Due, ...] = ()
    """Made, and still waiting for a second reader, who may find that they do not count."""
    overdue_looks: tuple[Due, ...] = ()
    open_commitments: tuple[Due, ...] = ()
    before_open: tuple[Due, ...] = ()
    open_breaches: tuple[Due, ...] = ()
    delivered: bool = False
    """Something was delivered, within an approval or not."""
    stopped: tuple[Stopped, ...] = ()
    """Lines on which deliveries are suspended, while the others go on."""
    left_out: frozenset[UUID] = frozenset()
    """Lines that the decision in force did not let go."""
    changed: tuple[Changed, ...] = ()
    """Lines whose commander or unit is another than the one that was decided on."""
    renewing: bool = False
    """To go on beyond the end was asked for, and nobody has decided on it."""
    reviewed: bool = False
    """It was assessed once more since it was last decided on."""
    renewal_looks: tuple[Due, ...] = ()
    renewal_commitments: tuple[Due, ...] = ()

    @property
    def under_review(self) -> bool:
        """It is judged once more while its approval runs."""
        return self.renewing or bool(self.changed)


@dataclass(frozen=True, slots=True)
class Ask:
    """One wish to move: who, when, and for a decision what is chosen and until when."""

    verb: Verb
    by: Actor
    now: datetime
    roles: frozenset[str] = field(default_factory=frozenset)
    choice: Choice | None = None
    until: datetime | None = None
    line: UUID | None = None
    """What is delivered on."""


Guard = Callable[[CaseState, Ask], Because | None]


def allowed_post(case: CaseState, ask: Ask) -> Because | None:
    if authority.may(ask.by, ask.verb, case.stakes, ask.roles):
        return None
    return Because("not_your_move", "This step belongs to another post.")


def not_own_case(case: CaseState, ask: Ask) -> Because | None:
    own = authority.is_own_case(ask.by, case.proposer_person, case.proposer_post)
    if not own and ask.by.person not in case.owners:
        return None
    return Because(
        "own_case",
        "Your post or you yourself proposed this, now or in the last 90 days."
        " Somebody else decides on it.",
    )


def not_assessor(case: CaseState, ask: Ask) -> Because | None:
    if ask.by.person != case.assessor:
        return None
    return Because("assessor", "You assessed this. Somebody else decides on it.")


def not_on_own_assessment(case: CaseState, ask: Ask) -> Because | None:
    if ask.by.person != case.assessor:
        return None
    return Because("own_assessment", "You assessed this. Somebody else advises on it.")


def not_adviser(case: CaseState, ask: Ask) -> Because | None:
    if ask.by.person not in case.advisers:
        return None
    return Because("adviser", "You advised on this. Somebody else decides on it.")


def advice_given(case: CaseState, ask: Ask) -> Because | None:
    if case.advised or ask.choice in (Choice.NO, Choice.NOT_NOW):
        return None
    return Because(
        "advice_awaited", "The advice of the due diligence secretariat is still awaited."
    )


def past_hard_stop(case: CaseState, ask: Ask) -> Because | None:
    if ask.choice not in GOES:
        return None
    stops = [stop for stop in case.hard_stops if stop.certain]
    if any(stop.passable_by == "nobody" for stop in stops):
        return Because("hard_stop", "A hard stop stands here that nobody may pass.")
    if stops and "decides_leadership" not in ask.by.duties:
        return Because("hard_stop_leadership", "Past this hard stop only the leadership goes.")
    return None


def until_in_reach(case: CaseState, ask: Ask) -> Because | None:
    if ask.choice not in GOES:
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


def live_lease(case: CaseState, ask: Ask) -> Because | None:
    if case.lease_end is None:
        return Because("no_approval", "Nobody has approved this yet.")
    if ask.now >= case.lease_end:
        return Because(
            "lease_ended",
            "The approval ended on %(end)s. Ask again, or record what has already happened.",
            {"end": case.lease_end},
        )
    return None


def before_met(case: CaseState, _ask: Ask) -> Because | None:
    if not case.before_open:
        return None
    return Because(
        "before_open",
        "Commitments due before delivery are not met yet: %(count)s, due %(due)s.",
        {"count": len(case.before_open), "due": _dates(case.before_open)},
    )


def line_let_go(case: CaseState, ask: Ask) -> Because | None:
    if ask.line not in case.left_out:
        return None
    return Because("left_out", "The decision left this line out. Nothing is delivered on it.")


def line_goes(case: CaseState, ask: Ask) -> Because | None:
    stops = [stop for stop in case.stopped if stop.line == ask.line]
    if not stops:
        return None
    first = min(stops, key=lambda stop: stop.since)
    return Because(
        "stopped",
        "Deliveries on this line are suspended (%(scope)s) since %(since)s. They wait for a"
        " decision to resume.",
        {"scope": f"scope_{first.scope}", "since": first.since},
    )


def same_command(case: CaseState, ask: Ask) -> Because | None:
    found = [change.since for change in case.changed if change.line == ask.line]
    if not found:
        return None
    return Because(
        "command_changed",
        "Who commands the unit, or the unit itself, has changed since %(since)s. It is assessed"
        " and decided on again first.",
        {"since": Due(min(found))},
    )


def reviewed(case: CaseState, _ask: Ask) -> Because | None:
    if case.reviewed or case.stage not in REVIEWED_AT:
        return None
    return Because("review_awaited", "The review is not made yet. It is assessed first.")


def due_looks_made(case: CaseState, _ask: Ask) -> Because | None:
    if not case.renewal_looks:
        return None
    return Because(
        "renewal_looks",
        "Looks are due and not made: %(count)s, due %(due)s. Without them nothing is renewed.",
        {"count": len(case.renewal_looks), "due": _dates(case.renewal_looks)},
    )


def checked(case: CaseState, _ask: Ask) -> Because | None:
    if not case.renewal_commitments:
        return None
    return Because(
        "renewal_commitments",
        "Commitments are late, or nobody could check them: %(count)s, due %(due)s. What nobody"
        " could check renews nothing.",
        {"count": len(case.renewal_commitments), "due": _dates(case.renewal_commitments)},
    )


def not_renewing(case: CaseState, _ask: Ask) -> Because | None:
    if not case.renewing:
        return None
    return Because("renewing", "The renewal is asked for already. It waits to be decided on.")


def nothing_overdue(case: CaseState, ask: Ask) -> Because | None:
    if not case.overdue_looks or ask.choice not in GOES:
        return None
    return Because(
        "looks_overdue",
        "Looks are overdue: %(count)s, due %(due)s. A new approval would lapse at once."
        " Make them, or release each with a reason.",
        {"count": len(case.overdue_looks), "due": _dates(case.overdue_looks)},
    )


def something_delivered(case: CaseState, _ask: Ask) -> Because | None:
    if case.delivered or case.stage is Stage.UNDER_WAY:
        return None
    return Because(
        "nothing_delivered",
        "Nothing has been delivered yet. Record what was, or withdraw the activity.",
    )


def run_out(case: CaseState, ask: Ask) -> Because | None:
    if case.lease_end is not None and ask.now >= case.lease_end:
        return None
    return Because("lease_live", "The approval has not ended.")


def looked(case: CaseState, _ask: Ask) -> Because | None:
    if not case.open_looks:
        return None
    return Because(
        "looks_open",
        "Looks not made yet: %(count)s, due %(due)s. Make them, or release each with a reason.",
        {"count": len(case.open_looks), "due": _dates(case.open_looks)},
    )


def read_twice(case: CaseState, _ask: Ask) -> Because | None:
    if not case.unread_looks:
        return None
    return Because(
        "looks_unread",
        "Looks still wait for their second reader: %(count)s, by %(due)s. Until then nobody knows"
        " whether they count.",
        {"count": len(case.unread_looks), "due": _dates(case.unread_looks)},
    )


def answered(case: CaseState, _ask: Ask) -> Because | None:
    if not case.open_commitments:
        return None
    return Because(
        "commitments_open",
        "Commitments without an answer: %(count)s, due %(due)s.",
        {"count": len(case.open_commitments), "due": _dates(case.open_commitments)},
    )


def breaches_answered(case: CaseState, _ask: Ask) -> Because | None:
    if not case.open_breaches:
        return None
    return Because(
        "breaches_open",
        "Breaches without an answer: %(count)s, due %(due)s.",
        {"count": len(case.open_breaches), "due": _dates(case.open_breaches)},
    )


def watched_out(case: CaseState, ask: Ask) -> Because | None:
    if case.watch_until is None or ask.now >= case.watch_until:
        return None
    return Because(
        "still_watched",
        "This is watched until %(until)s. It closes after that.",
        {"until": case.watch_until},
    )


def still_watched(case: CaseState, ask: Ask) -> Because | None:
    if case.watch_until is not None and ask.now < case.watch_until:
        return None
    return Because("not_watched", "It is not watched any more. Close it in the usual way.")


def _dates(dues: Iterable[Due]) -> tuple[object, ...]:
    """When things are due, the nearest first; never what they are. A date is named once."""
    days = sorted(set(dues))
    return tuple(days) if len(days) <= MOST_DATES else (*days[:MOST_DATES], "…")

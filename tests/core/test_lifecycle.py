"""Every row of the table of moves: where it leads, who may not, and all the reasons at once."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from uuid import uuid4

import pytest

import primum
from primum.core.coverage import breach, suspensions
from primum.core.lifecycle import MOVES, Ask, CaseState, advance, lease_is_live
from primum.core.vocabulary import (
    Actor,
    Because,
    Changed,
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
    Stopped,
    Verb,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
SOON = (Due(NOW + 10 * DAY), Due(NOW + 20 * DAY))
GOES = (Choice.GO, Choice.GO_WITH_CONDITIONS)
STAYS = (Choice.NO, Choice.NOT_NOW)

LINE, OTHER_LINE = uuid4(), uuid4()
NADIA, TOMAS, AMINATA, JONAS, HELENA, SAMIR, CLOCK = (
    Actor(uuid4(), uuid4(), frozenset(duties))
    for duties in (
        ["requests"],
        ["assesses", "verifies"],
        ["advises", "widest_seal"],
        ["decides_ordinary", "suspends"],
        ["decides_high", "suspends"],
        ["decides_leadership", "suspends"],
        ["clock"],
    )
)
FIRST = CaseState(
    stage=Stage.PROPOSED,
    proposer_person=NADIA.person,
    proposer_post=NADIA.post,
    max_lease=90 * DAY,
    watch=365 * DAY,
)
"""Nadia's proposal, before anybody has done anything."""
RIPE = replace(FIRST, stage=Stage.ASSESSED, assessor=TOMAS.person, advised=True)
"""Assessed and advised on: it waits for the head of mission."""
APPROVED = replace(
    RIPE,
    stage=Stage.DECIDED,
    lease_end=NOW + 44 * DAY,
    watch_until=NOW + 445 * DAY,
    delivered=True,
)
"""Approved, with a lease of 44 days left, and something written down afterwards."""

MADE_BY: dict[Verb, Ask] = {
    Verb.ASSESS: Ask(Verb.ASSESS, TOMAS, NOW),
    Verb.ADVISE: Ask(Verb.ADVISE, AMINATA, NOW),
    Verb.DECIDE: Ask(Verb.DECIDE, SAMIR, NOW, choice=Choice.GO, until=NOW + 80 * DAY),
    Verb.DELIVER: Ask(Verb.DELIVER, NADIA, NOW, roles=frozenset({"owner"})),
    Verb.FINISH: Ask(Verb.FINISH, NADIA, NOW, roles=frozenset({"owner"})),
    Verb.RENEW: Ask(Verb.RENEW, NADIA, NOW, roles=frozenset({"owner"})),
    Verb.SUSPEND: Ask(Verb.SUSPEND, JONAS, NOW),
    Verb.RESUME: Ask(Verb.RESUME, SAMIR, NOW),
    Verb.WITHDRAW: Ask(Verb.WITHDRAW, NADIA, NOW, roles=frozenset({"owner"})),
    Verb.LAPSE: Ask(Verb.LAPSE, CLOCK, NOW + 44 * DAY),
    Verb.CLOSE: Ask(Verb.CLOSE, TOMAS, NOW + 445 * DAY),
    Verb.CLOSE_EARLY: Ask(Verb.CLOSE_EARLY, SAMIR, NOW + 444 * DAY),
    Verb.REOPEN: Ask(Verb.REOPEN, TOMAS, NOW),
    Verb.DISOWN: Ask(Verb.DISOWN, SAMIR, NOW, roles=frozenset({"signer"})),
}
"""Each verb as the post it belongs to would rightly ask it of APPROVED or RIPE."""

LEADS: dict[tuple[Verb, Stage], Stage] = {
    (Verb.ASSESS, Stage.PROPOSED): Stage.ASSESSED,
    (Verb.ASSESS, Stage.ASSESSED): Stage.ASSESSED,
    (Verb.ASSESS, Stage.LAPSED): Stage.ASSESSED,
    (Verb.ADVISE, Stage.ASSESSED): Stage.ASSESSED,
    (Verb.DECIDE, Stage.ASSESSED): Stage.DECIDED,
    (Verb.DELIVER, Stage.DECIDED): Stage.UNDER_WAY,
    (Verb.DELIVER, Stage.UNDER_WAY): Stage.UNDER_WAY,
    (Verb.FINISH, Stage.DECIDED): Stage.WATCHED,
    (Verb.FINISH, Stage.UNDER_WAY): Stage.WATCHED,
    (Verb.RENEW, Stage.DECIDED): Stage.DECIDED,
    (Verb.RENEW, Stage.UNDER_WAY): Stage.UNDER_WAY,
    (Verb.SUSPEND, Stage.DECIDED): Stage.SUSPENDED,
    (Verb.SUSPEND, Stage.UNDER_WAY): Stage.SUSPENDED,
    (Verb.RESUME, Stage.SUSPENDED): Stage.DECIDED,
    (Verb.WITHDRAW, Stage.PROPOSED): Stage.WITHDRAWN,
    (Verb.WITHDRAW, Stage.ASSESSED): Stage.WITHDRAWN,
    (Verb.WITHDRAW, Stage.DECIDED): Stage.WITHDRAWN,
    (Verb.WITHDRAW, Stage.UNDER_WAY): Stage.WITHDRAWN,
    (Verb.WITHDRAW, Stage.SUSPENDED): Stage.WITHDRAWN,
    (Verb.LAPSE, Stage.DECIDED): Stage.LAPSED,
    (Verb.LAPSE, Stage.UNDER_WAY): Stage.LAPSED,
    (Verb.LAPSE, Stage.SUSPENDED): Stage.LAPSED,
    (Verb.CLOSE, Stage.DONE): Stage.CLOSED,
    (Verb.CLOSE, Stage.WATCHED): Stage.CLOSED,
    (Verb.CLOSE, Stage.LAPSED): Stage.CLOSED,
    (Verb.CLOSE, Stage.WITHDRAWN): Stage.CLOSED,
    (Verb.CLOSE_EARLY, Stage.DONE): Stage.CLOSED,
    (Verb.CLOSE_EARLY, Stage.WATCHED): Stage.CLOSED,
    (Verb.CLOSE_EARLY, Stage.LAPSED): Stage.CLOSED,
    (Verb.CLOSE_EARLY, Stage.WITHDRAWN): Stage.CLOSED,
    (Verb.REOPEN, Stage.CLOSED): Stage.PROPOSED,
    (Verb.REOPEN, Stage.WITHDRAWN): Stage.PROPOSED,
    (Verb.REOPEN, Stage.LAPSED): Stage.PROPOSED,
    (Verb.REOPEN, Stage.NOT_DONE): Stage.PROPOSED,
    (Verb.DISOWN, Stage.ASSESSED): Stage.ASSESSED,
    (Verb.DISOWN, Stage.DECIDED): Stage.ASSESSED,
    (Verb.DISOWN, Stage.UNDER_WAY): Stage.ASSESSED,
    (Verb.DISOWN, Stage.SUSPENDED): Stage.ASSESSED,
    (Verb.DISOWN, Stage.NOT_DONE): Stage.ASSESSED,
}
"""(verb, stage before) -> stage after: the table written down once more, on purpose."""


def step(case: CaseState, ask: Ask) -> Step:
    outcome = advance(case, ask)
    assert isinstance(outcome, Step), codes(outcome)
    return outcome


def codes(outcome: Step | Refusal) -> list[str]:
    assert isinstance(outcome, Refusal), outcome
    return [reason.code for reason in outcome.reasons]


def at(stage: Stage) -> CaseState:
    """A case at this stage that nothing else holds back."""
    return replace(APPROVED, stage=stage)


class TestEveryRow:
    @pytest.mark.parametrize(("verb", "stage"), LEADS)
    def test_leads_where_it_should(self, verb: Verb, stage: Stage) -> None:
        """Each row of the table, asked rightly, leads to the stage that was agreed."""
        made = step(at(stage), MADE_BY[verb])
        assert (made.verb, made.before, made.after) == (verb, stage, LEADS[verb, stage])

    @pytest.mark.parametrize(("verb", "stage"), sorted(set(product(Verb, Stage)) - set(LEADS)))
    def test_nothing_else_moves(self, verb: Verb, stage: Stage) -> None:
        """A verb at a stage that is not in the table is refused, and says where the case stands."""
        ask = replace(MADE_BY.get(verb, Ask(verb, SAMIR, NOW)), verb=verb)
        refusal = advance(at(stage), ask)
        assert codes(refusal) == ["wrong_stage"]
        assert isinstance(refusal, Refusal) and stage in str(refusal.reasons[0])

    def test_one_row_a_verb(self) -> None:
        """`advance` reads the first row of a verb, so no verb has two."""
        verbs = [move.verb for move in MOVES]
        assert len(verbs) == len(set(verbs))

    def test_the_end_is_the_end(self) -> None:
        """Closed and not done lead nowhere but by being reopened, with reasons of its own.

        A “no” that its signer never said is no end either.
        """
        leaving = {stage for verb, stage in LEADS if verb not in (Verb.DISOWN, Verb.REOPEN)}
        assert set(Stage) - leaving == {Stage.CLOSED, Stage.NOT_DONE}

    def test_only_a_decision_leads_into_decided(self) -> None:
        """Law 3: no row but decide opens an approval; resume gives back one that was open."""
        into = {
            verb
            for (verb, before), after in LEADS.items()
            if after is Stage.DECIDED and before is not Stage.DECIDED
        }
        assert into == {Verb.DECIDE, Verb.RESUME}

    @pytest.mark.parametrize(("verb", "stage"), LEADS)
    def test_another_post_is_refused(self, verb: Verb, stage: Stage) -> None:
        """A post without the duty or role is told that the step belongs to another."""
        stranger = Actor(uuid4(), uuid4(), frozenset({"steward"}))
        ask = replace(MADE_BY[verb], by=stranger, roles=frozenset())
        assert codes(advance(at(stage), ask)) == ["not_your_move"]


class TestDecide:
    ASK = MADE_BY[Verb.DECIDE]

    @pytest.mark.parametrize(
        ("choice", "after"),
        [
            (Choice.GO, Stage.DECIDED),
            (Choice.GO_WITH_CONDITIONS, Stage.DECIDED),
            (Choice.NOT_NOW, Stage.ASSESSED),
            (Choice.NO, Stage.NOT_DONE),
        ],
    )
    def test_each_choice(self, choice: Choice, after: Stage) -> None:
        """Go opens, not now keeps it waiting, no ends it."""
        assert step(RIPE, replace(self.ASK, choice=choice)).after is after

    @pytest.mark.parametrize("choice", GOES)
    def test_a_go_opens_a_lease_and_plans_looks(self, choice: Choice) -> None:
        """The effects of a go: the lease, the watch after it, and the follow-up."""
        until = NOW + 80 * DAY
        made = step(RIPE, replace(self.ASK, choice=choice))
        assert made.effects == (OpenLease(until, until + 365 * DAY), PlanLooks(NOW))

    @pytest.mark.parametrize("choice", STAYS)
    def test_no_opens_nothing(self, choice: Choice) -> None:
        """Not now and no open no lease, even when an end date was typed beside them."""
        assert step(RIPE, replace(self.ASK, choice=choice)).effects == ()

    @pytest.mark.parametrize("choice", STAYS)
    def test_no_costs_no_more_than_yes(self, choice: Choice) -> None:
        """Law 3: a no needs neither advice nor a date nor a way past a hard stop."""
        case = replace(RIPE, advised=False, hard_stops=(HardStop("barred", "nobody", {}),))
        assert step(case, replace(self.ASK, choice=choice, until=None)).effects == ()

    @pytest.mark.parametrize("choice", Choice)
    def test_own_case(self, choice: Choice) -> None:
        """The proposer decides nothing about it, not even no: person, post, or post held lately."""
        leader = frozenset({"decides_leadership"})
        for actor in (
            Actor(NADIA.person, SAMIR.post, leader),
            Actor(SAMIR.person, NADIA.post, leader),
            Actor(SAMIR.person, SAMIR.post, leader, frozenset({NADIA.post})),
        ):
            refusal = advance(RIPE, replace(self.ASK, by=actor, choice=choice))
            assert codes(refusal) == ["own_case"]

    @pytest.mark.parametrize("choice", Choice)
    def test_the_assessor_does_not_decide(self, choice: Choice) -> None:
        """Who weighed it does not choose, in whatever post they sit by then."""
        promoted = replace(SAMIR, person=TOMAS.person)
        refusal = advance(RIPE, replace(self.ASK, by=promoted, choice=choice))
        assert codes(refusal) == ["assessor"]

    @pytest.mark.parametrize("choice", GOES)
    def test_a_go_waits_for_advice(self, choice: Choice) -> None:
        """Nothing goes before the secretariat has advised on this very assessment."""
        refusal = advance(replace(RIPE, advised=False), replace(self.ASK, choice=choice))
        assert codes(refusal) == ["advice_awaited"]

    @pytest.mark.parametrize(
        ("height", "by", "allowed"),
        [
            (height, by, reach >= height)
            for height in Stakes
            for by, reach in ((JONAS, 0), (HELENA, 1), (SAMIR, 2))
        ],
    )
    def test_the_stakes_say_who(self, height: Stakes, by: Actor, allowed: bool) -> None:
        """Head of office up to ordinary, deputy up to high, head of mission all."""
        outcome = advance(replace(RIPE, stakes=height), replace(self.ASK, by=by))
        assert isinstance(outcome, Step) is allowed
        if not allowed:
            assert codes(outcome) == ["not_your_move"]

    @pytest.mark.parametrize("choice", GOES)
    def test_nobody_passes_some_stops(self, choice: Choice) -> None:
        """Law 3: past a certain hard stop for nobody, the head of mission does not go either."""
        case = replace(RIPE, hard_stops=(HardStop("coercion", "nobody", {}),))
        assert codes(advance(case, replace(self.ASK, choice=choice))) == ["hard_stop"]

    @pytest.mark.parametrize("choice", GOES)
    def test_only_the_leadership_passes_the_others(self, choice: Choice) -> None:
        """A stop the leadership may pass stops the deputy, whatever the stakes were computed at."""
        case = replace(
            RIPE, stakes=Stakes.ORDINARY, hard_stops=(HardStop("building", "leadership", {}),)
        )
        ask = replace(self.ASK, choice=choice)
        assert codes(advance(case, replace(ask, by=HELENA))) == ["hard_stop_leadership"]
        assert step(case, ask).after is Stage.DECIDED

    def test_two_stops_and_the_graver_one_speaks(self) -> None:
        """Where one stop may be passed and another not, it is not passed."""
        stops = (HardStop("building", "leadership", {}), HardStop("coercion", "nobody", {}))
        assert codes(advance(replace(RIPE, hard_stops=stops), self.ASK)) == ["hard_stop"]

    def test_an_uncertain_stop_does_not_bar(self) -> None:
        """A stop that may yet hold is an open question for the decider, not a wall."""
        stops = (HardStop("coercion", "nobody", {}, certain=False),)
        assert step(replace(RIPE, hard_stops=stops), self.ASK).after is Stage.DECIDED

    @pytest.mark.parametrize("choice", Choice)
    def test_not_while_a_look_is_overdue(self, choice: Choice) -> None:
        """A go over an overdue look would be dead at once: it is refused; a no is not."""
        outcome = advance(replace(RIPE, overdue_looks=SOON), replace(self.ASK, choice=choice))
        if choice in STAYS:
            assert isinstance(outcome, Step)
        else:
            assert codes(outcome) == ["looks_overdue"]
            assert isinstance(outcome, Refusal) and "2" in str(outcome.reasons[0])

    @pytest.mark.parametrize(
        ("until", "code"),
        [
            (None, "until_past"),
            (NOW - DAY, "until_past"),
            (NOW, "until_past"),
            (NOW + INSTANT, ""),
            (NOW + 90 * DAY, ""),
            (NOW + 90 * DAY + INSTANT, "until_too_far"),
        ],
    )
    def test_the_end_of_a_go(self, until: datetime | None, code: str) -> None:
        """An approval ends on a day to come, at most as far as the protocol's lease."""
        outcome = advance(RIPE, replace(self.ASK, until=until))
        assert codes(outcome) == [code] if code else isinstance(outcome, Step)

    def test_every_reason_at_once(self) -> None:
        """A refusal says all that stands in the way, in the order of the table."""
        case = replace(
            RIPE,
            assessor=NADIA.person,
            advised=False,
            hard_stops=(HardStop("coercion", "nobody", {}),),
            overdue_looks=SOON,
        )
        refusal = advance(case, replace(self.ASK, by=NADIA, until=None))
        assert codes(refusal) == [
            "not_your_move",
            "own_case",
            "assessor",
            "advice_awaited",
            "hard_stop",
            "looks_overdue",
            "until_past",
        ]


class TestDeliver:
    ASK = MADE_BY[Verb.DELIVER]

    @pytest.mark.parametrize(
        ("now", "live"),
        [
            (APPROVED.lease_end - INSTANT, True),  # type: ignore[operator]
            (APPROVED.lease_end, False),
            (APPROVED.lease_end + INSTANT, False),  # type: ignore[operator]
        ],
    )
    def test_the_lease_is_dead_at_its_very_end(self, now: datetime, live: bool) -> None:
        """Law 1: at exactly the end nothing is authorised any more, ticked or not."""
        assert lease_is_live(APPROVED, now) is live
        outcome = advance(APPROVED, replace(self.ASK, now=now))
        assert isinstance(outcome, Step) is live
        if not live:
            assert codes(outcome) == ["lease_ended"]

    @pytest.mark.parametrize("stage", Stage)
    def test_a_lease_lives_at_two_stages_only(self, stage: Stage) -> None:
        """Suspended, lapsed, done: a stored end to come keeps no approval alive."""
        assert lease_is_live(at(stage), NOW) is (stage in (Stage.DECIDED, Stage.UNDER_WAY))

    def test_no_lease_without_an_approval(self) -> None:
        """Where nobody approved there is no end, and nothing is alive."""
        case = replace(APPROVED, lease_end=None)
        assert not lease_is_live(case, NOW)
        assert codes(advance(case, self.ASK)) == ["no_approval"]

    def test_before_commitments_come_first(self) -> None:
        """What was promised before delivery is met before delivery, and the count is told."""
        refusal = advance(replace(APPROVED, before_open=SOON), self.ASK)
        assert codes(refusal) == ["before_open"]
        assert isinstance(refusal, Refusal)
        assert "2, due 12 March 2026, 22 March 2026." in str(refusal.reasons[0])

    def test_every_reason_at_once(self) -> None:
        """Another post, a dead lease and open commitments are told together."""
        case = replace(APPROVED, before_open=SOON, lease_end=NOW)
        refusal = advance(case, replace(self.ASK, roles=frozenset()))
        assert codes(refusal) == ["not_your_move", "lease_ended", "before_open"]


class TestStopAndResume:
    @pytest.mark.parametrize("former", [Stage.DECIDED, Stage.UNDER_WAY])
    def test_goes_back_to_where_it_was(self, former: Stage) -> None:
        """A suspension that ends leads back to the stage it interrupted, no further."""
        case = replace(at(Stage.SUSPENDED), before_suspension=former)
        assert step(case, MADE_BY[Verb.RESUME]).after is former

    def test_not_past_the_end_of_the_lease(self) -> None:
        """Law 1: time suspended still runs; an ended lease is asked for anew."""
        ask = replace(MADE_BY[Verb.RESUME], now=NOW + 44 * DAY)
        assert codes(advance(at(Stage.SUSPENDED), ask)) == ["lease_ended"]

    def test_the_head_of_office_stops_and_does_not_restart_what_is_above(self) -> None:
        """Everybody who may stop may stop anything; starting again follows the stakes."""
        assert step(APPROVED, MADE_BY[Verb.SUSPEND]).after is Stage.SUSPENDED
        ask = replace(MADE_BY[Verb.RESUME], by=JONAS)
        assert codes(advance(at(Stage.SUSPENDED), ask)) == ["not_your_move"]

    def test_nobody_resumes_their_own(self) -> None:
        """To resume is to decide: the proposer's person and post do not."""
        ask = replace(MADE_BY[Verb.RESUME], by=replace(SAMIR, person=NADIA.person))
        assert codes(advance(at(Stage.SUSPENDED), ask)) == ["own_case"]

    def test_who_suspends_withdraws_too(self) -> None:
        """A post that stops harm may end the matter; so may the owner."""
        assert step(APPROVED, replace(MADE_BY[Verb.WITHDRAW], by=JONAS)).after is Stage.WITHDRAWN


class TestStoppedLine:
    """A line may be stopped while the others, and the stage, stay as they are."""

    ASK = replace(MADE_BY[Verb.DELIVER], line=LINE)

    @pytest.mark.parametrize("scope", ["line", "unit", "commander", "all"])
    def test_its_delivery_is_refused(self, scope: str) -> None:
        """It is told how widely it is stopped and since when."""
        case = replace(APPROVED, stopped=(Stopped(LINE, scope, NOW - DAY),))
        refusal = advance(case, self.ASK)
        assert codes(refusal) == ["stopped"]
        assert isinstance(refusal, Refusal)
        assert refusal.reasons[0].values == {"scope": f"scope_{scope}", "since": NOW - DAY}

    def test_the_others_go_on(self) -> None:
        """Untouched lines are delivered on; a delivery that names no line is not stopped."""
        case = replace(
            APPROVED,
            stopped=(Stopped(OTHER_LINE, "line", NOW),),
            left_out=frozenset({OTHER_LINE}),
        )
        assert step(case, self.ASK).after is Stage.UNDER_WAY
        assert step(case, replace(self.ASK, line=None)).after is Stage.UNDER_WAY

    def test_of_two_stops_the_first_speaks(self) -> None:
        """The one that has stood longest names itself."""
        stops = (Stopped(LINE, "all", NOW), Stopped(LINE, "line", NOW - 3 * DAY))
        refusal = advance(replace(APPROVED, stopped=stops), self.ASK)
        assert isinstance(refusal, Refusal)
        assert refusal.reasons[0].values["scope"] == "scope_line"

    def test_it_moves_no_stage(self) -> None:
        """With a stopped line it may still be finished, suspended as a whole, withdrawn."""
        case = replace(at(Stage.UNDER_WAY), stopped=(Stopped(LINE, "line", NOW),))
        for verb in (Verb.FINISH, Verb.SUSPEND, Verb.WITHDRAW):
            assert step(case, MADE_BY[verb]).after is LEADS[verb, Stage.UNDER_WAY]


class TestReview:
    """A renewal, or a change of command: judged once more while the approval runs."""

    CHANGED = (Changed(LINE, NOW - DAY),)

    @pytest.mark.parametrize("stage", [Stage.DECIDED, Stage.UNDER_WAY])
    @pytest.mark.parametrize("why", [{"renewing": True}, {"changed": CHANGED}])
    def test_judging_moves_nothing(self, stage: Stage, why: dict[str, object]) -> None:
        """Assessed and advised on, it stays where it is, and so does the approval's end."""
        case = replace(at(stage), **why)  # type: ignore[arg-type]
        assert step(case, MADE_BY[Verb.ASSESS]).after is stage
        case = replace(case, reviewed=True)
        made = step(case, MADE_BY[Verb.ADVISE])
        assert (made.after, made.effects) == (stage, ())

    @pytest.mark.parametrize("verb", [Verb.ASSESS, Verb.ADVISE, Verb.DECIDE])
    @pytest.mark.parametrize("stage", [Stage.DECIDED, Stage.UNDER_WAY])
    def test_not_without_a_reason(self, verb: Verb, stage: Stage) -> None:
        """An approval that nobody asks to renew and nothing has changed under is not judged."""
        assert codes(advance(at(stage), MADE_BY[verb])) == ["wrong_stage"]

    @pytest.mark.parametrize("verb", [Verb.ADVISE, Verb.DECIDE])
    def test_the_old_assessment_does_not_serve_twice(self, verb: Verb) -> None:
        """It is assessed once more before anybody advises or decides."""
        case = replace(at(Stage.UNDER_WAY), renewing=True)
        assert codes(advance(case, MADE_BY[verb])) == ["review_awaited"]

    @pytest.mark.parametrize(
        ("stage", "after"),
        [
            (Stage.DECIDED, Stage.DECIDED),
            (Stage.UNDER_WAY, Stage.UNDER_WAY),
            (Stage.LAPSED, Stage.DECIDED),
        ],
    )
    def test_a_yes_opens_another_approval(self, stage: Stage, after: Stage) -> None:
        """Decided like any other: a new end, new looks; what had lapsed meanwhile stands again."""
        case = replace(at(stage), renewing=True, reviewed=True)
        made = step(case, MADE_BY[Verb.DECIDE])
        until = NOW + 80 * DAY
        assert made.after is after
        assert made.effects == (OpenLease(until, until + 365 * DAY), PlanLooks(NOW))

    @pytest.mark.parametrize("choice", STAYS)
    @pytest.mark.parametrize("stage", [Stage.DECIDED, Stage.UNDER_WAY, Stage.LAPSED])
    def test_a_no_to_a_renewal_leaves_the_approval_its_end(
        self, choice: Choice, stage: Stage
    ) -> None:
        """What was approved stays approved until its day; nothing is added."""
        case = replace(at(stage), renewing=True, reviewed=True)
        made = step(case, replace(MADE_BY[Verb.DECIDE], choice=choice))
        assert (made.after, made.effects) == (stage, ())

    def test_a_no_under_another_commander_ends_it(self) -> None:
        """It was another commander that was approved: the approval ends with the “no”."""
        case = replace(at(Stage.UNDER_WAY), changed=self.CHANGED, reviewed=True)
        made = step(case, replace(MADE_BY[Verb.DECIDE], choice=Choice.NO))
        assert (made.after, made.effects) == (Stage.WITHDRAWN, (EndLease(NOW),))

    def test_nothing_is_delivered_meanwhile(self) -> None:
        """C3: under another commander nothing is authorised until it is decided on again."""
        case = replace(at(Stage.UNDER_WAY), changed=self.CHANGED)
        ask = replace(MADE_BY[Verb.DELIVER], line=LINE)
        assert codes(advance(case, ask)) == ["command_changed"]
        assert step(case, replace(ask, line=OTHER_LINE)).after is Stage.UNDER_WAY

    def test_a_renewal_stops_nothing(self) -> None:
        """Asked for, assessed or refused: until its end the old approval covers deliveries."""
        case = replace(at(Stage.UNDER_WAY), renewing=True, reviewed=True)
        assert step(case, MADE_BY[Verb.DELIVER]).after is Stage.UNDER_WAY

    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"renewal_looks": SOON}, "renewal_looks"),
            ({"unread_looks": SOON}, "looks_unread"),
            ({"renewal_commitments": SOON}, "renewal_commitments"),
            ({"renewing": True}, "renewing"),
            ({"lease_end": NOW}, "lease_ended"),
        ],
    )
    def test_what_bars_a_renewal(self, more: dict[str, object], code: str) -> None:
        """A look that is due, a promise nobody could check, a second asking, an ended approval."""
        case = replace(APPROVED, **more)  # type: ignore[arg-type]
        assert codes(advance(case, MADE_BY[Verb.RENEW])) == [code]

    @pytest.mark.parametrize("verb", [Verb.ASSESS, Verb.ADVISE, Verb.DECIDE])
    def test_nobody_reviews_their_own(self, verb: Verb) -> None:
        """Judged once more, it is judged by others all the same."""
        case = replace(at(Stage.DECIDED), renewing=True, reviewed=True)
        ask = replace(MADE_BY[verb], by=replace(MADE_BY[verb].by, person=NADIA.person))
        assert "own_case" in codes(advance(case, ask))


class TestReopen:
    ASK = MADE_BY[Verb.REOPEN]

    @pytest.mark.parametrize("stage", [Stage.NOT_DONE, Stage.WITHDRAWN])
    def test_what_was_never_approved_waits_for_its_decision(self, stage: Stage) -> None:
        """Assessed and refused or withdrawn: the assessment stands, and somebody decides."""
        assert step(replace(RIPE, stage=stage), self.ASK).after is Stage.ASSESSED

    def test_what_was_never_assessed_is_proposed(self) -> None:
        """There is nothing to decide on yet."""
        assert step(replace(FIRST, stage=Stage.WITHDRAWN), self.ASK).after is Stage.PROPOSED

    @pytest.mark.parametrize("by", [JONAS, HELENA, SAMIR, TOMAS])
    def test_it_opens_no_approval(self, by: Actor) -> None:
        """Law 3: to take up again is not to approve, whoever does it."""
        made = step(at(Stage.CLOSED), replace(self.ASK, by=by))
        assert (made.after, made.effects) == (Stage.PROPOSED, ())


class TestCloseEarly:
    ASK = MADE_BY[Verb.CLOSE_EARLY]

    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"open_looks": SOON[:1]}, "looks_open"),
            ({"unread_looks": SOON[:1]}, "looks_unread"),
            ({"open_commitments": SOON[:1]}, "commitments_open"),
            ({"open_breaches": SOON[:1]}, "breaches_open"),
        ],
    )
    def test_never_with_something_open(self, more: dict[str, object], code: str) -> None:
        """Law 2: less watching, never less looking."""
        case = replace(at(Stage.WATCHED), **more)  # type: ignore[arg-type]
        assert codes(advance(case, self.ASK)) == [code]

    def test_only_while_it_is_watched(self) -> None:
        """After the watch it closes without a decision."""
        late = replace(self.ASK, now=NOW + 445 * DAY)
        assert codes(advance(at(Stage.WATCHED), late)) == ["not_watched"]

    def test_it_follows_the_stakes(self) -> None:
        """The head of office does not shorten what the head of mission had watched."""
        case = at(Stage.WATCHED)
        assert codes(advance(case, replace(self.ASK, by=JONAS))) == ["not_your_move"]
        low = replace(case, stakes=Stakes.ORDINARY)
        assert step(low, replace(self.ASK, by=JONAS)).after is Stage.CLOSED

    @pytest.mark.parametrize("by", [NADIA, TOMAS])
    def test_who_asked_and_who_assessed_do_not(self, by: Actor) -> None:
        """The owner and the assessor close in the usual way, after the watch."""
        ask = replace(self.ASK, by=by, roles=frozenset({"owner"}) if by is NADIA else frozenset())
        assert "not_your_move" in codes(advance(at(Stage.WATCHED), ask))


class TestJudgeOneself:
    @pytest.mark.parametrize("verb", [Verb.ASSESS, Verb.ADVISE])
    def test_nobody_assesses_or_advises_on_their_own(self, verb: Verb) -> None:
        """Assessing and advising are judging too."""
        asked = MADE_BY[verb]
        stage = Stage.PROPOSED if verb is Verb.ASSESS else Stage.ASSESSED
        asked = replace(asked, by=replace(asked.by, person=NADIA.person))
        assert codes(advance(at(stage), asked)) == ["own_case"]


class TestEnds:
    def test_lapse_needs_the_end_to_have_come(self) -> None:
        """Even the clock lapses nothing before its end; at the end it may."""
        early = replace(MADE_BY[Verb.LAPSE], now=NOW + 44 * DAY - INSTANT)
        assert codes(advance(APPROVED, early)) == ["lease_live"]
        assert step(APPROVED, MADE_BY[Verb.LAPSE]).after is Stage.LAPSED

    @pytest.mark.parametrize("by", [NADIA, TOMAS, AMINATA, JONAS, HELENA, SAMIR])
    def test_nobody_but_the_clock_lapses(self, by: Actor) -> None:
        """To end an approval early is to withdraw or suspend it, which takes reasons."""
        ask = replace(MADE_BY[Verb.LAPSE], by=by, roles=frozenset({"owner"}))
        assert codes(advance(APPROVED, ask)) == ["not_your_move"]

    @pytest.mark.parametrize(
        ("watch_until", "after"),
        [
            (NOW + INSTANT, Stage.WATCHED),
            (NOW, Stage.DONE),
            (NOW - DAY, Stage.DONE),
            (None, Stage.DONE),
        ],
    )
    def test_finished_is_watched_until_its_day(
        self, watch_until: datetime | None, after: Stage
    ) -> None:
        """What is delivered is watched as long as the protocol says, then done."""
        case = replace(at(Stage.UNDER_WAY), watch_until=watch_until)
        assert step(case, MADE_BY[Verb.FINISH]).after is after

    def test_what_nobody_delivered_is_not_finished(self) -> None:
        """Approved and never begun, it is withdrawn: finished means that something was given."""
        case = replace(APPROVED, delivered=False)
        assert codes(advance(case, MADE_BY[Verb.FINISH])) == ["nothing_delivered"]
        assert step(case, MADE_BY[Verb.WITHDRAW]).after is Stage.WITHDRAWN

    @pytest.mark.parametrize("verb", [Verb.FINISH, Verb.WITHDRAW, Verb.DISOWN])
    def test_ends_the_lease_now(self, verb: Verb) -> None:
        """Finishing and withdrawing end what is left of a live lease on the spot."""
        assert step(at(Stage.UNDER_WAY), MADE_BY[verb]).effects == (EndLease(NOW),)

    @pytest.mark.parametrize(
        ("verb", "stage"),
        [
            (Verb.LAPSE, Stage.DECIDED),
            (Verb.FINISH, Stage.UNDER_WAY),
            (Verb.WITHDRAW, Stage.SUSPENDED),
            (Verb.DISOWN, Stage.DECIDED),
        ],
    )
    def test_ending_never_lengthens(self, verb: Verb, stage: Stage) -> None:
        """Law 1: what is announced two days late ended when it ended, not when it was announced."""
        late = replace(MADE_BY[verb], now=NOW + 46 * DAY)
        (effect,) = step(at(stage), late).effects
        assert effect == EndLease(NOW + 44 * DAY)

    def test_a_struck_no_ends_nothing(self) -> None:
        """Where nothing was approved there is no end to write."""
        case = replace(RIPE, stage=Stage.NOT_DONE)
        assert step(case, MADE_BY[Verb.DISOWN]).effects == ()


class TestClose:
    ASK = MADE_BY[Verb.CLOSE]

    @pytest.mark.parametrize("stage", [Stage.DONE, Stage.WATCHED, Stage.LAPSED, Stage.WITHDRAWN])
    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"open_looks": SOON[:1]}, "looks_open"),
            ({"unread_looks": SOON[:1]}, "looks_unread"),
            ({"open_commitments": SOON[:1]}, "commitments_open"),
            ({"open_breaches": SOON[:1]}, "breaches_open"),
            ({"watch_until": NOW + 445 * DAY + INSTANT}, "still_watched"),
        ],
    )
    def test_nothing_closes_with_something_open(
        self, stage: Stage, more: dict[str, object], code: str
    ) -> None:
        """Law 2: one open look, commitment or breach, or a watch still on, is enough."""
        case = replace(at(stage), **more)  # type: ignore[arg-type]
        assert codes(advance(case, self.ASK)) == [code]

    def test_every_reason_at_once(self) -> None:
        """All that is still owed is told together, with its counts."""
        case = replace(
            at(Stage.LAPSED),
            open_looks=(*SOON, Due(NOW, month_only=True)),
            open_commitments=SOON,
            open_breaches=SOON[:1],
            lease_end=NOW,
        )
        refusal = advance(case, Ask(Verb.CLOSE, HELENA, NOW))
        assert codes(refusal) == [
            "not_your_move",
            "looks_open",
            "commitments_open",
            "breaches_open",
            "still_watched",
        ]
        assert isinstance(refusal, Refusal)
        assert [why.values["count"] for why in refusal.reasons[1:4]] == [3, 2, 1]
        assert "3, due March 2026, 12 March 2026, 22 March 2026." in str(refusal.reasons[1])

    @pytest.mark.parametrize(("count", "named"), [(1, 1), (6, 6), (7, 7), (60, 7)])
    def test_a_long_list_of_dates_trails_off(self, count: int, named: int) -> None:
        """The nearest six, then “…”: a refusal is a sentence, not a table."""
        looks = tuple(Due(NOW + days * DAY) for days in reversed(range(count)))
        refusal = advance(replace(at(Stage.LAPSED), open_looks=looks), self.ASK)
        assert isinstance(refusal, Refusal)
        (reason,) = refusal.reasons
        due = reason.values["due"]
        assert isinstance(due, tuple)
        assert (reason.values["count"], len(due), due[0]) == (count, named, Due(NOW))
        assert (due[-1] == "…") == (count > 6)

    def test_many_looks_of_one_month_are_one_month(self) -> None:
        """A date is named once, however much falls due on it; the count says how much."""
        looks = (Due(NOW, month_only=True),) * 3
        refusal = advance(replace(at(Stage.LAPSED), open_looks=looks), self.ASK)
        assert isinstance(refusal, Refusal)
        assert "3, due March 2026." in str(refusal.reasons[0])

    def test_what_nobody_approved_needs_no_watch(self) -> None:
        """A proposal withdrawn before any decision closes at once."""
        case = replace(FIRST, stage=Stage.WITHDRAWN)
        assert step(case, replace(self.ASK, now=NOW)).after is Stage.CLOSED


class TestBreach:
    """A delivery is a fact: it is recorded, and this says why no approval covers it."""

    LEASES = ((NOW - 10 * DAY, NOW + 44 * DAY), (NOW + 60 * DAY, NOW + 90 * DAY))
    """Approved, lapsed on day 44, approved again from day 60 to day 90."""
    STOPS = ((NOW + 5 * DAY, NOW + 8 * DAY), (NOW + 70 * DAY, None))
    """Suspended for three days, and from day 70 on."""

    @pytest.mark.parametrize(
        ("happened", "why"),
        [
            (NOW - 10 * DAY - INSTANT, "before_decision"),
            (NOW - 10 * DAY, ""),
            (NOW, ""),
            (NOW + 5 * DAY - INSTANT, ""),
            (NOW + 5 * DAY, "suspended"),
            (NOW + 8 * DAY - INSTANT, "suspended"),
            (NOW + 8 * DAY, ""),
            (NOW + 44 * DAY - INSTANT, ""),
            (NOW + 44 * DAY, "after_end"),
            (NOW + 60 * DAY - INSTANT, "after_end"),
            (NOW + 60 * DAY, ""),
            (NOW + 70 * DAY, "suspended"),
            (NOW + 95 * DAY, "suspended"),
        ],
    )
    def test_its_own_moment_decides(self, happened: datetime, why: str) -> None:
        """Before any approval, while suspended, between two approvals: to the instant."""
        assert breach(happened, self.LEASES, self.STOPS, ()) == why

    @pytest.mark.parametrize("happened", [NOW - DAY, NOW, NOW + 999 * DAY])
    def test_nobody_approved(self, happened: datetime) -> None:
        """Without an approval every delivery came before one."""
        assert breach(happened, (), (), ()) == "before_decision"

    def test_a_running_lease_has_no_end_yet(self) -> None:
        """An approval whose end is open covers what comes."""
        assert breach(NOW + 999 * DAY, ((NOW, None),), (), ()) == ""

    UNMET = ((NOW - 10 * DAY, NOW), (NOW + 20 * DAY, None))
    """Promised with the first approval, met today; found broken on day 20."""

    @pytest.mark.parametrize(
        ("happened", "why"),
        [
            (NOW - 10 * DAY, "before_commitments"),
            (NOW - INSTANT, "before_commitments"),
            (NOW, ""),
            (NOW + 20 * DAY - INSTANT, ""),
            (NOW + 20 * DAY, "before_commitments"),
            (NOW + 50 * DAY, "after_end"),
        ],
    )
    def test_before_what_was_promised(self, happened: datetime, why: str) -> None:
        """What counts is what was met at its own moment, and not on the day of writing."""
        assert breach(happened, self.LEASES, (), self.UNMET) == why

    def test_a_graver_cause_goes_first(self) -> None:
        """Suspended, ended, before any approval: each is said before an unmet promise."""
        always = ((NOW - 99 * DAY, None),)
        assert breach(NOW + 6 * DAY, self.LEASES, self.STOPS, always) == "suspended"
        assert breach(NOW + 50 * DAY, self.LEASES, (), always) == "after_end"
        assert breach(NOW - 11 * DAY, self.LEASES, (), always) == "before_decision"

    def test_a_stop_goes_before_everything(self) -> None:
        """What is suspended was never approved either: still it is the suspension that is told.

        Nor does an emergency pass it.
        """
        stop, emergency = ((NOW, None),), (NOW - DAY, NOW + DAY)
        assert breach(NOW, (), stop, ()) == "suspended"
        assert breach(NOW, self.LEASES, stop, (), emergency) == "suspended"
        assert breach(NOW - INSTANT, (), stop, (), emergency) == ""


class TestSuspensions:
    """From a stop to what ended it, in whatever order the rows are read."""

    @pytest.mark.parametrize(
        ("stops", "ends", "found"),
        [
            ([], [], []),
            ([], [4], []),
            ([1], [], [(1, None)]),
            ([1], [4], [(1, 4)]),
            ([1], [9, 4], [(1, 4)]),
            ([5, 1], [3, 9], [(1, 3), (5, 9)]),
            ([1, 5], [3], [(1, 3), (5, None)]),
            ([5], [3, 9], [(5, 9)]),
            ([3], [3], [(3, 3)]),
            ([1, 3], [3], [(1, 3), (3, None)]),
            ([1, 3], [3, 3], [(1, 3), (3, 3)]),
        ],
    )
    def test_each_ends_with_the_next_end(
        self, stops: list[int], ends: list[int], found: list[tuple[int, int | None]]
    ) -> None:
        """An end without a stop is none; at one instant what made sense came first."""
        periods = suspensions([NOW + n * DAY for n in stops], [NOW + n * DAY for n in ends])
        assert periods == [(NOW + a * DAY, None if b is None else NOW + b * DAY) for a, b in found]


def refusals() -> Iterator[Refusal]:
    """One refusal of every kind there is, by trying everything on a bad case."""
    worst = replace(
        APPROVED,
        assessor=NADIA.person,
        advisers=frozenset({NADIA.person}),
        delivered=False,
        advised=False,
        lease_end=None,
        open_looks=SOON,
        unread_looks=SOON,
        open_commitments=SOON,
        before_open=SOON,
        open_breaches=SOON,
        overdue_looks=SOON,
        renewal_looks=SOON,
        renewal_commitments=SOON,
        stopped=(Stopped(LINE, "unit", NOW),),
        left_out=frozenset({LINE}),
        changed=(Changed(LINE, NOW),),
        renewing=True,
        watch_until=None,
    )
    watched = replace(worst, watch_until=NOW + DAY)
    stops = ((), (HardStop("a", "nobody", {}),), (HardStop("a", "leadership", {}),))
    for stage, verb, hard, until, end in product(
        Stage, Verb, stops, (None, NOW + DAY, NOW + 99 * DAY), (None, NOW, NOW + DAY)
    ):
        for bad in (worst, watched):
            case = replace(bad, stage=stage, hard_stops=hard, lease_end=end)
            ask = Ask(verb, NADIA, NOW, choice=Choice.GO, until=until, line=LINE)
            outcome = advance(case, ask)
            if isinstance(outcome, Refusal):
                yield outcome


def test_every_sentence_of_the_table_can_be_said() -> None:
    """Each reason's sentence takes exactly the values that come with it, and ends as one."""
    said: dict[str, Because] = {}
    for refusal in refusals():
        said |= {reason.code: reason for reason in refusal.reasons}
    written = {
        code for where, code, _, _ in sentences() if where.startswith(("lifecycle.py", "guards.py"))
    }
    assert set(said) == written
    for reason in said.values():
        assert str(reason).endswith(".") and "%(" not in str(reason)
        assert placeholders(reason.says) == set(reason.values)


def placeholders(says: str) -> set[str]:
    return {part.split(")")[0] for part in says.split("%(")[1:]}


def sentences() -> Iterator[tuple[str, str, str, set[str]]]:
    """Where each reason is written in core and actions: file and line, code, sentence, values."""
    root = Path(primum.__file__).parent
    for path in sorted([*(root / "core").rglob("*.py"), *(root / "actions").glob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name(id="refuse"),
                    args=[_, ast.Constant(value=str(code)), ast.Constant(value=str(says))],
                    keywords=keywords,
                ):
                    values = {str(keyword.arg) for keyword in keywords}
                case ast.Call(
                    func=ast.Name(id="Because"),
                    args=[ast.Constant(value=str(code)), ast.Constant(value=str(says)), *rest],
                ):
                    dicts = [each for each in rest if isinstance(each, ast.Dict)]
                    keys = [key for each in dicts for key in each.keys]
                    values = {str(key.value) for key in keys if isinstance(key, ast.Constant)}
                case _:
                    continue
            yield f"{path.name}:{node.lineno}", code, says, values


def test_every_sentence_of_core_and_actions_can_be_said() -> None:
    """No refusal anywhere raises while it is being said: values and placeholders agree."""
    found = list(sentences())
    assert len(found) > 50
    for where, code, says, values in found:
        assert placeholders(says) == values, where
        assert says % dict.fromkeys(values, "x"), where
        assert set(code) <= {*string.ascii_lowercase, "_"}, where

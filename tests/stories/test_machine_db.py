"""A seeded walk of random moves over the real actions, compared with what the core predicts."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction

from primum.actions.advise import advise
from primum.actions.answer_commitment import ANSWERS, answer_commitment
from primum.actions.assess import Beside, assess
from primum.actions.base import NotThere, Refused
from primum.actions.decide import NewDecision, decide
from primum.actions.deliver import NewDelivery, answer_breach, deliver, record_delivery
from primum.actions.finish import close, close_early, finish, lapse
from primum.actions.look import look
from primum.actions.release import release
from primum.actions.renew import ASKED, renew
from primum.actions.reopen import reopen
from primum.actions.stop import (
    NewStop,
    Righted,
    lift,
    resume,
    suspend,
    suspend_scope,
    withdraw,
)
from primum.actions.tick import tick
from primum.actions.weigh_effects import NewWeighing, weigh_effects
from primum.cases import facts
from primum.cases.effects import commitments as commitments_of
from primum.cases.effects import proposed as proposed_for
from primum.cases.models import (
    Accepted,
    Advice,
    Commitment,
    Decision,
    Delivery,
    Effect,
    Entry,
    Look,
    Stop,
)
from primum.core import effects, lifecycle
from primum.core.guards import STOPPABLE
from primum.core.lifecycle import Ask, CaseState, advance, lease_is_live
from primum.core.vocabulary import Choice, Refusal, Stage, Step, Verb
from primum.people import door, queries
from primum.people.sight import Viewer, viewing
from tests.builders import (
    BUILDING,
    CAREFUL,
    GOOD,
    GRAVE,
    commitments,
    everything,
    looks,
    month_end,
    proposed,
    published,
    reasoned,
    row,
    saw,
    short,
    unchanged,
)
from tests.cast import NAMES, NOW, viewer
from tests.effects import BEATEN

pytestmark = pytest.mark.django_db

GOES = (Choice.GO, Choice.GO_WITH_CONDITIONS)
MET, LIST = "access_any_time", "list_of_names"
"""Commitments of the shipped protocol and of the short one."""
OVER = (Stage.CLOSED, Stage.NOT_DONE, Stage.WITHDRAWN)
MOVES = 40
"""So many tries a walk: all walks together stay within some fifteen seconds."""
RIGHT = ("nadia", "tomas", "aminata", "samir", "grace", "jonas", "helena")
SHIPPED = (CAREFUL, CAREFUL, BUILDING, BUILDING, GRAVE)
WORDS = "Said by a random walk."


class Walk:
    """One case and a clock; every try is first put to the core, then to the action."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.now = NOW
        self.near = seed % 2 == 0
        self.cast = {name: viewer(name) for name in NAMES} | {"clock": door.clock()}
        self.made: list[tuple[Verb, str]] = []
        self.refused = self.begun = self.held_up = 0
        self.sure = False
        self.begin()

    def begin(self) -> None:
        """A fresh proposal, under the protocol whose clocks are near or under the shipped one."""
        self.case = proposed(self.now, protocols=(short() if self.near else published(),))
        self.decided: dict[UUID, tuple[object, ...]] = {}
        self.told: list[tuple[datetime, str]] = []
        self.begun += 1

    # What is tried.

    def go(self) -> None:
        for _ in range(MOVES):
            pick = self.random.random()
            if row(self.case).stage in OVER and self.random.random() < 0.25:
                self.begin()
            elif pick < 0.12:
                self.now += self.random.choice((1, 1, 5, 5, 13, 40)) * timedelta(days=1)
            elif pick < 0.2:
                self.tick()
            elif pick < 0.35:
                self.keep()
            elif pick < 0.85:
                self.step()
            else:
                self.beside()
            self.check_row()

    def step(self) -> None:
        """The right move by the right post more often than not; else anything by anybody."""
        now = self.state()
        name, verb = {
            Stage.PROPOSED: ("tomas", Verb.ASSESS),
            Stage.ASSESSED: ("samir", Verb.DECIDE) if now.advised else ("aminata", Verb.ADVISE),
            Stage.DECIDED: self.random.choice(
                (("nadia", Verb.DELIVER), ("nadia", Verb.RENEW), ("jonas", Verb.SUSPEND))
            ),
            Stage.UNDER_WAY: (
                "nadia",
                self.random.choice((Verb.DELIVER, Verb.RENEW, Verb.FINISH)),
            ),
            Stage.CLOSED: ("tomas", Verb.REOPEN),
            Stage.NOT_DONE: ("tomas", Verb.REOPEN),
            Stage.WITHDRAWN: ("tomas", self.random.choice((Verb.REOPEN, Verb.CLOSE))),
            Stage.SUSPENDED: ("samir", Verb.RESUME),
            Stage.LAPSED: ("tomas", self.random.choice((Verb.ASSESS, Verb.CLOSE))),
        }.get(now.stage, ("tomas", Verb.CLOSE))
        if now.renewing and now.stage in (Stage.DECIDED, Stage.UNDER_WAY):
            name, verb = self.review(now)
        self.sure = self.random.random() < 0.6
        if not self.sure:
            name = self.random.choice((*RIGHT, *RIGHT, *self.cast))
            verb = self.random.choice((*ACTIONS, Verb.SUSPEND, Verb.RESUME))
            if verb is Verb.WITHDRAW and self.random.random() < 0.3:
                verb = Verb.SUSPEND
        self.attempt(self.cast[name], verb)

    def review(self, now: CaseState) -> tuple[str, Verb]:
        """What comes next in a renewal, while the old approval runs."""
        if not now.reviewed:
            return "tomas", Verb.ASSESS
        return ("samir", Verb.DECIDE) if now.advised else ("aminata", Verb.ADVISE)

    def attempt(self, by: Viewer, verb: Verb) -> None:
        ask = self.ask(by, verb)
        predicted = advance(self.state(), ask)
        before, ledger = everything(), self.ledger()
        try:
            ACTIONS[verb](self, by, ask)
        except Refused as error:
            self.refused += 1
            assert (
                isinstance(predicted, Refusal)
                or self.already(by, verb)
                or self.waits_for_effects(ask, error)
            )
            unchanged(before)
            assert self.ledger() == ledger
        else:
            assert isinstance(predicted, Step), [reason.code for reason in predicted.reasons]
            assert not (ask.choice in GOES and self.owed_for()), "a yes that answers for nothing"
            assert row(self.case).stage == predicted.after
            self.made.append((verb, predicted.after))
            assert len(self.ledger()) == len(ledger) + 1

    def beside(self) -> None:
        """A fact, an answer or a release: it moves no stage, whoever comes with it."""
        stage, before, ledger = row(self.case).stage, everything(), self.ledger()
        by = self.cast[self.random.choice((*RIGHT, *RIGHT, *self.cast))]
        facts_ = (self.look, self.answer, self.deliver_anyway, self.release)
        acts = (
            *(*facts_, self.write_down_later, *3 * (self.foresee,)),
            *(self.stop_line, self.lift_stop),
        )
        act = self.random.choice(acts)
        if act == self.foresee and self.random.random() < 0.8:
            by = self.cast["tomas"]
        try:
            done = act(by)
        except (Refused, NotThere):
            self.refused += 1
            unchanged(before)
        else:
            assert len(self.ledger()) == len(ledger) + done
        assert row(self.case).stage == stage

    def tick(self) -> None:
        """What has run out lapses, with one line in the ledger; nothing else moves."""
        case, ledger = self.state(), self.ledger()
        ran_out = case.lease_end is not None and self.now >= case.lease_end
        going = case.stage in (Stage.DECIDED, Stage.UNDER_WAY, Stage.SUSPENDED)
        done = tick(by=door.clock(), now=self.now)
        if self.begun == 1:
            assert done.lapsed == (ran_out and going)
        assert row(self.case).stage == (Stage.LAPSED if ran_out and going else case.stage)
        assert len(self.ledger()) == len(ledger) + (ran_out and going)

    # Facts and answers.

    def keep(self) -> None:
        """Those whom it waits for do their work: so that walks reach the later stages."""
        now = row(self.case)
        if now.stage in (Stage.DONE, Stage.WATCHED, Stage.LAPSED):
            for each in looks(self.case):
                if each.state == "open":
                    self.now = max(self.now, each.due)
                    look(by=self.cast["grace"], now=self.now, look=each.id, seen=saw(each))
            if self.random.random() < 0.5:
                self.attempt(self.cast["samir"], Verb.CLOSE_EARLY)
            self.now = max(self.now, now.watch_until or self.now)
        for owed in commitments(self.case):
            if owed.still_owed or owed.may_yet_be_met:
                answer_commitment(
                    by=self.cast["tomas"],
                    now=self.now,
                    commitment=owed.id,
                    answer="kept",
                    words=WORDS,
                    how="visit",
                )

    def look(self, by: Viewer) -> int:
        found = looks(self.case)
        if not found:
            return 0
        result = self.random.choice(("nothing_grave", "grave", "refused", "could_not"))
        which = self.random.choice(found)
        look(by=by, now=self.now, look=which.id, seen=saw(which, result, WORDS))
        return 1

    def answer(self, by: Viewer) -> int:
        with viewing(door.clock()):
            keys = list(Commitment.objects.filter(activity=self.case.activity).order_by("code"))
        if not keys:
            return 0
        said = self.random.choice((*ANSWERS, Commitment.State.KEPT, Commitment.State.KEPT))
        key = self.random.choice(keys).id
        answer_commitment(by=by, now=self.now, commitment=key, answer=said, words=WORDS)
        return 1

    def deliver_anyway(self, by: Viewer) -> int:
        """A fact is never refused, and is a breach exactly when no approval covers it now."""
        now = self.state()
        covered = lease_is_live(now, self.now) and not now.before_open and not now.stopped
        wish = NewDelivery(self.case.line, "Pens")
        key = record_delivery(
            by=by, now=self.now, activity=self.case.activity, delivery=wish, happened=self.now
        )
        with viewing(door.clock()):
            kept = Delivery.objects.get(id=key)
        assert (kept.breach == "") == covered, kept.breach
        self.told.append((self.now, kept.breach))
        # Nothing else happens at the very same instant.
        self.now += timedelta(microseconds=1)
        if kept.breach and self.random.random() < 0.8:
            name = next(name for name in self.cast if self.cast[name].post == kept.answer_post_id)
            answer_breach(by=self.cast[name], now=self.now, delivery=key, words=WORDS)
            return 2
        return 1

    def release(self, by: Viewer) -> int:
        with viewing(door.clock()):
            owed: list[Look | Commitment] = [
                *Look.objects.filter(activity=self.case.activity).order_by("due", "id"),
                *Commitment.objects.filter(activity=self.case.activity).order_by("due", "id"),
            ]
        if not owed:
            return 0
        release(by=by, now=self.now, owed=self.random.choice(owed).id, words=WORDS)
        return 1

    def foresee(self, by: Viewer) -> int:
        """A harm comes to mind, with or without something that meets it; and a good."""
        harm = replace(
            BEATEN,
            seriousness=self.random.choice(effects.SERIOUSNESS),
            likelihood=self.random.choice(effects.LIKELIHOODS),
            met_by=self.random.choice(("", MET, LIST)),
        )
        wish = NewWeighing((harm, GOOD))
        with viewing(by):
            known = commitments_of(self.case.activity)
        if harm.met_by not in known:
            wish = NewWeighing((replace(harm, met_by=""), GOOD))
        weigh_effects(by=by, now=self.now, activity=self.case.activity, weighing=wish)
        return 1

    def serious(self) -> list[Effect]:
        """The harms a yes has to answer for, read row by row."""
        with viewing(door.clock()):
            found = Effect.objects.filter(
                activity=self.case.activity, state__in=("expected", "watching"), good=False
            )
            return [
                row
                for row in found.order_by("at", "id")
                if row.seriousness != "slight" and row.likelihood != "unlikely"
            ]

    def owed_for(self) -> list[Effect]:
        """Of those, which nothing meets and nobody has accepted: worked out in Python."""
        key = self.case.activity
        with viewing(door.clock()):
            accepted = set(Accepted.objects.filter(activity=key).values_list("effect", flat=True))
            rows = Commitment.objects.filter(activity=key)
            owed = {row.code for row in rows if row.state not in ("broken", "released")}
            latest = facts.latest_assessment(key)
            asked = (
                proposed_for(facts.protocol_of(latest.protocol), latest.answers)
                if latest
                else frozenset()
            )
        return [
            row
            for row in self.serious()
            if row.id not in accepted and row.met_by not in owed | asked
        ]

    def waits_for_effects(self, ask: Ask, error: Refused) -> bool:
        """The other refusal the table does not know: a yes with a serious harm unanswered."""
        codes = [reason.code for reason in error.refusal.reasons]
        self.held_up += 1
        return ask.choice in GOES and codes == ["effects_unmet"] and bool(self.owed_for())

    def stop_line(self, by: Viewer) -> int:
        """A suspension of its one line: its stage stays, and one line says so in the ledger."""
        case = self.case
        wish = NewStop("line", WORDS, activity=case.activity, line=case.line)
        suspend_scope(by=by, now=self.now, stop=wish)
        self.now += timedelta(microseconds=1)
        return 1

    def lift_stop(self, by: Viewer) -> int:
        with viewing(door.clock()):
            found = Stop.objects.filter(activity=self.case.activity, scope="line", lift=None)
            keys = list(found.order_by("started").values_list("id", flat=True))
        if not keys:
            return 0
        lift(by=by, now=self.now, stop=keys[0], righted=Righted(WORDS, "Seen."))
        self.now += timedelta(microseconds=1)
        return 1

    def write_down_later(self, by: Viewer) -> int:
        """What was given on an earlier day is judged by that day: told twice, the same both times.

        Nothing that was answered, looked at or let go since makes a breach of it, or undoes one.
        """
        if not self.told:
            return 0
        happened, breach = self.random.choice(self.told)
        wish = NewDelivery(self.case.line, "Pens")
        key = record_delivery(
            by=by, now=self.now, activity=self.case.activity, delivery=wish, happened=happened
        )
        with viewing(door.clock()):
            assert Delivery.objects.get(id=key).breach == breach
        return 1

    # What the core is asked, and what must hold of the rows.

    def ask(self, by: Viewer, verb: Verb) -> Ask:
        with viewing(by):
            mine = row(self.case).owner_id in queries.answers_for(by, self.now)
        roles = frozenset({"owner"} if mine else ())
        ask = Ask(verb, door.actor(by, self.now), self.now, roles, line=self.case.line)
        if verb is not Verb.DECIDE:
            return ask
        no = self.random.random() < 0.2
        choice, days = Choice.NO if no else Choice.GO_WITH_CONDITIONS, 60
        if not self.sure:
            choice = self.random.choice([each for each in Choice if each is not Choice.IN_PART])
            days = self.random.choice((-1, 10, 60, 91))
        return replace(ask, choice=choice, until=self.now + timedelta(days=days))

    def state(self) -> CaseState:
        """The case as one who sees everything would put it to the table."""
        clock = door.clock()
        with viewing(clock):
            latest = facts.latest_assessment(self.case.activity)
            ruling = facts.ruling_for(clock, latest, self.now) if latest else None
            return facts.case_state(clock, row(self.case), self.now, ruling)

    def already(self, by: Viewer, verb: Verb) -> bool:
        """The one refusal the table does not know: a post's second advice on one assessment."""
        with viewing(door.clock()):
            latest = facts.latest_assessment(self.case.activity)
            given = Advice.objects.filter(assessment=latest, post=by.post).exists()
        return verb is Verb.ADVISE and given

    def ledger(self) -> list[UUID]:
        with viewing(door.clock()):
            rows = Entry.objects.filter(case=self.case.activity)
            return sorted(rows.values_list("id", flat=True))

    def check_row(self) -> None:
        """Laws 1, 2 and 11 on the rows themselves, whatever was just tried."""
        now = row(self.case)
        with viewing(door.clock()):
            looked = Look.objects.filter(activity=now, state="open")
            owed = Commitment.objects.filter(Commitment.STILL_OWED, activity=now)
            breaches = Delivery.objects.filter(activity=now, answered=None).exclude(breach="")
            if now.stage == Stage.CLOSED:
                assert not looked.exists() and not owed.exists() and not breaches.exists()
            if now.stage in (Stage.DECIDED, Stage.UNDER_WAY):
                end = self.expected_end(now.approved_until)
                assert now.lease_end is not None and end is not None
                # A lease that died stays where it died; a live one ends where what is owed says.
                if now.lease_end > self.now:
                    assert now.lease_end == end
            for made in Decision.objects.filter(activity=now):
                said = (made.kind, made.choice, made.post_id, made.by_id, made.at,
                        made.approved_until, made.salt)  # fmt: skip
                assert self.decided.setdefault(made.id, said) == said
            assert Decision.objects.filter(activity=now).count() == len(self.decided)

    def expected_end(self, until: datetime | None) -> datetime | None:
        """The end of the lease worked out in Python, from every row."""
        if until is None:
            return None
        rows = Look.objects.filter(activity=self.case.activity, state="open", required=True)
        unmet = Commitment.objects.filter(activity=self.case.activity, timing="before").exclude(
            state__in=("kept", "released")
        )
        return min(
            [
                until,
                *(latest(each) for each in rows),
                *(each.due for each in unmet),
            ]
        )

    def answers(self) -> dict[str, object]:
        return {"who_comes": WORDS} if self.near else dict(self.random.choice(SHIPPED))


def latest(look: Look) -> datetime:
    """The last moment a look saves the lease: an unannounced one tells its month only."""
    grace = look.due + timedelta(days=look.grace_days)
    return month_end(grace) if look.unannounced else grace


def _assess(walk: Walk, by: Viewer, ask: Ask) -> None:
    """In a review the old answers are confirmed one by one."""
    answers, beside = walk.answers(), Beside()
    if row(walk.case).stage in STOPPABLE:
        if not walk.near:
            more = {"what_is_new": ["time_is_up"], "under_way": "no_information"}
            answers = reasoned({**answers, "assessment_kind": "review", **more})
        beside = Beside(still=tuple(answers))
    key = walk.case.activity
    assess(by=by, now=ask.now, activity=key, answers=answers, beside=beside)


def _decide(walk: Walk, by: Viewer, ask: Ask) -> None:
    assert ask.choice is not None
    accepts = walk.owed_for() if walk.random.random() < 0.7 else []
    decision = NewDecision(
        ask.choice,
        WORDS,
        "Told.",
        until=ask.until,
        against_words="The mandate asks for it.",
        accepts={row.id: WORDS for row in accepts},
    )
    decide(by=by, now=ask.now, activity=walk.case.activity, decision=decision)


def _deliver(walk: Walk, by: Viewer, ask: Ask) -> None:
    wish = NewDelivery(walk.case.line, "Pens")
    deliver(by=by, now=ask.now, activity=walk.case.activity, delivery=wish)


def _advise(walk: Walk, by: Viewer, ask: Ask) -> None:
    advise(by=by, now=ask.now, activity=walk.case.activity, position="support", words=WORDS)


def _resume(walk: Walk, by: Viewer, ask: Ask) -> None:
    righted = Righted(WORDS, "Seen by a random walk.")
    resume(by=by, now=ask.now, activity=walk.case.activity, righted=righted)


def _renew(walk: Walk, by: Viewer, ask: Ask) -> None:
    said = dict.fromkeys(ASKED, WORDS)
    renew(by=by, now=ask.now, activity=walk.case.activity, changed=said)


def _with_words(action: Callable[..., object]) -> Callable[[Walk, Viewer, Ask], object]:
    return lambda walk, by, ask: action(
        by=by, now=ask.now, activity=walk.case.activity, words=WORDS
    )


def _plain(action: Callable[..., object]) -> Callable[[Walk, Viewer, Ask], object]:
    return lambda walk, by, ask: action(by=by, now=ask.now, activity=walk.case.activity)


ACTIONS: dict[Verb, Callable[[Walk, Viewer, Ask], object]] = {
    Verb.ASSESS: _assess,
    Verb.ADVISE: _advise,
    Verb.DECIDE: _decide,
    Verb.DELIVER: _deliver,
    Verb.SUSPEND: _with_words(suspend),
    Verb.RESUME: _resume,
    Verb.WITHDRAW: _with_words(withdraw),
    Verb.CLOSE_EARLY: _with_words(close_early),
    Verb.REOPEN: _with_words(reopen),
    Verb.RENEW: _renew,
    Verb.FINISH: _plain(finish),
    Verb.LAPSE: _plain(lapse),
    Verb.CLOSE: _plain(close),
}
ELSEWHERE = {Verb.DISOWN}
"""Moves of a decision recorded on behalf, which nobody does here: tests/actions/test_sheet.py."""


def test_walks() -> None:
    """The rows go where the core says, a refusal changes nothing, each move has one line."""
    tried: Counter[Verb] = Counter()
    refused = held_up = 0
    every = set(ACTIONS) - {Verb.LAPSE}
    # Only the clock lapses, in its ticks; everything else is moved by somebody at least once.
    for seed in range(40):
        if seed >= 5 and every <= set(tried) and held_up and refused > 60:
            break
        with transaction.atomic():
            walk = Walk(seed)
            walk.go()
            transaction.set_rollback(True)
        tried.update(verb for verb, _ in walk.made)
        refused += walk.refused
        held_up += walk.held_up
    assert set(tried) == every, tried
    assert refused > 60
    assert held_up > 0, "no walk met a serious harm that nobody had answered for"


def test_the_walks_know_every_move() -> None:
    """Every move of the table has its action here, so that none goes untried."""
    assert set(ACTIONS) | ELSEWHERE == {move.verb for move in lifecycle.MOVES}

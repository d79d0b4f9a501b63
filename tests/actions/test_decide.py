"""Decide: a named post chooses, in its own words; two at once and one is told so."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connections, transaction

from primum.actions.advise import advise
from primum.actions.assess import assess
from primum.actions.base import NotThere, Refused
from primum.actions.decide import NewDecision, check_choice, decide, goes_against
from primum.actions.finish import lapse
from primum.actions.propose import NewLine
from primum.cases.models import Ground, Ruling
from primum.cases.queries.due import due_items
from primum.core.vocabulary import Choice, Recommendation
from primum.people import door
from primum.people.models import Post
from primum.people.sight import Viewer, viewing
from tests.builders import (
    BUILDING,
    CAREFUL,
    DAY,
    GRAVE,
    INSTANT,
    LEASE,
    LEASE_END,
    UNVISITED,
    Case,
    advised,
    assessed,
    commitments,
    decided,
    decisions,
    held,
    lines,
    looked,
    looks,
    month_end,
    on_record,
    on_short,
    party,
    post,
    proposed,
    published,
    refused,
    row,
    stage,
    told,
    yes,
)
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

NO = NewDecision(Choice.NO, "Not while nobody is held to account.", "Not approved.")


def choose(case: Case, decision: NewDecision, name: str = "samir", now: datetime = NOW) -> UUID:
    return decide(by=viewer(name, now), now=now, activity=case.activity, decision=decision)


def test_decide() -> None:
    """A go opens a lease, plans what follows, and keeps the words apart from what is told."""
    case = advised(CAREFUL)
    key = choose(case, yes())
    (kept,) = decisions(case)
    assert (kept.id, kept.choice, kept.post_id) == (
        key,
        "go_with_conditions",
        post("head-of-mission"),
    )
    assert stage(case) == "decided"
    assert row(case).approved_until == NOW + LEASE
    assert row(case).watch_until == NOW + LEASE + 365 * DAY
    assert len(looks(case)) == 3
    assert lines(case.activity)[-1] == "decide"


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("jonas", ["not_your_move"]),
        ("tomas", ["not_your_move", "assessor"]),
        ("aminata", ["not_your_move", "adviser"]),
        ("grace", ["not_your_move"]),
        ("nadia", ["no_assessment"]),
        ("lena", ["no_assessment"]),
        ("peter", ["no_assessment"]),
    ],
)
def test_who_may_not(name: str, codes: list[str]) -> None:
    """High stakes are above the head of office; the others do not decide at all."""
    case = advised(CAREFUL)
    with refused(*codes):
        choose(case, yes(), name)


def test_what_one_may_not_see_is_not_there() -> None:
    """A post outside the activity's seal is told that there is no such thing."""
    case = advised(CAREFUL, seal="decider")
    with pytest.raises(NotThere):
        choose(case, yes(), "ines")


@pytest.mark.parametrize(
    ("answers", "record", "names"),
    [
        (CAREFUL, True, ("jonas", "helena", "samir")),
        (CAREFUL, False, ("helena", "samir")),
        (UNVISITED, True, ("samir",)),
    ],
)
def test_the_stakes_say_who(
    answers: dict[str, object], record: bool, names: tuple[str, ...]
) -> None:
    """Ordinary to the head of office, high to the deputy, leadership to the head of mission."""
    for name in ("jonas", "helena", "samir"):
        case = proposed()
        if record:
            on_record(case)
        assess(by=viewer("tomas"), now=NOW, activity=case.activity, answers=answers)
        given = {"position": "support", "words": "Yes."}
        advise(by=viewer("aminata"), now=NOW, activity=case.activity, **given)
        if name in names:
            choose(case, yes(), name)
        else:
            with pytest.raises(Refused) as caught:
                choose(case, yes(), name)
            assert caught.value.refusal.reasons[0].code == "not_your_move"
        assert stage(case) == ("decided" if name in names else "assessed")


class TestNotOwn:
    """Law 3: nobody decides on what their post or person proposed, 90 days included."""

    @pytest.mark.parametrize(
        ("since", "own"), [(INSTANT, True), (90 * DAY - INSTANT, True), (90 * DAY, False)]
    )
    def test_ninety_days(self, since: object, own: bool) -> None:
        """The leader who covered the proposer's post decides on its cases 90 days later."""
        case = advised(CAREFUL)
        held("samir", "police-training-officer", NOW - 5 * DAY, NOW)
        now = NOW + since  # type: ignore[operator]
        if own:
            with refused("own_case"):
                choose(case, yes(now), now=now)
        else:
            choose(case, yes(now), now=now)
            assert stage(case) == "decided"

    def test_acting_cover_now(self) -> None:
        """Covering the proposer's post this very week counts."""
        case = advised(CAREFUL)
        held("samir", "police-training-officer", NOW - DAY, None)
        with refused("own_case"):
            choose(case, yes())

    def test_the_proposer_in_the_leaders_chair(self) -> None:
        """Nadia, acting as head of mission, does not decide on her own request, a no neither."""
        case = advised(CAREFUL)
        held("nadia", "head-of-mission", NOW, None)
        leader = door.viewer(viewer("nadia").person, NOW, post("head-of-mission"))
        assert leader is not None
        for decision in (yes(), NO):
            with refused("own_case"):
                decide(by=leader, now=NOW, activity=case.activity, decision=decision)

    def test_the_assessor_in_the_leaders_chair(self) -> None:
        """Tomas, acting as head of mission, does not decide on what he weighed."""
        case = advised(CAREFUL)
        held("tomas", "head-of-mission", NOW, None)
        leader = door.viewer(viewer("tomas").person, NOW, post("head-of-mission"))
        assert leader is not None
        with refused("assessor"):
            decide(by=leader, now=NOW, activity=case.activity, decision=yes())


class TestHardStops:
    @pytest.mark.parametrize("name", ["samir"])
    def test_nobody_passes_what_nobody_may(self, name: str) -> None:
        """Barred: the head of mission does not go either, and may say no."""
        case = advised(GRAVE)
        with refused("hard_stop"):
            choose(case, yes(), name)
        choose(case, NO, name)
        assert stage(case) == "not_done"

    def test_the_leadership_passes_what_it_may(self) -> None:
        """A building without written access: the deputy does not go, the head of mission may."""
        case = advised(UNVISITED)
        with refused("not_your_move", "hard_stop_leadership"):
            choose(case, yes(), "helena")
        choose(case, yes())
        assert stage(case) == "decided"

    def test_going_further_than_recommended_is_kept_with_the_reasons(self) -> None:
        """Where the Ruling said conditions and the choice is a plain go, the ground says so."""
        case = advised(CAREFUL)
        choose(case, yes(choice=Choice.GO))
        with viewing(door.clock()):
            ground = Ground.objects.get(decision__activity=case.activity)
            (shown,) = Ruling.objects.filter(post=post("head-of-mission"))
        assert ground.against
        assert ground.ruling_id == shown.id


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        (yes(words="  "), "no_reasons"),
        (replace(NO, words=""), "no_reasons"),
        (yes(until=-1 * DAY), "until_past"),
        (replace(yes(), until=None), "until_past"),
        (yes(until=90 * DAY + INSTANT), "until_too_far"),
    ],
)
def test_wrong_input(decision: NewDecision, code: str) -> None:
    """No reasons, an end gone by or too far: each is said and nothing is decided."""
    case = advised(CAREFUL)
    with refused(code):
        choose(case, decision)


def test_not_before_the_advice() -> None:
    """A go waits for the secretariat's advice; a no does not."""
    case = assessed(CAREFUL)
    with refused("advice_awaited"):
        choose(case, yes())
    choose(case, NO)
    assert stage(case) == "not_done"


def test_no_ends_it() -> None:
    """A no leaves no lease, no looks, nothing owed, and is told."""
    case = advised(BUILDING)
    choose(case, NO)
    assert stage(case) == "not_done"
    assert row(case).lease_end is None
    assert looks(case) == [] and commitments(case) == []
    assert told(case, "samir") == [("waiting", "Not approved.")]


def waiting(case: Case) -> list[tuple[str, datetime]]:
    with viewing(door.clock()):
        return [
            (item.kind, item.due)
            for item in due_items(door.clock(), NOW)
            if item.case == case.activity
        ]


def test_not_now_keeps_it_waiting_for_the_day_named() -> None:
    """Not now stays assessed and is due again on its review day; then it may be decided."""
    case = advised(CAREFUL)
    review = NOW + 30 * DAY
    not_now = NewDecision(Choice.NOT_NOW, "After the rains.", "Later.", review_by=review)
    choose(case, not_now)
    assert stage(case) == "assessed"
    assert waiting(case) == [("decide", review)]
    assert row(case).lease_end is None
    choose(case, yes(review), now=review)
    assert stage(case) == "decided"
    assert [each.choice for each in decisions(case)] == ["not_now", "go_with_conditions"]


class TestLease:
    """The end of a lease is stored: the earliest of what was approved and what is owed."""

    def test_the_first_look_shortens_it(self) -> None:
        """Eighty days approved, a look due on day 30 with 14 days of grace: to that month's end."""
        case = decided(CAREFUL)
        assert row(case).lease_end == LEASE_END

    def test_a_commitment_before_delivery_shortens_it(self) -> None:
        """What is owed by day 10 and unmet leaves ten days."""
        assert row(on_short()).lease_end == NOW + 10 * DAY

    def test_the_approved_end_when_it_comes_first(self) -> None:
        """An approval for a week ends after a week."""
        case = advised(CAREFUL)
        choose(case, yes(until=7 * DAY))
        assert row(case).lease_end == NOW + 7 * DAY

    def test_asked_again_after_a_lapse(self) -> None:
        """The look made, assessed, advised and decided anew: a new lease from that day."""
        case = decided(CAREFUL)
        later = LEASE_END + DAY
        lapse(by=door.clock(), now=later, activity=case.activity)
        looked(case, later)
        self.judge_again(case, later)
        assert stage(case) == "decided"
        assert row(case).lease_end == month_end(later + 44 * DAY)
        # What the first approval planned and nobody has made yet is owed on, and not twice: new
        # looks come after the last of them.
        owed = [each.plan for each in looks(case) if each.state == "open"]
        assert sorted(owed) == [*["course_look"] * 3, "first_look"]

    def test_a_second_approval_is_looked_at_as_long_as_the_first(self) -> None:
        """Law 2: looks reach as far beyond the second approval as beyond the first."""
        case = decided(CAREFUL)
        for which, days in enumerate((30, 180)):
            looked(case, NOW + days * DAY, which)
        later = NOW + 280 * DAY
        lapse(by=door.clock(), now=later, activity=case.activity)
        self.judge_again(case, later)
        assert looks(case)[-1].due >= later + 360 * DAY

    def judge_again(self, case: Case, now: datetime) -> None:
        assess(by=viewer("tomas"), now=now, activity=case.activity, answers=CAREFUL)
        given = {"position": "support", "words": "Again."}
        advise(by=viewer("aminata"), now=now, activity=case.activity, **given)
        choose(case, yes(now), now=now)

    def test_asked_again_with_an_old_look_still_owed(self) -> None:
        """A go that could authorise nothing is refused with its reason, not granted in name."""
        case = decided(CAREFUL)
        later = LEASE_END + DAY
        lapse(by=door.clock(), now=later, activity=case.activity)
        with pytest.raises(Refused) as caught:
            self.judge_again(case, later)
        assert [reason.code for reason in caught.value.refusal.reasons] == ["looks_overdue"]
        assert stage(case) == "assessed"
        choose(case, NO, now=later)
        assert stage(case) == "not_done"


def test_stakes_add_up_when_the_decision_is_taken() -> None:
    """Law 3: cutting a request into several assessed on one day does not keep them small."""
    unit = party()
    line = NewLine(unit, "training_advisory", "Course", value_usd=49_000, people=20)
    made = []
    for _ in range(5):
        case = proposed(lines=(line,), protocols=(published(),))
        case = replace(case, party=unit)
        on_record(case)
        assess(by=viewer("tomas"), now=NOW, activity=case.activity, answers=CAREFUL)
        given = {"position": "support", "words": "Yes."}
        advise(by=viewer("aminata"), now=NOW, activity=case.activity, **given)
        made.append(case)
    for case in made[:4]:
        choose(case, yes(), "jonas")
    with refused("not_your_move"):
        choose(made[4], yes(), "jonas")


def race(*moves: Callable[[], object]) -> list[object]:
    """Run these at once, each in a thread and a connection of its own."""
    start = Barrier(len(moves))

    def run(one: Callable[[], object]) -> object:
        try:
            start.wait(10)
            return one()
        except Refused as refusal:
            return refusal
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(len(moves)) as pool:
        return list(pool.map(run, moves))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("second", [yes(choice=Choice.GO), NO])
def test_two_deciders_at_once(second: NewDecision) -> None:
    """One wins; the other changes nothing and is told which post decided, whatever was chosen."""
    case = advised(CAREFUL)
    deciders: dict[str, tuple[Viewer, NewDecision]] = {
        "head-of-mission": (viewer("samir"), yes()),
        "deputy-head-of-mission": (viewer("helena"), second),
    }

    def move(by: Viewer, decision: NewDecision) -> Callable[[], object]:
        return lambda: decide(by=by, now=NOW, activity=case.activity, decision=decision)

    outcomes = race(*(move(by, decision) for by, decision in deciders.values()))
    (lost,) = [each for each in outcomes if isinstance(each, Refused)]
    (kept,) = decisions(case)
    (reason,) = lost.refusal.reasons
    if reason.code == "wrong_stage":
        # The slower one had not yet read the case when the faster one was through.
        assert stage(case) in str(reason)
    else:
        assert reason.code == "overtaken"
        assert reason.values["post"] == Post.objects.get(id=kept.post_id).titles
        assert reason.values["at"] == NOW
    assert lines(case.activity).count("decide") == 1
    with viewing(door.clock()):
        assert Ground.objects.filter(decision__activity=case.activity).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "first", [yes(), NO, NewDecision(Choice.NOT_NOW, "After the rains.", "Later.")]
)
def test_a_decider_held_up_by_another_is_overtaken(first: NewDecision) -> None:
    """Read before the other's commit, written after it: “overtaken”, with the post and the time."""
    case = advised(CAREFUL)
    helena, samir, now = viewer("helena"), viewer("samir"), NOW + DAY
    before = len(lines(case.activity))

    def second() -> object:
        try:
            return decide(by=samir, now=NOW + 2 * DAY, activity=case.activity, decision=NO)
        except Refused as refusal:
            return refusal
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            decide(by=helena, now=now, activity=case.activity, decision=first)
            late = pool.submit(second)
            wait_until_blocked()
        lost = late.result(20)
    assert isinstance(lost, Refused)
    (reason,) = lost.refusal.reasons
    assert reason.code == "overtaken"
    assert reason.values["post"] == Post.objects.get(code="deputy-head-of-mission").titles
    assert reason.values["at"] == now
    assert [each.post_id for each in decisions(case)] == [helena.post]
    assert len(lines(case.activity)) == before + 1


def wait_until_blocked() -> None:
    """Until some other connection waits for a row that this one holds."""
    for _ in range(500):
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waited")


@pytest.mark.parametrize("word", ["maybe", "", "GO"])
def test_a_choice_is_one_of_four(word: str) -> None:
    """Any other word of a form is refused."""
    with pytest.raises(Refused, match="one of the four"):
        check_choice(word)


def test_against_is_going_further() -> None:
    """Stopping short of a recommendation is never against it; going further always is."""
    further = {
        (recommended, choice)
        for recommended in Recommendation
        for choice in Choice
        if goes_against(recommended, choice)
    }
    assert further == {
        (Recommendation.NO, Choice.GO),
        (Recommendation.NO, Choice.GO_WITH_CONDITIONS),
        (Recommendation.NOT_YET, Choice.GO),
        (Recommendation.NOT_YET, Choice.GO_WITH_CONDITIONS),
        (Recommendation.GO_WITH_CONDITIONS, Choice.GO),
    }

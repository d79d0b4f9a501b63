"""Decide: a named post chooses, in its own words; two at once and one is told so."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
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
from primum.actions.release import release
from primum.actions.sheet import SignedSheet
from primum.cases.models import Assessment, Ground, Ruling
from primum.cases.queries.activity import activity_page
from primum.cases.queries.due import desk, due_items
from primum.core.vocabulary import Choice, Recommendation, Verb
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
    met,
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

MONTHLY = "confirmed_each_month"
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

    @pytest.mark.parametrize("name", ["samir", "bruno"])
    def test_recorded_by_whoever_no_look_is_planned_twice(self, name: str) -> None:
        """F1: for who records on behalf the open looks are sealed; what is planned is the same."""
        case = met(decided(BUILDING))
        first = {each.id: each.due for each in looks(case)}
        monthly_first = [each.due for each in commitments(case) if each.code == MONTHLY]
        later = NOW + 40 * DAY
        looked(case, later)
        lapse(by=door.clock(), now=row(case).lease_end or later, activity=case.activity)
        later = NOW + 62 * DAY
        assess(by=viewer("tomas"), now=later, activity=case.activity, answers=BUILDING)
        given = {"position": "support", "words": "Again."}
        advise(by=viewer("aminata"), now=later, activity=case.activity, **given)
        sheet = SignedSheet(post("head-of-mission"), "sheet.pdf", b"%PDF-1.7 signed")
        decision = yes(later, on_behalf=sheet if name == "bruno" else None)
        choose(case, decision, name, later)
        fresh = [each for each in looks(case) if each.id not in first]
        assert fresh
        for each in fresh:
            still = [k for k in looks(case) if k.plan == each.plan and k.state == "open"]
            assert all(k.due < each.due for k in still if k.id in first)
        open_now = [each for each in commitments(case) if each.state == "open"]
        monthly = [each.due for each in open_now if each.code == MONTHLY]
        once = [each.code for each in open_now if each.code != MONTHLY]
        assert len(once) == len(set(once))
        # What is promised every month is open once a month: later ones follow the earlier ones.
        assert set(monthly_first) < set(monthly)
        assert all(b - a >= 30 * DAY for a, b in pairwise(sorted(monthly)))

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
    made = side_by_side(5)
    for case in made[:4]:
        choose(case, yes(), "jonas")
    with refused("not_your_move"):
        choose(made[4], yes(), "jonas")
    # It stands on the desk of the post above now, and on its page; there it may be decided.
    assert [desk_of(name, made[4]) for name in ("jonas", "helena")] == [[], ["decide"]]
    jonas = viewer("jonas")
    with viewing(jonas):
        shown = activity_page(jonas, made[4].activity, NOW)
    assert shown is not None and Verb.DECIDE not in shown.moves
    assert (shown.stakes, shown.decider) == ("high", post("deputy-head-of-mission"))
    choose(made[4], yes(), "helena")
    assert stage(made[4]) == "decided"


def test_what_the_stakes_had_risen_to_stays_with_the_case() -> None:
    """Decided above, it is also let go and gone on with above; the earlier ones stay where they
    were decided."""
    made = side_by_side(5)
    for case in made[:4]:
        choose(case, yes(), "jonas")
    choose(made[4], yes(), "helena")
    words = "Not needed here."
    with refused("not_your_move"):
        release(by=viewer("jonas"), now=NOW, owed=looks(made[4])[0].id, words=words)
    release(by=viewer("jonas"), now=NOW, owed=looks(made[0])[0].id, words=words)
    with viewing(door.clock()):
        decided_on = Ground.objects.exclude(stakes="")
        said = dict(decided_on.values_list("decision__activity", "stakes"))
    assert (said[made[0].activity], said[made[4].activity]) == ("ordinary", "high")


def test_a_no_at_the_old_stakes_is_refused_too() -> None:
    """Who may not approve it does not refuse it either: it belongs to the post above."""
    made = side_by_side(5)
    for case in made[:4]:
        choose(case, yes(), "jonas")
    with refused("not_your_move"):
        choose(made[4], NO, "jonas")
    choose(made[4], NO, "helena")


def side_by_side(count: int) -> list[Case]:
    """So many requests of 49,000 dollars for one unit, each low and small, assessed on one day."""
    unit = party()
    line = NewLine(unit, "training_advisory", "Course", value_usd=49_000, people=20)
    made = []
    for _ in range(count):
        case = proposed(lines=(line,), protocols=(published(),))
        case = replace(case, party=unit)
        on_record(case)
        assess(by=viewer("tomas"), now=NOW, activity=case.activity, answers=CAREFUL)
        given = {"position": "support", "words": "Yes."}
        advise(by=viewer("aminata"), now=NOW, activity=case.activity, **given)
        made.append(case)
    return made


def desk_of(name: str, case: Case) -> list[str]:
    by = viewer(name)
    with viewing(by):
        return [item.kind for item in desk(by, NOW)["decide"] if item.case == case.activity]


@pytest.mark.django_db(transaction=True)
def test_two_parts_of_one_request_decided_at_once() -> None:
    """Law 3: at one moment they add up as well; the second is told that it goes higher."""
    made = side_by_side(5)
    for case in made[:3]:
        choose(case, yes(), "jonas")
    jonas = viewer("jonas")

    def move(case: Case) -> Callable[[], object]:
        return lambda: decide(by=jonas, now=NOW, activity=case.activity, decision=yes())

    outcomes = race(*(move(case) for case in made[3:]))
    (lost,) = [each for each in outcomes if isinstance(each, Refused)]
    assert [reason.code for reason in lost.refusal.reasons] == ["not_your_move"]
    assert sorted(stage(case) for case in made[3:]) == ["assessed", "decided"]


class TestSplit:
    """Law 3: what is cut under a limit is noticed, and those who judge are told."""

    def request(self, unit: UUID, value: int, people: int = 5, now: datetime = NOW) -> Case:
        line = NewLine(unit, "training_advisory", "Course", value_usd=value, people=people)
        return replace(proposed(now, lines=(line,)), party=unit)

    def noticed(self, case: Case, now: datetime = NOW) -> bool:
        assess(by=viewer("tomas", now), now=now, activity=case.activity, answers=CAREFUL)
        with viewing(door.clock()):
            return Assessment.objects.filter(activity=case.activity).order_by("-at")[0].split

    @pytest.mark.parametrize(
        ("values", "split"),
        [
            ((25_000, 24_999), False),
            ((25_000, 25_000), True),
            ((10_000, 60_000), False),
            ((20_000, 20_000, 20_000), True),
        ],
    )
    def test_money(self, values: tuple[int, ...], split: bool) -> None:
        """Together at the limit of one request, each alone below it."""
        unit = party()
        *_, last = [self.request(unit, value) for value in values]
        assert self.noticed(last) is split

    def test_people(self) -> None:
        """Two courses of twenty-five for one unit are a course of fifty."""
        unit = party()
        self.request(unit, 1, people=25)
        assert self.noticed(self.request(unit, 1, people=25))

    def test_other_parties(self) -> None:
        """What another unit asks for is another request."""
        self.request(party(), 25_000)
        assert not self.noticed(self.request(party(), 25_000))

    @pytest.mark.parametrize(("days", "split"), [(89, True), (90, False)])
    def test_ninety_days(self, days: int, split: bool) -> None:
        """Asked for long ago and not approved since, it is another matter."""
        unit = party()
        self.request(unit, 25_000)
        later = NOW + days * DAY
        assert self.noticed(self.request(unit, 25_000, now=later), later) is split

    def test_approved_lately_counts_however_long_ago_it_was_asked_for(self) -> None:
        """Asked for in March, approved in June: in July it counts."""
        unit = party()
        first = self.request(unit, 25_000)
        june = NOW + 100 * DAY
        assert not self.noticed(first, june)
        given = {"position": "support", "words": "Yes."}
        advise(by=viewer("aminata"), now=june, activity=first.activity, **given)
        choose(first, yes(june), now=june)
        july = june + 30 * DAY
        assert self.noticed(self.request(unit, 25_000, now=july), july)

    def test_what_was_refused_does_not_count(self) -> None:
        """Asked for, refused, asked for anew: that is one request."""
        unit = party()
        first = self.request(unit, 25_000)
        self.noticed(first)
        given = {"position": "object", "words": "No."}
        advise(by=viewer("aminata"), now=NOW, activity=first.activity, **given)
        choose(first, NO)
        assert not self.noticed(self.request(unit, 25_000))

    def test_those_who_judge_are_told_and_nobody_else(self) -> None:
        """Assessor, adviser and deciders read it on the page; proposer, monitor's desk not."""
        unit = party()
        self.request(unit, 25_000)
        case = self.request(unit, 25_000)
        assert self.noticed(case)
        for name, knows in (
            *((name, True) for name in ("tomas", "aminata", "jonas", "helena", "samir", "bruno")),
            *((name, False) for name in ("nadia", "ines", "eva", "lena", "karim", "peter")),
        ):
            by = viewer(name)
            with viewing(by):
                shown = activity_page(by, case.activity, NOW)
            assert shown is not None and shown.split is knows, name


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
def test_a_choice_is_one_of_those_offered(word: str) -> None:
    """Any other word of a form is refused."""
    with pytest.raises(Refused, match="one of the answers"):
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
        (Recommendation.NO, Choice.IN_PART),
        (Recommendation.NOT_YET, Choice.IN_PART),
        (Recommendation.NOT_YET, Choice.GO),
        (Recommendation.NOT_YET, Choice.GO_WITH_CONDITIONS),
        (Recommendation.GO_WITH_CONDITIONS, Choice.GO),
    }

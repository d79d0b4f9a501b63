"""Tick: it announces what has run out. Twice, late or killed halfway, it says the same once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from primum.actions import tick as halves
from primum.actions.advise import advise
from primum.actions.assess import assess
from primum.actions.decide import NewDecision, decide
from primum.actions.look import Seen, look
from primum.actions.stop import suspend
from primum.actions.tick import Round, tick
from primum.cases.models import Reminder
from primum.cases.queries.due import due_items
from primum.core.vocabulary import Choice
from primum.people import door
from primum.people.sight import Viewer, viewing
from tests.builders import (
    CAREFUL,
    DAY,
    INSTANT,
    LEASE_END,
    Case,
    advised,
    assessed,
    decided,
    everything,
    lines,
    looks,
    on_record,
    on_short,
    post,
    proposed,
    row,
    saw,
    stage,
    under_way,
    yes,
)
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

Told = set[tuple[str, int, object]]


def run(now: datetime) -> Round:
    return tick(by=door.clock(), now=now)


def told(case: Case) -> Told:
    """What was reminded of, at which step, to which post."""
    with viewing(door.clock()):
        rows = Reminder.objects.filter(case=case.activity)
        return {(each.what, each.step, each.post_id) for each in rows}


@pytest.mark.parametrize("build", [lambda: decided(CAREFUL), under_way])
def test_tick(build: Callable[[], Case]) -> None:
    """Nobody looked: at its end the approval is said to have lapsed, and those due are told."""
    case = build()
    done = run(LEASE_END)
    assert stage(case) == "lapsed"
    assert (done.lapsed, done.reminded) == (1, 3)
    assert lines(case.activity)[-1] == "lapse"


@pytest.mark.parametrize("name", ["samir", "tomas", "nadia"])
def test_nobody_else_lapses_by_ticking(name: str) -> None:
    """A person who runs it lapses nothing: the clock's post alone may."""
    case = decided(CAREFUL)
    person: Viewer = viewer(name, LEASE_END)
    done = tick(by=person, now=LEASE_END)
    assert done.lapsed == 0
    assert stage(case) == "decided"


@pytest.mark.parametrize(("now", "after"), [(-INSTANT, "decided"), (0 * DAY, "lapsed")])
def test_at_its_very_end(now: timedelta, after: str) -> None:
    """Not an instant before the end."""
    case = decided(CAREFUL)
    run(LEASE_END + now)
    assert stage(case) == after


def test_suspended_cases_run_out_too() -> None:
    """A suspension holds no lease alive."""
    case = under_way()
    suspend(by=viewer("jonas"), now=NOW + DAY, activity=case.activity, words="A shot.")
    run(LEASE_END)
    assert stage(case) == "lapsed"


def test_twice_is_once() -> None:
    """The second run of one moment lapses nothing, says nothing, writes nothing but its own row."""
    proposed()
    assessed(CAREFUL)
    decided(CAREFUL)
    first = run(NOW + 60 * DAY)
    before = everything()
    again = run(NOW + 60 * DAY)
    after = everything()
    assert (first.lapsed, again.lapsed, again.reminded) == (1, 0, 0)
    assert first.reminded > 0
    assert [table for table in after if after[table] != before[table]] == ["cases_tick"]


def test_a_hundred_ticks_say_no_more_than_one() -> None:
    """Ticked daily for a hundred days or once at their end: the same reminders, the same stage."""
    case = decided(CAREFUL)
    with transaction.atomic():
        point = transaction.savepoint()
        run(NOW + 100 * DAY)
        once = (told(case), stage(case))
        transaction.savepoint_rollback(point)
    for days in range(101):
        run(NOW + days * DAY)
    assert (told(case), stage(case)) == once


class TestReminders:
    """The post on the day, its supervisor's post a week later, the leadership after two."""

    def steps(self, case: Case, due: datetime, what: str) -> list[tuple[int, object]]:
        """Tick an instant before and at each step; what is new each time."""
        found: list[tuple[int, object]] = []
        for days in (0, 7, 14):
            run(due + days * DAY - INSTANT)
            before = told(case)
            run(due + days * DAY)
            fresh = [(step, to) for kind, step, to in told(case) - before if kind == what]
            assert len(fresh) == 1, (days, fresh)
            found += fresh
        return found

    def test_assess(self) -> None:
        """Proposed and nobody assesses: after five days the officer, then the chief."""
        assert self.steps(proposed(), NOW + 5 * DAY, "assess") == [
            (0, post("due-diligence-officer")),
            (1, post("chief-due-diligence")),
            (2, post("head-of-mission")),
        ]

    def test_advise(self) -> None:
        """Assessed and nobody advises: after three days the chief, then the director's post."""
        assert self.steps(assessed(CAREFUL), NOW + 3 * DAY, "advise") == [
            (0, post("chief-due-diligence")),
            (1, post("director-human-rights")),
            (2, post("head-of-mission")),
        ]

    def test_decide(self) -> None:
        """Advised and nobody decides: late is not yes, and the next post up hears of it."""
        case = advised(CAREFUL)
        assert self.steps(case, NOW + 5 * DAY, "decide") == [
            (0, post("deputy-head-of-mission")),
            (1, post("head-of-mission")),
            (2, post("head-of-mission")),
        ]
        assert stage(case) == "assessed"

    def test_decide_at_ordinary_stakes(self) -> None:
        """The head of office is told first where the case is theirs."""
        case = proposed()
        on_record(case)
        assess(by=viewer("tomas"), now=NOW, activity=case.activity, answers=CAREFUL)
        given = {"position": "support", "words": "Yes."}
        advise(by=viewer("aminata"), now=NOW, activity=case.activity, **given)
        assert self.steps(case, NOW + 5 * DAY, "decide")[:2] == [
            (0, post("head-of-office-kodwel")),
            (1, post("deputy-head-of-mission")),
        ]

    def test_look(self) -> None:
        """A look not made: the monitor on its day, the officer above, the head of mission."""
        case = decided(CAREFUL)
        assert self.steps(case, NOW + 30 * DAY, "look") == [
            (0, post("field-monitor-kodwel")),
            (1, post("due-diligence-officer")),
            (2, post("head-of-mission")),
        ]

    def test_verify(self) -> None:
        """A promise nobody checks is asked for like a look."""
        case = on_short()
        run(NOW + 10 * DAY)
        assert ("verify", 0, post("due-diligence-officer")) in told(case)

    def test_what_is_done_in_time_is_not_reminded_of(self) -> None:
        """Whoever does it before its day hears nothing."""
        case = on_short()
        first = looks(case)[0].id
        look(by=viewer("grace"), now=NOW + DAY, look=first, seen=Seen("nothing_grave", "visit"))
        run(NOW + 20 * DAY)
        assert not any(what == "look" for what, _, _ in told(case))

    def test_the_day_promised_is_reminded_of_again(self) -> None:
        """Reminded on day 5, “not now” with a review on day 40: on day 40 they are told again."""
        case = advised(CAREFUL)
        assert run(NOW + 5 * DAY).reminded == 1
        review = NOW + 40 * DAY
        not_now = NewDecision(Choice.NOT_NOW, "After the rains.", "Later.", review_by=review)
        decide(by=viewer("samir"), now=NOW + 8 * DAY, activity=case.activity, decision=not_now)
        assert run(review).reminded == 1

    def test_a_second_round_is_reminded_of_too(self) -> None:
        """Advice came late once; after the lapse it is late again, and asked for again."""
        case = assessed(CAREFUL)
        run(NOW + 3 * DAY)
        assert ("advise", 0, post("chief-due-diligence")) in told(case)
        given = {"position": "support", "words": "Yes."}
        later = NOW + 6 * DAY
        advise(by=viewer("aminata"), now=later, activity=case.activity, **given)
        decide(by=viewer("samir"), now=later, activity=case.activity, decision=yes(later))
        again = NOW + 60 * DAY
        run(again)
        assess(by=viewer("tomas"), now=again, activity=case.activity, answers=CAREFUL)
        run(again + 3 * DAY - INSTANT)
        before = told(case)
        assert before and run(again + 3 * DAY).reminded == 1

    def test_a_day_promised_in_the_first_round_is_over(self) -> None:
        """“Not now” until day 10, approved then, lapsed, assessed anew: due in five days again."""
        case = advised(CAREFUL)
        review = NOW + 10 * DAY
        not_now = NewDecision(Choice.NOT_NOW, "After the rains.", "Later.", review_by=review)
        decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=not_now)
        decide(by=viewer("samir"), now=review, activity=case.activity, decision=yes(review))
        again = NOW + 90 * DAY
        run(again)
        look(by=viewer("grace"), now=again, look=looks(case)[0].id, seen=saw(looks(case)[0]))
        assess(by=viewer("tomas"), now=again, activity=case.activity, answers=CAREFUL)
        with viewing(door.clock()):
            (due,) = [
                item.due
                for item in due_items(door.clock(), again)
                if item.case == case.activity and item.kind == "decide"
            ]
        assert due == again + 5 * DAY

    def test_a_promise_owed_anew_is_reminded_of_anew(self) -> None:
        """The list was late on day 10; promised again, it is late again on its new day."""
        case = on_short()
        run(NOW + 10 * DAY)
        later = NOW + 12 * DAY
        assess(by=viewer("tomas"), now=later, activity=case.activity, answers={"who_comes": "All"})
        given = {"position": "support", "words": "Yes."}
        advise(by=viewer("aminata"), now=later, activity=case.activity, **given)
        decide(by=viewer("samir"), now=later, activity=case.activity, decision=yes(later, 30 * DAY))
        with viewing(door.clock()):
            before = Reminder.objects.filter(what="verify", step=0).count()
        run(later + 10 * DAY)
        with viewing(door.clock()):
            dues = Reminder.objects.filter(what="verify", step=0).values_list("due", flat=True)
            assert (before, len(dues)) == (1, 2)
            assert set(dues) == {NOW + 10 * DAY, later + 10 * DAY}


class TestKilled:
    """Killed at any point between its parts, the next run does what is left, and once."""

    def whole(self, case: Case, now: datetime) -> tuple[Told, str, list[str]]:
        """What an uninterrupted run leaves behind; taken back afterwards."""
        with transaction.atomic():
            point = transaction.savepoint()
            run(now)
            left = (told(case), stage(case), lines(case.activity))
            transaction.savepoint_rollback(point)
        return left

    def test_between_lapse_and_reminders(self) -> None:
        """Lapsed and then killed: the next run reminds, and does not lapse twice."""
        case, now = decided(CAREFUL), NOW + 60 * DAY
        expected = self.whole(case, now)
        for key in halves._run_out(door.clock(), now):
            assert halves._lapse(door.clock(), now, key)
        assert (stage(case), told(case)) == ("lapsed", set())
        done = run(now)
        assert (done.lapsed, done.reminded) == (0, len(expected[0]))
        assert (told(case), stage(case), lines(case.activity)) == expected

    def test_between_reading_and_lapsing(self) -> None:
        """Read and then killed: nothing has happened yet, and the next run does it all."""
        case, now = decided(CAREFUL), NOW + 60 * DAY
        expected = self.whole(case, now)
        assert halves._run_out(door.clock(), now) == [case.activity]
        run(now)
        assert (told(case), stage(case), lines(case.activity)) == expected

    def test_before_its_row_is_written(self) -> None:
        """Reminded and then killed: the transaction goes as a whole, and nobody is told twice."""
        case, now = decided(CAREFUL), NOW + 60 * DAY
        expected = self.whole(case, now)
        run(now)
        with viewing(door.clock()):
            assert halves._remind(door.clock(), now) == 0
        assert told(case) == expected[0]

    def test_one_that_was_renewed_meanwhile(self) -> None:
        """Read as run out and renewed before it was lapsed: left alone, the others go on."""
        case, other = on_short(), decided(CAREFUL)
        now = LEASE_END
        read = halves._run_out(door.clock(), now)
        assert set(read) == {case.activity, other.activity}
        assert not halves._lapse(door.clock(), NOW + 9 * DAY, case.activity)
        assert halves._lapse(door.clock(), now, other.activity)
        assert (stage(case), stage(other)) == ("decided", "lapsed")
        assert row(case).lease_end == NOW + 10 * DAY

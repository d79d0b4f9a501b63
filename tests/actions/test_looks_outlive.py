"""Looks outlive staff and projects: five years at a police post, from its hand-over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from primum.actions.assess import assess
from primum.actions.decide import decide
from primum.actions.deliver import NewDelivery, deliver, record_delivery
from primum.actions.look import look
from primum.actions.tick import tick
from primum.cases.models import Look, Reminder
from primum.cases.queries.due import desk
from primum.people import door
from primum.people.models import Holding
from primum.people.sight import viewing
from tests.builders import (
    BUILDING,
    DAY,
    Case,
    advised,
    decided,
    emptied,
    looks,
    met,
    post,
    row,
    saw,
    yes,
)
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

HANDED_OVER = NOW + 20 * DAY
DAYS = (16, 106, 196, 286, 376, 466, 556, 646, 730, 1095, 1460, 1825)


def building(case: Case) -> list[Look]:
    return [each for each in looks(case) if each.plan == "building_look"]


def handed_over(now: datetime = HANDED_OVER) -> Case:
    """The post is built and given to those who will use it."""
    case = met(decided(BUILDING), now)
    what = NewDelivery(case.line, "The keys were given")
    deliver(by=viewer("nadia", now), now=now, activity=case.activity, delivery=what)
    return case


def test_nothing_is_counted_before_the_hand_over() -> None:
    assert building(decided(BUILDING)) == []


def test_five_years_from_the_hand_over() -> None:
    """Soon, every quarter for two years, then yearly: each has a post and a place."""
    found = building(handed_over())
    assert [(each.due - HANDED_OVER).days for each in found] == list(DAYS)
    assert found[0].due + found[0].grace_days * DAY <= HANDED_OVER + 30 * DAY
    assert found[-1].due >= HANDED_OVER + 5 * timedelta(days=365)
    assert {each.post_id for each in found} == {post("field-monitor-kodwel")}
    assert all(each.place_id and each.unannounced for each in found)


def test_a_second_delivery_is_no_second_hand_over() -> None:
    case = handed_over()
    now = HANDED_OVER + 5 * DAY
    more = NewDelivery(case.line, "Furniture")
    deliver(by=viewer("nadia", now), now=now, activity=case.activity, delivery=more)
    assert len(building(case)) == len(DAYS)


def test_a_renewal_plans_nothing_twice() -> None:
    """Whatever is approved later: the five years run from the hand-over."""
    case = handed_over()
    before = [each.due for each in building(case)]
    first = next(each for each in looks(case) if each.plan == "first_look")
    now = NOW + 30 * DAY
    look(by=viewer("grace", now), now=now, look=first.id, seen=saw(first))
    assert [each.due for each in building(case)] == before


def test_handed_over_before_anybody_approved() -> None:
    """A breach, and a building all the same: its looks are planned once it is decided on."""
    case = advised(BUILDING)
    gift = NewDelivery(case.line, "The keys were given")
    long_ago = NOW - 50 * DAY
    record_delivery(
        by=viewer("nadia"), now=NOW, activity=case.activity, delivery=gift, happened=long_ago
    )
    found = building(case)
    assert len(found) == len(DAYS)
    assert found[0].due == NOW, "told late, the look is due now and not long ago"
    assert found[1].due == long_ago + 106 * DAY
    decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=yes())
    assert len(building(case)) == len(DAYS)


def test_before_it_was_even_assessed() -> None:
    """Nobody had said what it is: the yes plans what the hand-over began."""
    from tests.builders import proposed, reasoned  # noqa: PLC0415

    case = proposed()
    gift = NewDelivery(case.line, "The keys were given")
    record_delivery(
        by=viewer("nadia"), now=NOW, activity=case.activity, delivery=gift, happened=NOW
    )
    assert building(case) == []
    from primum.actions.advise import advise  # noqa: PLC0415

    assess(by=viewer("tomas"), now=NOW, activity=case.activity, answers=reasoned(BUILDING))
    words = "Only with a lockable records room."
    who = viewer("aminata")
    given = {"position": "support_with_conditions", "words": words}
    advise(by=who, now=NOW, activity=case.activity, **given)
    decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=yes())
    assert [(each.due - NOW).days for each in building(case)] == list(DAYS)


class TestForbiddenUse:
    """Monthly, for as long as somebody lives in it, trains in it or locks people up in it."""

    def seen(self, case: Case, number: int, now: datetime, *use: str) -> None:
        own = [each for each in building(case) if each.state == "open"][number]
        found = saw(own)
        answers = {**found.answers, "building_use_now": list(use)}
        grave = "military_use" not in use and "as_meant" not in use
        result = "grave" if grave else "nothing_grave"
        made = replace(found, result=result, answers=answers)
        assert look(by=viewer("grace", now), now=now, look=own.id, seen=made)

    def test_one_more_look_in_a_month(self) -> None:
        case = handed_over()
        now = HANDED_OVER + 16 * DAY
        self.seen(case, 0, now, "military_use")
        extra = [each for each in building(case) if each.due == now + 30 * DAY]
        (more,) = extra
        assert (more.state, more.post_id) == ("open", post("field-monitor-kodwel"))
        assert more.place_id == building(case)[0].place_id and more.unannounced
        assert more.asks == building(case)[0].asks

    def test_again_while_it_lasts_and_then_no_more(self) -> None:
        case = handed_over()
        now = HANDED_OVER + 16 * DAY
        for _month in range(3):
            self.seen(case, 0, now, "holding")
            now += 30 * DAY
        # At day 106 the quarterly look stood near enough: no look was added beside it.
        due = [(each.due - HANDED_OVER).days for each in building(case) if each.state == "open"]
        assert due[0] == 106
        count = len(building(case))
        self.seen(case, 0, HANDED_OVER + 106 * DAY, "as_meant")
        assert len(building(case)) == count


def test_five_years_later_nobody_is_left_and_somebody_looks() -> None:
    """Grace, Tomas and Nadia are gone, the approval has lapsed: the last look has a desk."""
    case = handed_over()
    last = building(case)[-1]
    emptied("field-monitor-kodwel", "due-diligence-officer", "police-training-officer")
    now = last.due
    with viewing(door.clock()):
        Holding.objects.filter(ends=None).count()
    assert tick(by=door.clock(), now=now).lapsed == 1
    aminata = viewer("aminata", now)
    with viewing(aminata):
        mine = [item.record for item in desk(aminata, now)["look"]]
    assert last.id in mine
    assert look(by=aminata, now=now, look=last.id, seen=saw(last))
    made = building(case)[-1]
    assert (made.state, made.made) == ("made", now)
    assert row(case).stage == "lapsed"


def test_five_years_later_the_clock_still_reminds() -> None:
    case = handed_over()
    last = building(case)[-1]
    tick(by=door.clock(), now=last.due + DAY)
    with viewing(door.clock()):
        told = Reminder.objects.filter(about=last.id, step=0)
        assert [each.post_id for each in told] == [post("field-monitor-kodwel")]

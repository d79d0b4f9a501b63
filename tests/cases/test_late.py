"""What is late reaches somebody: the post above, then the leadership, until it is done."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from uuid import UUID

import pytest
from django.conf import LazySettings

from primum.actions.advise import advise
from primum.actions.answer_commitment import answer_commitment
from primum.actions.assess import assess
from primum.actions.decide import NewDecision, decide
from primum.actions.grade_report import grade_report
from primum.actions.look import look
from primum.actions.posts import vacate
from primum.actions.tick import tick
from primum.cases.models import Reminder
from primum.cases.queries.due import desk
from primum.cases.queries.late import LateItem, escalated, passed_on
from primum.core.vocabulary import Choice
from primum.people import door
from primum.people.sight import viewing
from tests.builders import (
    CAREFUL,
    DAY,
    INSTANT,
    Case,
    advised,
    assessed,
    commitments,
    decided,
    looks,
    on_short,
    post,
    proposed,
    reasoned,
    saw,
    yes,
)
from tests.builders_sealed import CLOCK, client_of, masked, moved_to, report, undone
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db

WEEK = 7 * DAY


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> None:
    settings.CLOCK = CLOCK


def run(now: datetime) -> None:
    tick(by=door.clock(), now=now)


def late(name: str, now: datetime) -> tuple[LateItem, ...]:
    """What was passed on to this person, as their desk shows it."""
    who = viewer(name, now)
    with viewing(who):
        return passed_on(who, now, desk(who, now))


def to_leadership(name: str, now: datetime) -> tuple[LateItem, ...]:
    who = viewer(name, now)
    with viewing(who):
        return escalated(who, now)


def whose(found: tuple[LateItem, ...]) -> list[tuple[str, UUID, UUID]]:
    """What, about which case, from which post."""
    return [(each.item.kind, each.item.case, each.item.post) for each in found]


def text_of(name: str, address: str, now: datetime) -> str:
    """The words of a page, without its marks."""
    with moved_to(now):
        answer = client_of(viewer(name, now)).get(address)
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


Done = Callable[[Case, datetime], None]


def _assess(case: Case, now: datetime) -> None:
    assess(by=viewer("tomas"), now=now, activity=case.activity, answers=reasoned(CAREFUL))


def _advise(case: Case, now: datetime) -> None:
    advise(by=viewer("aminata"), now=now, activity=case.activity, position="support", words="Yes.")


def _decide(case: Case, now: datetime) -> None:
    decide(by=viewer("helena"), now=now, activity=case.activity, decision=yes(now))


def _look(case: Case, now: datetime) -> None:
    found = looks(case)[0]
    look(by=viewer("grace", now), now=now, look=found.id, seen=saw(found))


def _verify(case: Case, now: datetime) -> None:
    (owed, *_) = commitments(case)
    answer_commitment(
        by=viewer("tomas"), now=now, commitment=owed.id, answer="kept", words="Seen on paper."
    )


WAITS: tuple[tuple[str, Callable[[], Case], timedelta, str, str, Done], ...] = (
    ("assess", proposed, 5 * DAY, "due-diligence-officer", "aminata", _assess),
    ("advise", lambda: assessed(CAREFUL), 3 * DAY, "chief-due-diligence", "helena", _advise),
    ("decide", lambda: advised(CAREFUL), 5 * DAY, "deputy-head-of-mission", "samir", _decide),
    ("look", lambda: decided(CAREFUL), 30 * DAY, "field-monitor-kodwel", "tomas", _look),
    ("verify", on_short, 10 * DAY, "due-diligence-officer", "aminata", _verify),
)
"""What waits, when it falls due, for which post, on whose desk it lands when late, how it ends."""
waits = pytest.mark.parametrize(
    ("what", "build", "due", "code", "above", "do"), WAITS, ids=[each[0] for each in WAITS]
)


@waits
def test_passed_on(
    what: str, build: Callable[[], Case], due: timedelta, code: str, above: str, do: Done
) -> None:
    """A week after its day it stands with the post above (the deputy's, where a chair is empty),
    says whose it was and since when, and goes when it is done."""
    case, day = build(), NOW + due
    run(day + WEEK - INSTANT)
    assert what not in [each.item.kind for each in late(above, day + WEEK)]
    run(day + WEEK)
    (found,) = [each for each in late(above, day + WEEK) if each.item.kind == what]
    assert whose((found,)) == [(what, case.activity, post(code))]
    assert (found.item.due, found.since) == (day, day + WEEK)
    do(case, day + WEEK)
    assert what not in [each.item.kind for each in late(above, day + WEEK + DAY)]


@waits
def test_to_the_leadership(
    what: str, build: Callable[[], Case], due: timedelta, code: str, above: str, do: Done
) -> None:
    """Another week later the leadership reads it, by name and not as a number alone."""
    case, day = build(), NOW + due
    run(day + 2 * WEEK - INSTANT)
    assert what not in [kind for kind, *_ in whose(to_leadership("samir", day + 2 * WEEK))]
    run(day + 2 * WEEK)
    assert (what, case.activity, post(code)) in whose(to_leadership("samir", day + 2 * WEEK))
    assert (what, case.activity, post(code)) in whose(late("samir", day + 2 * WEEK))
    with undone():
        do(case, day + 2 * WEEK)
        assert what not in [kind for kind, *_ in whose(to_leadership("samir", day + 2 * WEEK))]


def test_nobody_else_is_told() -> None:
    """Late looks stand with the officer above the monitor, and on no other desk."""
    case = decided(CAREFUL)
    now = NOW + 37 * DAY
    run(now)
    told = {
        name for name in NAMES if ("look", case.activity) in [w[:2] for w in whose(late(name, now))]
    }
    assert told == {"tomas"}


def test_once_though_it_was_said_twice() -> None:
    """The post above and the leadership may be one post: it stands there once, since the first."""
    advised(CAREFUL)
    for days in (14, 21):
        run(NOW + days * DAY)
    (found,) = late("samir", NOW + 21 * DAY)
    assert found.since == NOW + 14 * DAY


def test_what_is_ones_own_to_do_is_not_passed_on() -> None:
    """The head of mission's own late decision stands among decisions alone."""
    from tests.builders import UNVISITED  # noqa: PLC0415

    advised(UNVISITED)
    now = NOW + 21 * DAY
    run(now)
    who = viewer("samir", now)
    with viewing(who):
        lists = desk(who, now)
        assert [item.kind for item in lists["decide"]] == ["decide"]
        assert passed_on(who, now, lists) == ()


def test_what_fell_to_a_desk_is_not_passed_on_to_it_too() -> None:
    """The monitor's chair empty: her late look is on the officer's desk as a look, once."""
    decided(CAREFUL)
    now = NOW + 37 * DAY
    vacate(by=viewer("bruno"), now=NOW, post=post("field-monitor-kodwel"))
    run(now)
    who = viewer("tomas", now)
    with viewing(who):
        lists = desk(who, now)
        assert "look" in [item.kind for item in lists["look"]]
        assert "look" not in [each.item.kind for each in passed_on(who, now, lists)]


def test_a_second_round_starts_anew() -> None:
    """Decided “not now”, with a day to look at it again: until then nothing is late."""
    case = advised(CAREFUL)
    now = NOW + 21 * DAY
    run(now)
    assert len(late("samir", now)) == 1
    later = NewDecision(Choice.NOT_NOW, "After the rains.", "Later.", review_by=NOW + 60 * DAY)
    decide(by=viewer("helena"), now=now, activity=case.activity, decision=later)
    assert late("samir", now + DAY) == ()
    assert late("samir", NOW + 60 * DAY) == ()


def test_without_a_clock_nothing_is_passed_on() -> None:
    """Nothing is announced by looking: what no clock has said stands on no other desk."""
    decided(CAREFUL)
    assert late("tomas", NOW + 60 * DAY) == ()


class TestSealed:
    """What one may not see is not there, however late it is."""

    @pytest.mark.parametrize("seal", ["", "secretariat"])
    @pytest.mark.parametrize("name", ["samir", "helena", "jonas", "lena", "nadia", "bruno"])
    def test_a_late_report(self, name: str, seal: str) -> None:
        """Nobody has said how sure it is for a month; those outside its seal see no difference."""
        case = proposed()
        now = NOW + 30 * DAY
        with undone():
            run(now)
            without = self.pages(name, now)
        report(case.party, seal, confidence="heard")
        run(now)
        with viewing(viewer("aminata", now)):
            assert Reminder.objects.filter(what="assess_report", step=2).count() == 1
        assert self.pages(name, now) == without

    def pages(self, name: str, now: datetime) -> list[str]:
        who = viewer(name, now)
        client = client_of(who)
        with moved_to(now):
            found = [client.get(address).content.decode() for address in ("/", "/leadership/")]
        return [masked(each) for each in found]

    def test_those_who_may_know_are_told(self) -> None:
        """The control: the chief sees what her officer left lying, until it is graded."""
        case = proposed()
        key = report(case.party, "secretariat", confidence="heard")
        now = NOW + 14 * DAY
        run(now)
        kinds = [each.item.kind for each in late("aminata", now)]
        assert "assess_report" in kinds
        grade_report(
            by=viewer("aminata"), now=now, report=key, confidence="plausible", words="Two agree."
        )
        assert "assess_report" not in [each.item.kind for each in late("aminata", now)]


class TestPages:
    def test_the_fifth_list_of_my_desk(self) -> None:
        """What, about what, whose post it was, since when; and empty is no longer said."""
        decided(CAREFUL)
        assert "Passed on to you" not in text_of("tomas", "/", NOW + 30 * DAY)
        now = NOW + 38 * DAY
        run(NOW + 37 * DAY)
        text = text_of("tomas", "/", now)
        assert "Passed on to you because it is late (1)" in text
        said = text.split("Passed on to you because it is late")[1]
        for word in (
            "Training and stationery for the Kodwel detachment",
            "look",
            "Human rights field monitor, Kodwel",
            "due 1 April 2026, 09:00 UTC",
            "passed on 8 April 2026, 09:00 UTC",
        ):
            assert word in said

    def test_a_desk_with_late_things_alone_is_not_empty(self) -> None:
        """“Nothing waits for you” would be the wrong thing to say."""
        proposed()
        now = NOW + 14 * DAY
        assert "Nothing waits for you" in text_of("aminata", "/", now)
        run(now)
        assert "Nothing waits for you" not in text_of("aminata", "/", now)

    def test_the_leadership_page(self) -> None:
        """The items themselves; and none once they are done."""
        case = decided(CAREFUL)
        now = NOW + 44 * DAY
        heading = "What came to the leadership because it is late"
        assert f"{heading} Nothing that you may see." in text_of("samir", "/leadership/", now)
        run(now)
        said = text_of("samir", "/leadership/", now).split(heading)[1]
        assert "Training and stationery" in said.split("The numbers")[0]
        _look(case, now)
        said = text_of("samir", "/leadership/", now).split(heading)[1]
        assert "First look" not in said and "field monitor" not in said.split("The numbers")[0]

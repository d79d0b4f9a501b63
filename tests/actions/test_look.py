"""Look: what was seen, by the post it is due from. A look refused at the gate is not made."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from primum.actions.answer_commitment import answer_commitment
from primum.actions.base import NotThere
from primum.actions.finish import lapse
from primum.actions.look import Seen, look
from primum.actions.stop import suspend
from primum.cases.models import Look
from primum.cases.queries.due import due_items
from primum.core.protocol import AnswerError
from primum.people import door
from primum.people.sight import viewing
from tests.builders import (
    CAREFUL,
    DAY,
    INSTANT,
    Case,
    commitments,
    decided,
    emptied,
    everything,
    lines,
    looks,
    met,
    on_short,
    post,
    refused,
    row,
    saw,
    stage,
    unchanged,
)
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

FINE = Seen("nothing_grave", "visit", {"suffered": "no"}, "Register kept.")
REFUSED = Seen("refused", "visit", {}, "Turned away at the gate.")


def go(
    case: Case, seen: Seen = FINE, now: datetime = NOW, which: int = 0, name: str = "grace"
) -> bool:
    return look(by=viewer(name, now), now=now, look=looks(case)[which].id, seen=seen)


def test_look() -> None:
    """Made: what was seen is kept with when, how and by whom."""
    case = on_short()
    assert go(case, now=NOW + DAY)
    kept = looks(case)[0]
    assert (kept.state, kept.made, kept.result) == ("made", NOW + DAY, "nothing_grave")
    assert (kept.method, kept.words, kept.answers) == (
        "visit",
        "Register kept.",
        {"suffered": "no"},
    )
    assert lines(case.activity)[-1] == "look"


@pytest.mark.parametrize("name", ["tomas", "aminata", "samir", "jonas", "ruth"])
def test_only_the_post_it_is_due_from(name: str) -> None:
    """Whoever may read it: another post does not make it."""
    case = on_short()
    with refused("not_your_move"):
        go(case, name=name)


@pytest.mark.parametrize("name", ["nadia", "ines", "peter", "karim"])
def test_what_one_may_not_see_is_not_there(name: str) -> None:
    """The content of looks is sealed from the owner: there is no such thing to make."""
    case = on_short()
    with pytest.raises(NotThere):
        go(case, name=name)
    with pytest.raises(NotThere):
        look(by=viewer("grace"), now=NOW, look=uuid4(), seen=FINE)


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        (Seen("fine", "visit"), "no_result"),
        (Seen("nothing_grave", "drone"), "no_method"),
        (Seen("grave", "visit"), "no_words"),
        (Seen("refused", "visit", {}, "  "), "no_words"),
        (Seen("could_not", "phone"), "no_words"),
        (Seen("nothing_grave", "visit", {"held_now": 3}), "other_question"),
    ],
)
def test_wrong_input(seen: Seen, code: str) -> None:
    """Each is refused with its sentence, and not even the attempt is kept."""
    case = on_short()
    with refused(code):
        go(case, seen)


def test_an_answer_that_cannot_be_taken() -> None:
    """An answer outside its question's options is named, and nothing is kept."""
    case = on_short()
    before = everything()
    with pytest.raises(AnswerError):
        go(case, Seen("nothing_grave", "visit", {"suffered": "perhaps"}))
    unchanged(before)


@pytest.mark.parametrize("result", ["refused", "could_not"])
def test_not_a_look_made(result: str) -> None:
    """Law 2: refused or impossible, it is noted as an attempt and renews nothing."""
    case = met(on_short())
    before = row(case).lease_end
    assert not go(case, Seen(result, "visit", {}, "The road was cut."), NOW + 3 * DAY)
    assert not go(case, Seen(result, "visit", {}, "Nobody answered."), NOW + 4 * DAY)
    kept = looks(case)[0]
    assert (kept.state, kept.made, kept.result) == ("open", None, "")
    assert [each["result"] for each in kept.attempts] == [result, result]
    assert kept.words == "The road was cut.\nNobody answered."
    assert row(case).lease_end == before
    assert lines(case.activity)[-2:] == ["look_refused", "look_refused"]


def test_made_once() -> None:
    """What was seen is not seen over."""
    case = on_short()
    go(case)
    with refused("look_made"):
        go(case, Seen("grave", "visit", {}, "After all."))
    with refused("look_made"):
        go(case, REFUSED)


class TestLease:
    """Under the short protocol: looks on days 20 and 40, five days of grace, sixty approved."""

    def test_each_look_lengthens_it(self) -> None:
        """Day 10 with the promise open; then 25, 45 and 60 as each thing is done."""
        case = on_short()
        assert row(case).lease_end == NOW + 10 * DAY
        met(case, NOW + 5 * DAY)
        assert row(case).lease_end == NOW + 25 * DAY
        go(case, now=NOW + 20 * DAY)
        assert row(case).lease_end == NOW + 45 * DAY
        go(case, now=NOW + 40 * DAY, which=1)
        assert row(case).lease_end == NOW + 60 * DAY

    def test_a_grave_look_is_a_look(self) -> None:
        """What was seen may be grave: it was looked at, and others decide what follows."""
        case = met(on_short())
        assert go(case, Seen("grave", "visit", {}, "A man was beaten."))
        assert row(case).lease_end == NOW + 45 * DAY

    @pytest.mark.parametrize(
        ("now", "end"), [(25 * DAY - INSTANT, 45 * DAY), (25 * DAY, 25 * DAY), (26 * DAY, 25 * DAY)]
    )
    def test_a_late_look_does_not_revive_it(self, now: object, end: object) -> None:
        """Law 1: an instant before its end a look saves it; at the end it is too late."""
        case = met(on_short())
        go(case, now=NOW + now)  # type: ignore[operator]
        assert row(case).lease_end == NOW + end  # type: ignore[operator]

    def test_nor_after_the_lapse_was_announced(self) -> None:
        """Lapsed it stays, and the late look is still worth recording."""
        case = met(on_short())
        lapse(by=door.clock(), now=NOW + 25 * DAY, activity=case.activity)
        assert go(case, now=NOW + 26 * DAY)
        assert stage(case) == "lapsed"
        end = row(case).lease_end
        assert end is not None and end <= NOW + 25 * DAY

    def test_the_second_look_does_not_stand_in_for_the_first(self) -> None:
        """The earliest look still owed decides."""
        case = met(on_short())
        go(case, now=NOW + 11 * DAY, which=1)
        assert row(case).lease_end == NOW + 25 * DAY

    def test_a_promise_not_checked_holds_it_down(self) -> None:
        """A look made does not outweigh a commitment before delivery that is still open."""
        case = on_short()
        go(case, now=NOW + DAY)
        first = commitments(case)[0]
        answer_commitment(
            by=viewer("tomas"),
            now=NOW + 2 * DAY,
            commitment=first.id,
            answer="could_not_check",
            words="The office was shut.",
            how="nobody_free",
        )
        assert row(case).lease_end == NOW + 10 * DAY


def test_the_work_of_an_empty_post_falls_to_its_supervisor() -> None:
    """Law 9: Grace gone, her looks are Tomas's; he makes them."""
    case = on_short()
    emptied("field-monitor-kodwel")
    assert go(case, now=NOW + DAY, name="tomas")
    with viewing(door.clock()):
        assert Look.objects.get(id=looks(case)[0].id).made_by_id is not None


@pytest.mark.parametrize("method", ["phone", "partner", "community"])
def test_a_visit_is_not_made_by_telephone(method: str) -> None:
    """A look is made in one of the ways that its protocol asks for."""
    case = decided(CAREFUL)
    with refused("other_method"):
        go(case, replace(saw(looks(case)[0]), method=method), NOW + 30 * DAY)
    assert go(case, replace(saw(looks(case)[0]), method="joint"), NOW + 30 * DAY)


@pytest.mark.parametrize(("result", "made"), [("nothing_grave", False), ("refused", True)])
def test_what_a_look_must_answer(result: str, made: bool) -> None:
    """A look made answers its required questions; one that was refused at the gate has nothing."""
    case = decided(CAREFUL)
    before = everything()
    seen = Seen(result, "visit", {"anyone_suffered": "no"}, "Short visit.")
    if made:
        assert not go(case, seen, NOW + 30 * DAY)
        return
    with pytest.raises(AnswerError) as caught:
        go(case, seen, NOW + 30 * DAY)
    assert {each.question for each in caught.value.mistakes} == {"used_as_agreed", "access_given"}
    unchanged(before)


def test_not_known_is_an_answer() -> None:
    """A required question may be answered with why nobody knows."""
    case = decided(CAREFUL)
    found = saw(looks(case)[0])
    unknown = {**found.answers, "anyone_suffered": {"unknown": "nobody would speak"}}
    assert go(case, replace(found, answers=unknown), NOW + 30 * DAY)


class TestNotTooEarly:
    """Law 2: a year of looks is not made on the first day."""

    @pytest.mark.parametrize(
        ("now", "early"), [(150 * DAY - INSTANT, True), (150 * DAY, False), (180 * DAY, False)]
    )
    def test_thirty_days_before_it_counts(self, now: timedelta, early: bool) -> None:
        """The look of day 180 counts from day 150 on; what was seen before is a report."""
        case = decided(CAREFUL)
        if early:
            with refused("too_early"):
                go(case, saw(looks(case)[1]), NOW + now, which=1)
        else:
            assert go(case, saw(looks(case)[1]), NOW + now, which=1)

    def test_an_attempt_may_come_at_any_time(self) -> None:
        """Turned away long before the day: worth noting, and it counts for nothing."""
        case = decided(CAREFUL)
        assert not go(case, REFUSED, NOW, which=2)
        assert looks(case)[2].state == "open"


def test_something_grave_asks_for_a_decision() -> None:
    """What was seen is not filed: the decider of these stakes has ten days to say what follows."""
    case = decided(CAREFUL)
    now = NOW + 30 * DAY
    go(case, saw(looks(case)[0], "grave", "A man was beaten."), now)
    with viewing(door.clock()):
        items = due_items(door.clock(), now)
        (item,) = [each for each in items if each.kind == "decide_grave"]
    assert (item.post, item.due) == (post("deputy-head-of-mission"), now + 10 * DAY)
    suspend(by=viewer("jonas", now), now=now + DAY, activity=case.activity, words="A man beaten.")
    with viewing(door.clock()):
        kinds = {each.kind for each in due_items(door.clock(), now + DAY)}
    assert "decide_grave" not in kinds

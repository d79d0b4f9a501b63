"""A second reader: which looks wait for one, who it may be, what follows when it is not enough."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from primum.actions import seen as seeing
from primum.actions.answer_commitment import answer_commitment
from primum.actions.base import NotThere
from primum.actions.look import look
from primum.actions.read_look import read_look
from primum.actions.tick import tick
from primum.cases.models import Look, Reading, Reminder
from primum.cases.queries import readings
from primum.cases.queries.due import due_items
from primum.people import door, mission
from primum.people.sight import viewing
from tests.builders import (
    CAREFUL,
    DAY,
    Case,
    commitments,
    decided,
    emptied,
    lines,
    looks,
    met,
    on_short,
    post,
    refused,
    row,
    saw,
)
from tests.builders_sealed import raised
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db

SEEN = NOW + 30 * DAY
WORDS = "The dates agree with the register, and she spoke with three people alone."


def grave(case: Case | None = None, name: str = "grace") -> Case:
    """A look at which a man was found beaten."""
    case = case or met(decided(CAREFUL))
    first = looks(case)[0]
    found = saw(first, "grave", "A man was beaten.")
    look(by=viewer(name, SEEN), now=SEEN, look=first.id, seen=found)
    return case


def read(case: Case, verdict: str = "adequate", name: str = "tomas", words: str = WORDS) -> UUID:
    now = SEEN + DAY
    return read_look(
        by=viewer(name, now), now=now, look=looks(case)[0].id, verdict=verdict, words=words
    )


def on_desk(name: str) -> list[UUID]:
    who = viewer(name, SEEN)
    with viewing(who):
        return [item.id for item in readings.waiting(who, SEEN)]


# Which look is read ------------------------------------------------------------------------------


def test_a_grave_look_waits_for_a_second_reader() -> None:
    """Seven days, on the desk of those who may read, and of the post that assesses."""
    case = grave()
    own = looks(case)[0]
    assert own.read_due == SEEN + 7 * DAY
    with viewing(door.clock()):
        (item,) = [each for each in due_items(door.clock(), SEEN) if each.kind == "read_look"]
    assert (item.record, item.post, item.due) == (
        own.id,
        post("due-diligence-officer"),
        own.read_due,
    )
    assert on_desk("tomas") == on_desk("aminata") == [own.id]


@pytest.mark.parametrize(("chance", "waits"), [(0, True), (19, True), (20, False), (99, False)])
def test_one_in_five_of_the_rest(chance: int, waits: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The share is the mission's; what chance says below it is read."""
    asked: list[int] = []

    def drawn(below: int) -> int:
        asked.append(below)
        return chance

    monkeypatch.setattr(seeing, "randbelow", drawn)
    assert mission.second_reading() == (20, timedelta(days=7))
    case = decided(CAREFUL)
    first = looks(case)[0]
    look(by=viewer("grace", SEEN), now=SEEN, look=first.id, seen=saw(first))
    assert asked == [100]
    assert (looks(case)[0].read_due is not None) is waits


def test_it_is_drawn_by_secrets() -> None:
    """Chance nobody can work out beforehand, not even from the program's own seed."""
    import inspect  # noqa: PLC0415

    assert "from secrets import randbelow" in inspect.getsource(seeing)


def test_a_quiet_look_that_was_not_drawn_waits_for_nobody() -> None:
    case = decided(CAREFUL)
    first = looks(case)[0]
    look(by=viewer("grace", SEEN), now=SEEN, look=first.id, seen=saw(first))
    assert looks(case)[0].read_due is None
    with refused("no_reading"):
        read(case)


def test_a_look_on_which_a_promise_broke() -> None:
    """Found broken ten days later: the look that was to see it is read."""
    case = met(on_short())
    first = looks(case)[0]
    now = NOW + 20 * DAY
    look(by=viewer("grace", now), now=now, look=first.id, seen=saw(first))
    assert looks(case)[0].read_due is None
    number = next(i for i, owed in enumerate(commitments(case)) if owed.timing == "during")
    broken(case, number, now + 10 * DAY)
    assert looks(case)[0].read_due == now + 17 * DAY


def test_not_a_look_of_long_ago() -> None:
    """What broke three months after the last look did not break on it."""
    case = met(on_short())
    first = looks(case)[0]
    now = NOW + 20 * DAY
    look(by=viewer("grace", now), now=now, look=first.id, seen=saw(first))
    number = next(i for i, owed in enumerate(commitments(case)) if owed.timing == "during")
    broken(case, number, now + 90 * DAY)
    assert looks(case)[0].read_due is None


def broken(case: Case, number: int, now: object) -> None:
    owed = commitments(case)[number]
    with viewing(door.clock()):
        code = type(owed).objects.select_related("verifier").get(id=owed.id).verifier.code
    name = {"due-diligence-officer": "tomas", "field-monitor-kodwel": "grace"}[code]
    answer_commitment(
        by=viewer(name, now),  # type: ignore[arg-type]
        now=now,  # type: ignore[arg-type]
        commitment=owed.id,
        answer="broken",
        words="Somebody was punished.",
    )


# Who reads it ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tomas", "aminata"])
def test_who_reads(name: str) -> None:
    """Whoever assesses, verifies or advises; it counts, and waits no more."""
    case = grave()
    key = read(case, name=name)
    with viewing(door.clock()):
        kept = Reading.objects.get(id=key)
    assert (kept.verdict, kept.words, kept.at) == ("adequate", WORDS, SEEN + DAY)
    own = looks(case)[0]
    assert (own.state, own.read_due) == ("made", None)
    assert lines(case.activity)[-1] == "read_look"
    assert on_desk("tomas") == []


def test_not_whoever_made_it() -> None:
    """Grace verifies too, and never reads her own."""
    case = grave()
    with refused("own_look"):
        read(case, name="grace")
    assert on_desk("grace") == []


@pytest.mark.parametrize("name", ["jonas", "samir", "ruth", "helena"])
def test_not_a_post_without_the_duty(name: str) -> None:
    """They may read what was found; to say whether it is enough is another's."""
    case = grave()
    with refused("not_your_move"):
        read(case, name=name)


@pytest.mark.parametrize("name", ["nadia", "eva", "lena", "karim", "ines", "peter"])
def test_to_whom_it_is_sealed_it_is_not_there(name: str) -> None:
    """Neither the look nor that it is read: what waits for a second reader may be grave."""
    case = grave()
    with pytest.raises(NotThere):
        read(case, name=name)
    assert on_desk(name) == []


def test_a_key_of_nothing() -> None:
    with pytest.raises(NotThere):
        read_look(by=viewer("tomas"), now=NOW, look=uuid4(), verdict="adequate", words=WORDS)


def test_made_by_the_reader_it_falls_to_the_one_above() -> None:
    """Tomas made it, since Grace is gone: it waits for the secretariat, and not for him."""
    emptied("field-monitor-kodwel")
    case = grave(name="tomas")
    with viewing(door.clock()):
        (item,) = [each for each in due_items(door.clock(), SEEN) if each.kind == "read_look"]
    assert item.absent == {viewer("tomas").person}
    assert on_desk("tomas") == []
    assert on_desk("aminata") == [looks(case)[0].id]
    with refused("own_look"):
        read(case)
    read(case, name="aminata")


def test_where_nobody_is_left_the_duty_passes_up() -> None:
    """Only its maker could read it: the director may, and it is on their desk."""
    case = met(decided(CAREFUL))
    emptied("field-monitor-kodwel", "chief-due-diligence")
    grave(case, name="tomas")
    for name in set(NAMES) - {"grace", "aminata"}:
        assert (on_desk(name) != []) is (name == "helena"), name
    read(case, name="helena")


@pytest.mark.parametrize(
    ("verdict", "words", "code"),
    [("adequate", " ", "no_reasons"), ("perhaps", WORDS, "no_verdict"), ("", WORDS, "no_verdict")],
)
def test_wrong_input(verdict: str, words: str, code: str) -> None:
    case = grave()
    with refused(code):
        read(case, verdict, words=words)


def test_read_once() -> None:
    case = grave()
    read(case)
    with refused("no_reading"):
        read(case, "not_adequate", name="aminata")


# Not enough --------------------------------------------------------------------------------------


class TestNotAdequate:
    def test_it_is_owed_again_and_nothing_is_lost(self) -> None:
        case = grave()
        answers = looks(case)[0].answers
        read(case, "not_adequate", words="Nobody was spoken to alone.")
        own = looks(case)[0]
        assert (own.state, own.made, own.made_by_id, own.result) == ("open", None, None, "")
        assert (own.method, own.independence, own.answers, own.words) == ("", "", {}, "")
        made, said = own.attempts
        assert (made["result"], made["answers"], made["words"]) == (
            "grave",
            answers,
            "A man was beaten.",
        )
        assert (said["result"], said["at"]) == ("not_adequate", (SEEN + DAY).isoformat())
        assert lines(case.activity)[-1] == "refuse_look"

    def test_the_lease_follows(self) -> None:
        """What the look had renewed is renewed no more."""
        case = met(decided(CAREFUL))
        before = row(case).lease_end
        grave(case)
        assert before is not None and row(case).lease_end > before  # type: ignore[operator]
        read(case, "not_adequate")
        assert row(case).lease_end == before

    def test_a_lease_that_hung_on_it_alone_ends_now(self) -> None:
        """Found out when its day and its grace are over: what was delivered stays covered."""
        case = met(on_short())
        first = looks(case)[0]
        seen = NOW + 20 * DAY
        look(by=viewer("grace", seen), now=seen, look=first.id, seen=saw(first, "grave", "Beaten."))
        now = NOW + 26 * DAY
        read_look(
            by=viewer("tomas", now), now=now, look=first.id, verdict="not_adequate", words=WORDS
        )
        assert row(case).lease_end == now

    def test_somebody_still_decides_on_what_was_grave(self) -> None:
        """A poor look at something grave is no reason to look away."""
        case = grave()
        read(case, "not_adequate")
        with viewing(door.clock()):
            kinds = {item.kind for item in due_items(door.clock(), SEEN + DAY)}
        assert "decide_grave" in kinds and "read_look" not in kinds and "look" in kinds

    def test_it_is_made_again(self) -> None:
        """And read again: it is grave again."""
        case = grave()
        read(case, "not_adequate")
        now = SEEN + 3 * DAY
        first = looks(case)[0]
        again = saw(first, "grave", "Spoken to alone: the man was beaten.")
        assert look(by=viewer("grace", now), now=now, look=first.id, seen=again)
        own = looks(case)[0]
        assert (own.state, own.read_due) == ("made", now + 7 * DAY)
        assert [each["result"] for each in own.attempts] == ["grave", "not_adequate", "grave"]

    def test_what_the_visit_served_falls_with_it(self) -> None:
        """Even a look that its reader may not see: its case's lease follows all the same."""
        one, other = met(decided(CAREFUL)), met(decided(CAREFUL))
        before = row(other).lease_end
        first, second = looks(one)[0], looks(other)[0]
        found = saw(first, "grave", "A man was beaten.")
        from dataclasses import replace  # noqa: PLC0415

        who = viewer("grace", SEEN)
        assert look(by=who, now=SEEN, look=first.id, seen=replace(found, also=(second.id,)))
        assert raised("activity", other.activity, "protection")
        assert raised("look", second.id, "secretariat")
        with viewing(viewer("tomas")):
            assert not Look.objects.filter(id=second.id).exists()
        read(one, "not_adequate")
        with viewing(viewer("aminata")):
            again = Look.objects.get(id=second.id)
        assert (again.state, again.same_visit_id) == ("open", None)
        assert row(other).lease_end == before
        assert lines(other.activity)[-1] == "refuse_look"


def test_nobody_is_told_that_it_was_read_who_may_not_read_the_look() -> None:
    """Being read twice may tell that it was grave: the line lies under the look's seal."""
    from primum.cases.queries.activity import activity_page  # noqa: PLC0415

    case = grave()
    read(case)
    now = SEEN + DAY
    for name, told in (("nadia", False), ("lena", False), ("tomas", True), ("samir", True)):
        who = viewer(name, now)
        with viewing(who):
            page = activity_page(who, case.activity, now)
        assert page is not None
        assert ("read_look" in {entry.verb for entry in page.timeline}) is told, name
        assert bool(page.looks) is told


def test_late_it_passes_up() -> None:
    """Nobody read it in seven days: its post, the supervisor's, then the leadership are told."""
    case = grave()
    now = SEEN + 22 * DAY
    tick(by=door.clock(), now=now)
    with viewing(door.clock()):
        steps = Reminder.objects.filter(about=looks(case)[0].id, what="read_look")
        assert sorted(steps.values_list("step", flat=True)) == [0, 1, 2]

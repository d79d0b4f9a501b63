"""Answer a commitment: kept, partly, broken or not checked, by the post that verifies it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from primum.actions.advise import advise
from primum.actions.answer_commitment import answer_commitment
from primum.actions.assess import assess
from primum.actions.base import NotThere
from primum.actions.decide import decide
from primum.actions.deliver import NewDelivery, deliver, record_delivery
from primum.actions.finish import lapse
from primum.actions.go_on import go_on
from primum.actions.publish_protocol import install_protocol
from primum.actions.release import release
from primum.actions.stop import suspend, withdraw
from primum.cases import facts
from primum.cases.queries.activity import activity_page
from primum.cases.queries.due import due_items
from primum.cases.queries.leadership import leadership
from primum.core import promises
from primum.people import door
from primum.people.sight import viewing
from tests.builders import (
    BUILDING,
    DAY,
    Case,
    advised,
    commitments,
    decided,
    delivered,
    emptied,
    lines,
    looks,
    on_short,
    post,
    refused,
    row,
    yes,
)
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db


def answer(
    case: Case, said: str, name: str = "tomas", which: int = 0, days: int = 1, how: str = ""
) -> None:
    answer_commitment(
        by=viewer(name, NOW + days * DAY),
        now=NOW + days * DAY,
        commitment=commitments(case)[which].id,
        answer=said,
        words="Seen on site, with the list in hand.",
        how=how or ("nobody_free" if said == "could_not_check" else "visit"),
    )


def due(case: Case, kind: str) -> list[tuple[object, object]]:
    with viewing(door.clock()):
        items = due_items(door.clock(), NOW)
        return [(i.post, i.due) for i in items if i.case == case.activity and i.kind == kind]


@pytest.mark.parametrize("said", ["kept", "partly_kept", "broken", "could_not_check"])
def test_answer(said: str) -> None:
    """Each answer is kept with its words, its time and who verified."""
    case = on_short()
    answer(case, said)
    kept = commitments(case)[0]
    assert (kept.state, kept.answered) == (said, NOW + DAY)
    assert kept.words == "Seen on site, with the list in hand."
    assert (kept.decision_due is not None) == (said == "broken")
    assert lines(case.activity)[-1] == "answer"


@pytest.mark.parametrize("name", ["nadia", "grace", "aminata", "samir", "jonas", "ines"])
def test_only_who_verifies(name: str) -> None:
    """Not who owes it, not who approved it, not another monitor."""
    case = on_short()
    with refused("not_your_move"):
        answer(case, "kept", name)


def test_not_there() -> None:
    """What does not exist for a viewer cannot be answered."""
    case = decided(BUILDING, seal="decider")
    with pytest.raises(NotThere):
        answer(case, "kept", "nadia")
    with pytest.raises(NotThere):
        answer_commitment(
            by=viewer("tomas"), now=NOW, commitment=uuid4(), answer="kept", words="Seen."
        )


@pytest.mark.parametrize(
    ("said", "words", "code"),
    [
        ("yes", "Seen.", "no_answer"),
        ("open", "Seen.", "no_answer"),
        ("released", "Seen.", "no_answer"),
        ("kept", "  ", "no_proof"),
    ],
)
def test_wrong_input(said: str, words: str, code: str) -> None:
    """An answer outside the four, or without its proof in words, is refused."""
    case = on_short()
    with refused(code):
        answer_commitment(
            by=viewer("tomas"),
            now=NOW,
            commitment=commitments(case)[0].id,
            answer=said,
            words=words,
        )


class TestAgain:
    @pytest.mark.parametrize("later", ["kept", "partly_kept", "broken", "could_not_check"])
    def test_what_could_not_be_checked_is_checked_later(self, later: str) -> None:
        """Not checked is no answer that stands in the way of one."""
        case = on_short()
        answer(case, "could_not_check")
        answer(case, later, days=2)
        assert commitments(case)[0].state == later

    @pytest.mark.parametrize("first", ["kept", "partly_kept"])
    def test_a_kept_promise_may_still_be_broken(self, first: str) -> None:
        """Kept in March and broken in April: broken, and somebody decides what follows."""
        case = on_short()
        answer(case, first)
        answer(case, "broken", days=2)
        assert commitments(case)[0].state == "broken"

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("kept", "kept"),
            ("kept", "could_not_check"),
            ("kept", "partly_kept"),
            ("partly_kept", "could_not_check"),
            ("broken", "partly_kept"),
            ("broken", "could_not_check"),
            ("broken", "broken"),
        ],
    )
    @pytest.mark.parametrize("which", [0, 1])
    def test_an_answer_is_not_made_softer(self, first: str, second: str, which: int) -> None:
        """What was answered is not answered over, before delivery or while it lasts."""
        case = on_short()
        answer(case, first, which=which)
        with refused("answered"):
            answer(case, second, which=which, days=2)

    @pytest.mark.parametrize("first", ["broken", "partly_kept"])
    def test_a_broken_promise_is_not_whitewashed(self, first: str) -> None:
        """While it lasts, broken is broken: nobody was to be punished, and somebody was."""
        case = on_short()
        answer(case, first, which=1)
        with refused("answered"):
            answer(case, "kept", which=1, days=2)


class TestMetAfterAll:
    """What was to come before delivery can still be done, and the answer supersedes."""

    @pytest.mark.parametrize("first", ["broken", "partly_kept"])
    def test_it_is_met_in_the_end(self, first: str) -> None:
        """No list on day 1, the list on day 5: kept, and delivery may begin."""
        case = on_short()
        answer(case, first)
        wish = NewDelivery(case.line, "Course held")
        with refused("before_open"):
            deliver(by=viewer("nadia"), now=NOW + 4 * DAY, activity=case.activity, delivery=wish)
        answer(case, "kept", days=5)
        assert row(case).lease_end == NOW + 25 * DAY
        deliver(by=viewer("nadia"), now=NOW + 6 * DAY, activity=case.activity, delivery=wish)

    def test_every_answer_stays_on_record(self) -> None:
        """Broken, met, broken again: three answers with their words, each with its line."""
        case = on_short()
        for days, said in ((1, "broken"), (2, "kept"), (3, "broken")):
            answer(case, said, days=days)
        kept = commitments(case)[0]
        assert [each["answer"] for each in kept.answers] == ["broken", "kept", "broken"]
        assert [each["at"] for each in kept.answers] == [
            (NOW + days * DAY).isoformat() for days in (1, 2, 3)
        ]
        assert {each["words"] for each in kept.answers} == {kept.words}
        assert kept.broken_at == NOW + 3 * DAY
        assert lines(case.activity).count("answer") == 3

    def test_the_decision_it_asked_for_is_still_owed(self) -> None:
        """Met a week later, somebody still says what follows from its having been broken."""
        case = on_short()
        answer(case, "broken")
        answer(case, "kept", days=5)
        assert due(case, "decide_broken") == [(post("head-of-office-kodwel"), NOW + 11 * DAY)]
        go_on(by=viewer("jonas"), now=NOW + 6 * DAY, activity=case.activity, words="It came late.")
        assert due(case, "decide_broken") == []
        assert commitments(case)[0].broken_at == NOW + DAY

    @pytest.mark.parametrize("first", ["broken", "partly_kept"])
    def test_or_let_go_by_a_decision(self, first: str) -> None:
        """A decision may say that it will do without: that one is not in the way any more."""
        case = on_short()
        answer(case, first)
        key = commitments(case)[0].id
        release(by=viewer("jonas"), now=NOW + 2 * DAY, owed=key, words="The names are known.")
        kept = commitments(case)[0]
        assert (kept.state, [each["answer"] for each in kept.answers]) == (
            "released",
            [first, "released"],
        )
        assert row(case).lease_end == NOW + 25 * DAY
        with refused("answered"):
            answer(case, "kept", days=3)

    @pytest.mark.parametrize("first", ["broken", "partly_kept", "kept"])
    def test_what_is_answered_for_good_is_not_let_go(self, first: str) -> None:
        """While it lasts, an answer is an answer: there is nothing left to release."""
        case = on_short()
        answer(case, first, which=1)
        key = commitments(case)[1].id
        with refused("answered"):
            release(by=viewer("jonas"), now=NOW + 2 * DAY, owed=key, words="Never mind.")


class TestBroken:
    """Law 2 in spirit: a broken promise is not filed, it is decided on."""

    def test_it_opens_a_decision(self) -> None:
        """The decider of these stakes has ten days to say what follows."""
        case = decided(BUILDING)
        answer(case, "broken")
        assert commitments(case)[0].decision_due == NOW + 11 * DAY
        assert due(case, "decide_broken") == [(post("deputy-head-of-mission"), NOW + 11 * DAY)]

    @pytest.mark.parametrize("move", [suspend, withdraw, go_on])
    def test_a_later_decision_answers_it(self, move: Callable[..., object]) -> None:
        """Suspended, withdrawn or gone on with, because of it: nothing waits any more."""
        case = on_short()
        answer(case, "broken", which=1)
        words = "They broke what they promised."
        move(by=viewer("samir"), now=NOW + 2 * DAY, activity=case.activity, words=words)
        assert due(case, "decide_broken") == []

    def test_an_earlier_decision_does_not(self) -> None:
        """Suspended for something else before it was broken: it waits all the same."""
        case = on_short()
        suspend(by=viewer("samir"), now=NOW + DAY, activity=case.activity, words="A shot.")
        answer(case, "broken", which=1, days=2)
        assert len(due(case, "decide_broken")) == 1

    def test_letting_go_of_something_else_does_not(self) -> None:
        """A look released, another promise released: what was broken still waits, and is told."""
        case = on_short()
        answer(case, "broken", which=1)
        later = NOW + 2 * DAY
        for owed in (looks(case)[0].id, commitments(case)[0].id):
            release(by=viewer("jonas"), now=later, owed=owed, words="Not needed here.")
        assert len(due(case, "decide_broken")) == 1
        jonas = viewer("jonas")
        with viewing(jonas):
            shown = activity_page(jonas, case.activity, later)
            totals = leadership(jonas, later).totals
        assert shown is not None and shown.unanswered
        assert [each.decision_due for each in shown.commitments] == [None, NOW + 11 * DAY]
        assert (totals.broken, totals.broken_answered) == (1, 0)
        go_on(by=jonas, now=later + DAY, activity=case.activity, words="One man, sent home.")
        with viewing(jonas):
            shown = activity_page(jonas, case.activity, later + DAY)
            totals = leadership(jonas, later + DAY).totals
        assert shown is not None and not shown.unanswered
        assert [each.decision_due for each in shown.commitments] == [None, None]
        assert (totals.broken, totals.broken_answered) == (1, 1)

    @pytest.mark.parametrize("said", ["broken", "partly_kept"])
    def test_it_is_not_the_end_of_the_road(self, said: str) -> None:
        """Decided on anew after a lapse, with the promise made again, an approval is one."""
        case = on_short()
        answer(case, said)
        later = NOW + 15 * DAY
        lapse(by=door.clock(), now=later, activity=case.activity)
        again = {"who_comes": "Thirty-six officers, listed"}
        assess(by=viewer("tomas"), now=later, activity=case.activity, answers=again)
        given = {"position": "support", "words": "The list is here now."}
        advise(by=viewer("aminata"), now=later, activity=case.activity, **given)
        go = yes(later, 20 * DAY)
        decide(by=viewer("samir"), now=later, activity=case.activity, decision=go)
        end = row(case).lease_end
        assert end is not None and end > later
        # Promised again, and not twice: the first answer stays on record.
        (again_owed,) = [each for each in commitments(case) if each.timing == "before"]
        assert (again_owed.state, again_owed.due) == ("open", later + 10 * DAY)
        assert [each["answer"] for each in again_owed.answers] == [said]
        with refused("before_open"):
            wish = NewDelivery(case.line, "Course held")
            deliver(by=viewer("nadia"), now=later, activity=case.activity, delivery=wish)

    @pytest.mark.parametrize("said", ["", "could_not_check", "broken", "partly_kept"])
    def test_what_is_not_asked_for_again_is_still_owed(self, said: str) -> None:
        """A go without that condition does not drop it: owed to its end, or released."""
        case = on_short()
        if said:
            answer(case, said)
        later = NOW + 15 * DAY
        lapse(by=door.clock(), now=later, activity=case.activity)
        again = {"who_comes": "Thirty-six officers, listed"}
        assess(by=viewer("tomas"), now=later, activity=case.activity, answers=again)
        given = {"position": "support", "words": "Without a list."}
        advise(by=viewer("aminata"), now=later, activity=case.activity, **given)
        go = yes(later, 15 * DAY, conditions=())
        decide(by=viewer("samir"), now=later, activity=case.activity, decision=go)
        assert row(case).lease_end == later + 10 * DAY  # the look of day 20 with its grace
        wish = NewDelivery(case.line, "Course held")
        with refused("before_open"):
            deliver(by=viewer("nadia"), now=later, activity=case.activity, delivery=wish)
        (owed,) = (each for each in commitments(case) if each.timing == "before")
        release(by=viewer("samir"), now=later, owed=owed.id, words="We know them all.")
        deliver(by=viewer("nadia"), now=later, activity=case.activity, delivery=wish)


class TestLease:
    def test_kept_lengthens_it(self) -> None:
        """The promise of day 10 kept, the look of day 20 is next: day 25."""
        case = on_short()
        answer(case, "kept")
        assert row(case).lease_end == NOW + 25 * DAY

    @pytest.mark.parametrize("said", ["partly_kept", "broken", "could_not_check"])
    def test_nothing_else_does(self, said: str) -> None:
        """Law 2: could not check never renews a lease, and half kept is not kept."""
        case = on_short()
        answer(case, said)
        assert row(case).lease_end == NOW + 10 * DAY

    def test_kept_too_late_does_not_revive_it(self) -> None:
        """On day 10 the lease was dead; what is kept on day 11 is a fact and no more."""
        case = on_short()
        answer(case, "kept", days=10)
        assert row(case).lease_end == NOW + 10 * DAY

    def test_broken_late_it_ends_now_and_not_before(self) -> None:
        """Kept on day 1, broken on day 15: dead from day 15 on; day 12 was covered and stays so."""
        case = on_short()
        answer(case, "kept")
        answer(case, "broken", days=15)
        assert row(case).lease_end == NOW + 15 * DAY
        wish = NewDelivery(case.line, "Course held")
        nadia, later = viewer("nadia"), NOW + 16 * DAY
        for days, breach in ((12, ""), (15, "after_end")):
            happened = NOW + days * DAY
            key = record_delivery(
                by=nadia, now=later, activity=case.activity, delivery=wish, happened=happened
            )
            assert delivered(key).breach == breach

    def test_a_promise_for_later_does_not_shorten_it(self) -> None:
        """What is owed while it lasts is followed up; the lease does not hang on it."""
        case = on_short()
        answer(case, "kept")
        answer(case, "broken", which=1)
        assert row(case).lease_end == NOW + 25 * DAY


def test_what_could_not_be_checked_is_not_answered() -> None:
    """Law 2: nothing closes over a promise that nobody could check."""
    case = on_short()
    for which in (0, 1):
        answer(case, "could_not_check", which=which)
    with viewing(door.clock()):
        assert facts.counts(case.activity, NOW)[1] == 2
    assert len(due(case, "verify")) == 2


def test_the_work_of_an_empty_post_falls_to_its_supervisor() -> None:
    """Law 9: Tomas gone, Aminata verifies; both gone, the deputy above the empty director."""
    case = on_short()
    emptied("due-diligence-officer")
    answer(case, "kept", "aminata")
    emptied("chief-due-diligence")
    answer(case, "kept", "helena", which=1)
    assert {each.state for each in commitments(case)} == {"kept"}


def test_two_posts_that_verify() -> None:
    """Where two posts verify, the first by code is asked, and the case names it."""
    case = decided(BUILDING)
    assert {each.verifier_id for each in commitments(case)} == {post("due-diligence-officer")}


class TestHow:
    """How it was checked, or in one word why it could not be."""

    @pytest.mark.parametrize("how", promises.COULD_NOT)
    def test_why_it_could_not_is_kept(self, how: str) -> None:
        case = on_short()
        answer(case, "could_not_check", how=how)
        kept = commitments(case)[0]
        assert (kept.answers[-1]["how"], kept.state) == (how, "could_not_check")

    @pytest.mark.parametrize("how", ["", "visit", "the road"])
    def test_without_a_reason_it_is_refused(self, how: str) -> None:
        case = on_short()
        with refused("no_why"):
            answer_commitment(
                by=viewer("tomas"),
                now=NOW,
                commitment=commitments(case)[0].id,
                answer="could_not_check",
                words="The road was cut.",
                how=how,
            )

    @pytest.mark.parametrize("said", ["kept", "partly_kept", "broken"])
    def test_a_way_that_is_none_is_refused(self, said: str) -> None:
        case = on_short()
        with refused("no_how"):
            answer(case, said, how="access_refused")

    @pytest.mark.parametrize("said", ["kept", "partly_kept"])
    @pytest.mark.parametrize("how", ["phone", "papers", "partner", "community"])
    def test_a_thing_on_site_is_seen_by_going_there(self, said: str, how: str) -> None:
        """A lockable room is not kept by a photograph, a letter or a telephone call."""
        case, which = room()
        with refused("not_seen"):
            answer(case, said, which=which, how=how)

    @pytest.mark.parametrize("how", ["visit", "joint"])
    def test_and_then_it_is_kept(self, how: str) -> None:
        case, which = room()
        answer(case, "kept", which=which, how=how)
        assert commitments(case)[which].state == "kept"

    def test_that_it_is_broken_may_be_heard_from_anybody(self) -> None:
        """Facts are never refused: a neighbour saw the register in the yard."""
        case, which = room()
        answer(case, "broken", which=which, how="community")
        assert commitments(case)[which].state == "broken"

    def test_it_says_how_one_can_tell_and_to_whom_it_is_owed(self) -> None:
        case, which = room()
        owed = commitments(case)[which]
        assert set(owed.test) == {"en", "fr", "ar"} and owed.test["en"].startswith("The door locks")
        assert {each.owed_to for each in commitments(case)} == {"mission", "people"}


def room() -> tuple[Case, int]:
    """A building, and which of its commitments is the records room."""
    case = decided(BUILDING)
    found = [each.code for each in commitments(case)]
    return case, found.index("records_room_locked")


class TestRefusedTwice:
    """Whose check is refused twice is decided on like one that was broken."""

    def test_once_it_is_only_still_owed(self) -> None:
        case = on_short()
        answer(case, "could_not_check", how="access_refused")
        assert commitments(case)[0].decision_due is None
        assert due(case, "decide_broken") == []

    def test_twice_opens_a_decision_due_in_ten_days(self) -> None:
        case = on_short()
        for days in (1, 4):
            answer(case, "could_not_check", how="access_refused", days=days)
        kept = commitments(case)[0]
        assert (kept.state, kept.decision_due) == ("could_not_check", NOW + 14 * DAY)
        assert due(case, "decide_broken") == [(post("head-of-office-kodwel"), NOW + 14 * DAY)]
        go_on(by=viewer("jonas"), now=NOW + 5 * DAY, activity=case.activity, words="We write.")
        assert due(case, "decide_broken") == []

    @pytest.mark.parametrize("other", ["not_safe", "nobody_free", "nothing_shown", "too_early"])
    def test_only_a_refusal_counts(self, other: str) -> None:
        case = on_short()
        answer(case, "could_not_check", how="access_refused")
        answer(case, "could_not_check", how=other, days=2)
        assert commitments(case)[0].decision_due is None

    def test_it_is_on_the_leaderships_list(self) -> None:
        """So is a broken one, with the post that must say what follows."""
        case = on_short()
        answer(case, "broken", which=1)
        for days in (1, 2):
            answer(case, "could_not_check", how="access_refused", days=days)
        samir = viewer("samir")
        with viewing(samir):
            listed = [i for i in leadership(samir, NOW + 3 * DAY).decide if i.case == case.activity]
        assert [i.kind for i in listed] == ["decide_broken", "decide_broken"]


class TestRepeating:
    """What is promised again and again is owed again and again."""

    def test_each_time_is_answered_by_itself(self) -> None:
        case = on_monthly()
        first, second, *_rest = commitments(case)
        assert (first.every_days, second.every_days) == (15, 15)
        assert (first.due, second.due) == (NOW + 15 * DAY, NOW + 30 * DAY)
        answer(case, "kept")
        assert [each.state for each in commitments(case)][:2] == ["kept", "open"]
        answer(case, "broken", which=1)
        assert [each.state for each in commitments(case)][:2] == ["kept", "broken"]

    def test_each_time_is_released_by_itself(self) -> None:
        case = on_monthly()
        owed = commitments(case)
        release(by=viewer("samir"), now=NOW + DAY, owed=owed[0].id, words="No course this month.")
        assert [each.state for each in commitments(case)] == ["released", *["open"] * 3]


MONTHLY = """
protocol: monthly-list
title: {en: A list each fortnight}
languages: [en]
questions:
  - {id: who_comes, section: brings, ask: {en: Who comes?}, kind: text, required: yes}
  - {id: suffered, section: happened, ask: {en: Has anyone suffered?}, kind: yes_no}
rules: []
commitments:
  - {id: list_again, text: {en: We get the list again.}, phase: during, by: owner, to: people,
     proof: note, verifier: verifies, every: 15d, test: {en: The list bears this week's date.}}
looks:
  - {id: early_look, title: {en: Early look}, by: field_monitor, after: 50d, grace: 5d,
     method: [visit], asks: [suffered]}
assesses: assesses
advises: advises
decides: {ordinary: decides_ordinary, high: decides_high, leadership: decides_leadership}
lease: 60d
watch: 60d
"""


def on_monthly() -> Case:
    key = install_protocol(by=door.clock(), now=NOW, text=MONTHLY, filename="monthly.yaml")
    case = advised({"who_comes": "Thirty-six officers"}, protocols=(key,))
    go = yes(until=60 * DAY)
    decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=go)
    return case

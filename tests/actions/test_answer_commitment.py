"""Answer a commitment: kept, partly, broken or not checked, by the post that verifies it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from primum.actions.advise import advise
from primum.actions.answer_commitment import answer_commitment
from primum.actions.assess import assess
from primum.actions.base import NotThere
from primum.actions.decide import decide
from primum.actions.finish import lapse
from primum.actions.stop import suspend
from primum.cases import facts
from primum.cases.queries.due import due_items
from primum.people import door
from primum.people.sight import viewing
from tests.builders import (
    BUILDING,
    DAY,
    Case,
    commitments,
    decided,
    emptied,
    lines,
    on_short,
    post,
    refused,
    row,
    yes,
)
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db


def answer(case: Case, said: str, name: str = "tomas", which: int = 0, days: int = 1) -> None:
    answer_commitment(
        by=viewer(name, NOW + days * DAY),
        now=NOW + days * DAY,
        commitment=commitments(case)[which].id,
        answer=said,
        words="Seen on site, with the list in hand.",
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
            ("partly_kept", "kept"),
            ("broken", "kept"),
            ("broken", "broken"),
        ],
    )
    def test_an_answer_is_not_made_better(self, first: str, second: str) -> None:
        """What was answered is not answered over, a broken promise not whitewashed."""
        case = on_short()
        answer(case, first)
        with refused("answered"):
            answer(case, second, days=2)


class TestBroken:
    """Law 2 in spirit: a broken promise is not filed, it is decided on."""

    def test_it_opens_a_decision(self) -> None:
        """The decider of these stakes has ten days to say what follows."""
        case = decided(BUILDING)
        answer(case, "broken")
        assert commitments(case)[0].decision_due == NOW + 11 * DAY
        assert due(case, "decide_broken") == [(post("deputy-head-of-mission"), NOW + 11 * DAY)]

    def test_any_later_decision_answers_it(self) -> None:
        """Suspended for it: nothing waits for a decision any more."""
        case = on_short()
        answer(case, "broken", which=1)
        words = "They broke what they promised."
        suspend(by=viewer("samir"), now=NOW + 2 * DAY, activity=case.activity, words=words)
        assert due(case, "decide_broken") == []

    @pytest.mark.xfail(
        reason="a commitment before delivery answered “broken” or “partly kept” counts as unmet for"
        " ever: it can be neither met nor released (release takes open and could_not_check only),"
        " so no later approval of the activity ever authorises anything, and refresh_lease ends it"
        " at the old due date. Suggested: release takes every state but kept; a new go plans anew."
    )
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

    def test_a_promise_for_later_does_not_shorten_it(self) -> None:
        """What is owed while it lasts is followed up; the lease does not hang on it."""
        case = on_short()
        answer(case, "kept")
        answer(case, "broken", which=1)
        assert row(case).lease_end == NOW + 25 * DAY


@pytest.mark.xfail(
    reason="activity_counts counts state='open' alone: “could not check” closes a case, while the"
    " desk goes on asking for it to be verified. Suggested: count could_not_check as open, as"
    " refresh_lease and due_items do."
)
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

"""Release: one look or one commitment from being owed, by a reasoned decision of its own."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from primum.actions.answer_commitment import answer_commitment
from primum.actions.base import NotThere
from primum.actions.look import Seen, look
from primum.actions.release import release
from primum.cases.models import Ground
from primum.people import door
from primum.people.sight import viewing
from tests.builders import (
    CAREFUL,
    DAY,
    commitments,
    decided,
    decisions,
    held,
    lines,
    looks,
    met,
    on_short,
    post,
    refused,
    row,
)
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

WORDS = "The course was held elsewhere; there is nothing to look at."


def let_go(owed: UUID, name: str = "samir", words: str = WORDS, days: int = 1) -> UUID:
    now = NOW + days * DAY
    return release(by=viewer(name, now), now=now, owed=owed, words=words)


def test_release_a_look() -> None:
    """Released by a decision of its own, whose reasons lie with those who decide."""
    case = on_short()
    key = let_go(looks(case)[0].id)
    assert looks(case)[0].state == "released"
    assert looks(case)[0].released_by == post("head-of-mission")
    made = decisions(case)[-1]
    assert (made.id, made.kind, made.choice) == (key, "release", "")
    with viewing(viewer("jonas")):
        assert Ground.objects.get(decision=key).words == WORDS
    assert lines(case.activity)[-1] == "release"


def test_release_a_commitment() -> None:
    """A promise is released the same way."""
    case = on_short()
    let_go(commitments(case)[0].id)
    assert commitments(case)[0].state == "released"


@pytest.mark.parametrize("name", ["tomas", "aminata", "grace", "ruth"])
def test_who_may_not(name: str) -> None:
    """Not who looks, verifies or advises: only a post that may decide the case."""
    case = on_short()
    for owed in (looks(case)[0].id, commitments(case)[0].id):
        with refused("not_your_move"):
            let_go(owed, name)


def test_the_stakes_say_who() -> None:
    """The head of office releases what is ordinary; at high stakes the deputy does."""
    let_go(looks(on_short())[0].id, "jonas")
    case = decided(CAREFUL)
    with refused("not_your_move"):
        let_go(looks(case)[0].id, "jonas")
    let_go(looks(case)[0].id, "helena")


def test_nobody_releases_what_their_own_post_owes() -> None:
    """Own case: the leader who covered the owner's post last week releases nothing of it."""
    case = on_short()
    held("samir", "police-training-officer", NOW - 9 * DAY, NOW - 2 * DAY)
    with refused("own_case"):
        let_go(commitments(case)[0].id)


def test_the_owner_does_not_see_its_looks_to_release() -> None:
    """For the owner a look's content is not there; the promise is, and is not theirs to waive."""
    case = on_short()
    with pytest.raises(NotThere):
        let_go(looks(case)[0].id, "nadia")
    with refused("not_your_move"):
        let_go(commitments(case)[0].id, "nadia")
    with pytest.raises(NotThere):
        let_go(uuid4())


def test_reasons_are_owed() -> None:
    """No release without words, and nothing is released on the way to that refusal."""
    case = on_short()
    for owed in (looks(case)[0].id, commitments(case)[0].id):
        with refused("no_reasons"):
            let_go(owed, words=" ")


def test_what_is_made_is_not_released() -> None:
    """A made look, a kept promise, a released one: no longer owed."""
    case = met(on_short())
    look(by=viewer("grace"), now=NOW, look=looks(case)[0].id, seen=Seen("nothing_grave", "visit"))
    for owed in (looks(case)[0].id, commitments(case)[0].id):
        with refused("answered"):
            let_go(owed)
    let_go(looks(case)[1].id)
    with refused("answered"):
        let_go(looks(case)[1].id)


def test_what_could_not_be_checked_is_released() -> None:
    """Nobody could check it: a decision may say that this is where it ends."""
    case = on_short()
    answer_commitment(
        by=viewer("tomas"),
        now=NOW,
        commitment=commitments(case)[1].id,
        answer="could_not_check",
        words="The road was cut.",
        how="not_safe",
    )
    let_go(commitments(case)[1].id)
    assert commitments(case)[1].state == "released"


def test_one_at_a_time() -> None:
    """Law 2: one release releases one thing; the others are owed as before."""
    case = on_short()
    let_go(looks(case)[0].id)
    assert [each.state for each in looks(case)] == ["released", "open"]
    assert {each.state for each in commitments(case)} == {"open"}


class TestLease:
    def test_a_release_lengthens_it(self) -> None:
        """What is no longer owed no longer shortens: a decision with reasons stands behind it."""
        case = on_short()
        let_go(commitments(case)[0].id)
        assert row(case).lease_end == NOW + 25 * DAY
        let_go(looks(case)[0].id)
        assert row(case).lease_end == NOW + 45 * DAY

    def test_a_late_release_does_not_revive_it(self) -> None:
        """Law 1: after its end nothing but a new decision opens a lease."""
        case = on_short()
        let_go(commitments(case)[0].id, days=11)
        assert row(case).lease_end == NOW + 10 * DAY


def test_the_clock_releases_nothing() -> None:
    """Law 3: no automatic yes, and no automatic waiver either."""
    case = on_short()
    with refused("not_your_move"):
        release(by=door.clock(), now=NOW, owed=looks(case)[0].id, words="Long ago.")

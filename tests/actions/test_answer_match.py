"""Answer a match: a machine proposes that two names are one, a person says yes or no."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from primum.actions.answer_match import answer_match
from primum.actions.base import NotThere
from primum.people import door, mission
from primum.people.sight import viewing
from primum.register.models import Match
from tests.builders import DAY, lines, party, post, refused
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db


def proposed_match(seal: str = "open") -> Match:
    made = Match(
        seal_id=mission.seal_named(seal),
        recipient="KODWEL JOINT POLICE DETACHMENT",
        dataset="invented",
        party_id=party(),
        why="same name",
    )
    made.save(force_insert=True)
    return made


def state(key: UUID) -> tuple[str, object, object]:
    with viewing(door.clock()):
        found = Match.objects.get(id=key)
        return found.state, found.decided_by, found.decided_at


@pytest.mark.parametrize(("same", "after"), [(True, "confirmed"), (False, "refused")])
@pytest.mark.parametrize("name", ["tomas", "aminata"])
def test_answer(name: str, same: bool, after: str) -> None:
    """The due diligence posts say yes or no, and the party's chain says who did."""
    match = proposed_match()
    answer_match(by=viewer(name), now=NOW, match=match.id, same=same)
    assert state(match.id) == (after, viewer(name).post, NOW)
    assert lines(match.party_id) == ["match"]


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"tomas", "aminata"}))
def test_who_may_not(name: str) -> None:
    """No other post, the clock neither: a link between two sources is a human's yes."""
    match = proposed_match()
    with refused("not_your_move"):
        answer_match(by=viewer(name), now=NOW, match=match.id, same=True)
    with refused("not_your_move"):
        answer_match(by=door.clock(), now=NOW, match=match.id, same=True)


def test_answered_again() -> None:
    """People learn: a yes may become a no, and the ledger keeps both."""
    match = proposed_match()
    answer_match(by=viewer("tomas"), now=NOW, match=match.id, same=True)
    answer_match(by=viewer("aminata"), now=NOW + DAY, match=match.id, same=False)
    assert state(match.id) == ("refused", post("chief-due-diligence"), NOW + DAY)
    assert lines(match.party_id) == ["match", "match"]


def test_not_there() -> None:
    """A match that does not exist, or is sealed from this post, is not there."""
    with pytest.raises(NotThere):
        answer_match(by=viewer("tomas"), now=NOW, match=uuid4(), same=True)
    sealed = proposed_match("secretariat")
    with pytest.raises(NotThere):
        answer_match(by=viewer("tomas"), now=NOW, match=sealed.id, same=True)
    assert state(sealed.id)[0] == "proposed"

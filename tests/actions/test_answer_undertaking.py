"""An undertaking is answered by the post that verifies: kept, partly, broken, or nothing came."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from primum.actions.answer_undertaking import answer_undertaking
from primum.actions.base import NotThere
from primum.cases.models import Undertaking
from primum.cases.queries import due
from primum.cases.queries.promises import ANSWERED_AFTER, undertaking_page
from primum.people import door
from primum.people.sight import viewing
from tests.builders import emptied, lines, party, refused
from tests.builders_promises import undertaking
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WORDS = "The file number came by letter; we saw the register of the court."


def answer(key: UUID, said: str, days: float = 31, name: str = "tomas", words: str = WORDS) -> None:
    now = NOW + days * DAY
    answer_undertaking(by=viewer(name, now), now=now, undertaking=key, answer=said, words=words)


def row(key: UUID) -> Undertaking:
    with viewing(door.clock()):
        return Undertaking.objects.get(id=key)


@pytest.mark.parametrize("said", ["kept", "partly_kept", "broken", "lapsed"])
def test_answer(said: str) -> None:
    """Each answer keeps its words, its day and its post, and leaves the desk."""
    unit = party()
    key = undertaking(unit)
    answer(key, said)
    kept = row(key)
    assert (kept.state, kept.answered) == (said, NOW + 31 * DAY)
    assert [(each["answer"], each["words"]) for each in kept.answers] == [(said, WORDS)]
    assert (kept.failed is not None) == (said in ("broken", "lapsed"))
    assert lines(unit) == ["record_undertaking", "answer_undertaking"]
    who = viewer("tomas")
    with viewing(who):
        waiting = due.due_items(who, NOW + 31 * DAY)
    assert "undertaking" not in {item.kind for item in waiting}


@pytest.mark.parametrize("name", ["aminata", "samir", "grace", "jonas"])
def test_only_who_verifies(name: str) -> None:
    """Not who recorded it, and not the leadership that would like it kept."""
    key = undertaking(party(), by="samir")
    with refused("not_your_move"):
        answer(key, "kept", name=name)


def test_not_there() -> None:
    key = undertaking(party())
    for name, which in (("nadia", key), ("tomas", uuid4())):
        with pytest.raises(NotThere):
            answer(which, "kept", name=name)


@pytest.mark.parametrize(
    ("said", "words", "days", "code"),
    [
        ("open", WORDS, 31, "no_answer"),
        ("released", WORDS, 31, "no_answer"),
        ("kept", " ", 31, "no_proof"),
        ("lapsed", WORDS, 29, "not_due"),
    ],
)
def test_wrong_input(said: str, words: str, days: float, code: str) -> None:
    key = undertaking(party())
    with refused(code):
        answer(key, said, days, words=words)


@pytest.mark.parametrize("later", ["kept", "partly_kept"])
@pytest.mark.parametrize("first", ["broken", "lapsed"])
def test_late_is_better_than_never(first: str, later: str) -> None:
    """Met after all: the first answer stays on record, and so does that it failed."""
    key = undertaking(party())
    answer(key, first)
    answer(key, later, 40)
    kept = row(key)
    assert (kept.state, kept.failed) == (later, NOW + 31 * DAY)
    assert [each["answer"] for each in kept.answers] == [first, later]


@pytest.mark.parametrize("first", ["kept", "partly_kept"])
def test_what_was_kept_may_be_broken(first: str) -> None:
    key = undertaking(party())
    answer(key, first)
    answer(key, "broken", 40)
    assert (row(key).state, row(key).failed) == ("broken", NOW + 40 * DAY)


@pytest.mark.parametrize("first", ["kept", "broken", "lapsed"])
def test_the_same_twice_is_refused(first: str) -> None:
    key = undertaking(party())
    answer(key, first)
    with refused("answered"):
        answer(key, first, 40)


def test_the_page_offers_what_the_action_takes() -> None:
    """No button that is refused, and none that is missing."""
    for state in ANSWERED_AFTER:
        for said in ("kept", "partly_kept", "broken", "lapsed"):
            key = undertaking(party())
            if state != "open":
                answer(key, state)
            who = viewer("tomas")
            with viewing(who):
                shown = undertaking_page(who, key, NOW + 40 * DAY)
            assert shown is not None
            if said in shown.may_answer:
                answer(key, said, 40)
            else:
                with refused("answered"):
                    answer(key, said, 40)


def test_the_work_of_an_empty_post_falls_to_its_supervisor() -> None:
    key = undertaking(party())
    emptied("due-diligence-officer")
    answer(key, "kept", name="aminata")
    assert row(key).state == "kept"

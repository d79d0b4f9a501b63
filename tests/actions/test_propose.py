"""Propose: what the mission would bring, to whom, and the proposer's own answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from primum.actions.propose import NewActivity, NewLine, propose
from primum.cases.models import Activity, Line
from primum.core.protocol import AnswerError
from primum.people import door, mission
from primum.people.sight import viewing
from primum.protocols import load
from tests.builders import (
    DAY,
    PROTOCOL,
    everything,
    lines,
    party,
    post,
    proposed,
    published,
    refused,
    row,
    short,
    unchanged,
)
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db


def request(**more: object) -> NewActivity:
    fields: dict[str, Any] = {
        "title": "Course for the detachment",
        "why": "So that arrests are written down.",
        "starts": NOW.date(),
        "ends": (NOW + 30 * DAY).date(),
        "lines": (NewLine(party(), "training_advisory", "Course", "36 places", 9000, 36),),
        "protocols": (published(),),
        "invented": True,
    }
    return NewActivity(**{**fields, **more})


def test_propose() -> None:
    """A requester's proposal stands under its post's name, with one line in the ledger."""
    case = proposed()
    kept = row(case)
    assert (kept.stage, kept.owner_id) == ("proposed", post("police-training-officer"))
    assert kept.lease_end is None
    assert lines(case.activity) == ["propose", "weigh_effects"]


@pytest.mark.parametrize(
    "name", ["tomas", "aminata", "helena", "samir", "grace", "lena", "karim", "bruno"]
)
def test_only_who_requests(name: str) -> None:
    """A post without the duty to request proposes nothing, above an empty one that has it too."""
    wish = request()
    with refused("not_your_move"):
        propose(by=viewer(name), now=NOW, activity=wish)


def test_a_post_that_has_ended_proposes_no_more() -> None:
    """Somebody who acted a second before their post ended is a stranger a second after."""
    nadia, wish = viewer("nadia"), request()
    with refused("post_ended"):
        propose(by=nadia, now=NOW - timedelta(days=900), activity=wish)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"ends": (NOW - DAY).date()}, "ends_before_start"),
        ({"lines": ()}, "no_lines"),
        ({"lines": (NewLine(uuid4(), "training_advisory", "Course"),)}, "no_party"),
        ({"protocols": ()}, "no_protocol"),
        ({"protocols": (uuid4(),)}, "no_protocol"),
        ({"title": "  "}, "no_title"),
        ({"why": "\n"}, "no_reasons"),
    ],
)
def test_wrong_input(more: dict[str, object], code: str) -> None:
    """Each thing that is missing or wrong is said, and nothing is kept of the rest."""
    wish = request(**more)
    with refused(code):
        propose(by=viewer("nadia"), now=NOW, activity=wish)


def test_a_line_without_words_leaves_nothing_behind() -> None:
    """The second of two lines is wrong: activity and first line are gone too."""
    wish = request()
    with refused("no_what"):
        empty = replace(wish.lines[0], what=" ")
        propose(by=viewer("nadia"), now=NOW, activity=replace(wish, lines=(*wish.lines, empty)))


@pytest.mark.parametrize("answers", [{"lethal": "perhaps"}, {"people_reached": "many"}])
def test_an_answer_that_cannot_be_taken(answers: dict[str, object]) -> None:
    """An answer outside its question's options is named, and nothing is kept."""
    wish = request(answers=answers)
    before = everything()
    with pytest.raises(AnswerError):
        propose(by=viewer("nadia"), now=NOW, activity=wish)
    unchanged(before)


def test_an_answer_to_no_question() -> None:
    """What no chosen protocol asks is not kept, where it would break every later reading."""
    wish = request(answers={"weather": "fine"})
    before = everything()
    with pytest.raises(AnswerError) as caught:
        propose(by=viewer("nadia"), now=NOW, activity=wish)
    assert [(m.question, m.code) for m in caught.value.mistakes] == [
        ("weather", "no_such_question")
    ]
    unchanged(before)


def test_two_protocols_are_refused() -> None:
    """Only one would weigh: a light one must not stand in for a grave one."""
    grave, light = published(), short()
    wish = request(protocols=(grave, light))
    with refused("one_protocol"):
        propose(by=viewer("nadia"), now=NOW, activity=wish)
    answers = {"who_comes": "Thirty-six officers", "lethal": "no"}
    wish = request(protocols=(light,), answers=answers)
    before = everything()
    with pytest.raises(AnswerError):
        propose(by=viewer("nadia"), now=NOW, activity=wish)
    unchanged(before)


def test_a_seal_is_raised_and_never_lowered() -> None:
    """The seal a proposer names may be higher than the default; a lower one is refused."""
    wish = request(seal="open")
    with refused("not_higher"):
        propose(by=viewer("nadia"), now=NOW, activity=wish)


@pytest.mark.parametrize("seal", ["support", "decider", "protection", "secretariat"])
def test_as_narrow_as_the_default_is_enough(seal: str) -> None:
    """The default by its own name, and every narrower one, above the proposer's sight too."""
    key = propose(by=viewer("nadia"), now=NOW, activity=request(seal=seal))
    with viewing(viewer("aminata")):
        assert Activity.objects.get(id=key).seal_id == mission.seal_named(seal)


def test_a_raised_seal_hides_every_part() -> None:
    """Raised to the deciders' seal, neither activity nor lines are there for lower posts."""
    wish = request(seal="decider")
    key = propose(by=viewer("nadia"), now=NOW, activity=wish)
    for name, seen in (("ines", False), ("samir", True)):
        with viewing(viewer(name)):
            assert Activity.objects.filter(id=key).exists() is seen
            assert Line.objects.filter(activity=key).exists() is seen


def test_a_kind_that_nobody_knows() -> None:
    """The kind of support is one of the protocol's, since the stakes follow from it."""
    wish = request(lines=(NewLine(party(), "Joint operation", "Patrols"),))
    with refused("no_kind"):
        propose(by=viewer("nadia"), now=NOW, activity=wish)
    one, other = NewLine(party(), "training_advisory", "Course"), NewLine(party(), "", "Pens")
    wish = request(lines=(one, other))
    with refused("no_kind"):
        propose(by=viewer("nadia"), now=NOW, activity=wish)


def test_every_kind_the_protocol_knows() -> None:
    """Each option of the question is a kind a line may have."""
    kinds = [option.id for option in load(PROTOCOL).by_id["support_kind"].options]
    wish = request(lines=tuple(NewLine(party(), kind, "Something") for kind in kinds))
    assert propose(by=viewer("nadia"), now=NOW, activity=wish)


def test_where_no_protocol_asks_for_the_kind_it_is_free() -> None:
    """A protocol of another kind of activity has kinds of its own, or none."""
    wish = request(protocols=(short(),), lines=(NewLine(party(), "market day", "Stalls"),))
    assert propose(by=viewer("nadia"), now=NOW, activity=wish)


def test_two_kinds_of_words_have_two_salts() -> None:
    """Each activity has a salt of its own, so equal words give unequal digests."""
    one, other = proposed(), proposed()
    with viewing(door.clock()):
        salts = set(Activity.objects.values_list("salt", flat=True))
    assert one.activity != other.activity and len(salts) == 2

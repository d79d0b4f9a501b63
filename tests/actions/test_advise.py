"""Advise: one post's word on an assessment, with its own full Ruling."""

from __future__ import annotations

import pytest

from primum.actions.advise import advise
from primum.actions.assess import assess
from primum.cases import facts
from primum.cases.models import Advice, Ruling
from primum.people import door
from primum.people.sight import viewing
from tests.builders import (
    CAREFUL,
    DAY,
    Case,
    assessed,
    decided,
    held,
    lines,
    post,
    proposed,
    refused,
    stage,
)
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db


def support(case: Case, name: str = "aminata", **more: str) -> None:
    given = {"position": "support", "words": "Small, and it lets us look inside.", **more}
    advise(by=viewer(name), now=NOW, activity=case.activity, **given)


def advised_on(case: Case) -> bool:
    with viewing(door.clock()):
        return facts.judged([case.activity])[case.activity].advised


@pytest.mark.parametrize("position", ["support", "support_with_conditions", "object"])
def test_advise(position: str) -> None:
    """Whatever it says, the case is advised on, and the stage stays."""
    case = assessed(CAREFUL)
    assert not advised_on(case)
    support(case, position=position)
    assert advised_on(case)
    assert stage(case) == "assessed"
    assert lines(case.activity) == ["propose", "weigh_effects", "assess", "advise"]


@pytest.mark.parametrize("name", ["ruth", "samir", "jonas", "grace", "bruno"])
def test_only_who_advises(name: str) -> None:
    """No other post advises."""
    case = assessed(CAREFUL)
    with refused("not_your_move"):
        support(case, name)


def test_nobody_advises_on_their_own_assessment() -> None:
    """The assessor's post does not advise, nor does the assessor in the adviser's chair."""
    case = assessed(CAREFUL)
    with refused("not_your_move", "own_assessment"):
        support(case, "tomas")
    held("tomas", "chief-due-diligence", NOW)
    chief = door.viewer(viewer("tomas").person, NOW, post("chief-due-diligence"))
    assert chief is not None
    with refused("own_assessment"):
        advise(by=chief, now=NOW, activity=case.activity, position="support", words="My own.")


@pytest.mark.parametrize("name", ["nadia", "lena", "ines"])
def test_who_may_not_read_it_has_nothing_to_advise_on(name: str) -> None:
    """Outside the seal of assessments, the proposer among them, there is none."""
    case = assessed(CAREFUL)
    with refused("not_assessed"):
        support(case, name)


@pytest.mark.parametrize(
    ("more", "code"),
    [({"position": "maybe"}, "no_position"), ({"words": " "}, "no_reasons")],
)
def test_wrong_input(more: dict[str, str], code: str) -> None:
    """A position outside the three, or no reasons: refused, nothing kept."""
    case = assessed(CAREFUL)
    with refused(code):
        support(case, **more)


def test_there_must_be_something_to_advise_on() -> None:
    """Nothing is advised on before it was assessed."""
    case = proposed()
    with refused("not_assessed"):
        support(case)


def test_once_an_assessment() -> None:
    """The second word of a post on one assessment is refused and half nothing is written."""
    case = assessed(CAREFUL)
    support(case)
    with refused("advised"):
        support(case, position="object")
    assess(by=viewer("tomas"), now=NOW + DAY, activity=case.activity, answers=CAREFUL)
    advise(
        by=viewer("aminata"), now=NOW + DAY, activity=case.activity, position="object", words="No."
    )
    assert advised_on(case)


def test_not_after_the_decision() -> None:
    """Advice comes before; what is decided is not advised on."""
    case = decided(CAREFUL)
    with refused("wrong_stage"):
        support(case)


def test_the_full_ruling_lies_under_the_widest_seal() -> None:
    """Only the post with the widest seal reads its Ruling; the words, those who decide."""
    case = assessed(CAREFUL)
    support(case)
    for name, rulings, words in (
        ("aminata", 2, 1),
        ("tomas", 1, 1),
        ("samir", 0, 1),
        ("nadia", 0, 0),
    ):
        with viewing(viewer(name)):
            assert Ruling.objects.filter(assessment__activity=case.activity).count() == rulings
            assert Advice.objects.filter(activity=case.activity).count() == words

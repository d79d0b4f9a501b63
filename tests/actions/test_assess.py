"""Assess: the protocol's questions answered for the mission, and the Ruling that follows."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from primum.actions.assess import assess
from primum.actions.base import NotThere
from primum.actions.propose import NewLine
from primum.cases.models import Assessment, Ruling
from primum.core.protocol import AnswerError
from primum.core.vocabulary import Level, Recommendation
from primum.people import door
from primum.people.sight import viewing
from tests.builders import (
    CAREFUL,
    DAY,
    GRAVE,
    INSTANT,
    UNVISITED,
    advised,
    assessed,
    decided,
    emptied,
    everything,
    held,
    lines,
    on_record,
    party,
    proposed,
    reasoned,
    refused,
    row,
    stage,
    unchanged,
)
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db


def latest(activity: UUID) -> Assessment:
    with viewing(door.clock()):
        return Assessment.objects.filter(activity=activity).order_by("-at")[0]


def test_assess() -> None:
    """The Ruling comes back, is kept, and the case waits for its decision."""
    case = proposed()
    ruling = assess(by=viewer("tomas"), now=NOW + DAY, activity=case.activity, answers=CAREFUL)
    assert (ruling.lowest, ruling.highest) == (Level.MEDIUM, Level.MEDIUM)
    assert stage(case) == "assessed"
    assert lines(case.activity) == ["propose", "weigh_effects", "assess"]


@pytest.mark.parametrize("name", ["nadia", "aminata", "samir", "jonas", "grace", "lena"])
def test_only_who_assesses(name: str) -> None:
    """Not the proposer, not the adviser, not the decider."""
    case = proposed()
    codes = ["not_your_move", *(["own_case"] if name == "nadia" else [])]
    with refused(*codes):
        assess(by=viewer(name), now=NOW, activity=case.activity, answers=CAREFUL)


def test_what_one_may_not_see_is_not_there() -> None:
    """A sealed activity does not exist for a post outside the seal."""
    case = proposed(seal="decider")
    for name in ("ines", "eva", "karim"):
        with pytest.raises(NotThere):
            assess(by=viewer(name), now=NOW, activity=case.activity, answers=CAREFUL)


@pytest.mark.parametrize(
    ("answers", "record", "stakes"),
    [
        (CAREFUL, True, "ordinary"),
        (CAREFUL, False, "high"),
        (UNVISITED, True, "leadership"),
        (GRAVE, True, "leadership"),
        (reasoned({}), True, "leadership"),
    ],
)
def test_the_stakes_are_computed(answers: dict[str, object], record: bool, stakes: str) -> None:
    """From level, size and hard stops; what is unknown counts as it could turn out."""
    case = proposed()
    if record:
        on_record(case)
    assess(by=viewer("tomas"), now=NOW, activity=case.activity, answers=answers)
    assert latest(case.activity).stakes == stakes


@pytest.mark.parametrize("answers", [{"weather": "fine"}, {"lethal": "perhaps"}])
def test_an_answer_that_cannot_be_taken(answers: dict[str, object]) -> None:
    """A wrong name or value is said, and nothing is written."""
    case = proposed()
    before = everything()
    with pytest.raises(AnswerError):
        assess(by=viewer("tomas"), now=NOW, activity=case.activity, answers=answers)
    unchanged(before)


def test_everything_is_answered_or_reasoned_about() -> None:
    """Nothing said is no assessment: every required question that was left out is named."""
    case = proposed()
    before = everything()
    left = {name: value for name, value in CAREFUL.items() if name not in ("lethal", "heard")}
    with pytest.raises(AnswerError) as caught:
        assess(by=viewer("tomas"), now=NOW, activity=case.activity, answers=left)
    assert {each.question for each in caught.value.mistakes} == {"lethal", "heard"}
    unchanged(before)


def test_nothing_known_is_not_yet() -> None:
    """Law 4: all unknown, each with its reason, is kept, and recommends to find out more."""
    case = proposed()
    ruling = assess(by=viewer("tomas"), now=NOW, activity=case.activity, answers=reasoned({}))
    assert ruling.recommendation is Recommendation.NOT_YET


@pytest.mark.parametrize(
    ("line", "question"),
    [
        (NewLine(UUID(int=0), "infrastructure", "A post"), "support_kind"),
        (NewLine(UUID(int=0), "training_advisory", "Rifles", lethal=True), "lethal"),
    ],
)
def test_nothing_that_the_lines_deny(line: NewLine, question: str) -> None:
    """A kind or lethal means that stand in the lines cannot be left out of the answers."""
    case = proposed(lines=(replace(line, party=party()),))
    before = everything()
    with pytest.raises(AnswerError) as caught:
        assess(by=viewer("tomas"), now=NOW, activity=case.activity, answers=CAREFUL)
    assert [each.question for each in caught.value.mistakes] == [question]
    unchanged(before)


def test_an_assessment_is_superseded_never_edited() -> None:
    """Law 11: the second one names the first, which stays as it was, its Ruling too."""
    case = assessed(CAREFUL)
    first = latest(case.activity)
    assess(by=viewer("tomas"), now=NOW + DAY, activity=case.activity, answers=GRAVE)
    second = latest(case.activity)
    assert second.supersedes_id == first.id
    with viewing(door.clock()):
        assert Assessment.objects.get(id=first.id).answers == first.answers
        assert Ruling.objects.filter(assessment__activity=case.activity).count() == 2


def test_advice_counts_for_one_assessment_only() -> None:
    """Assessed anew, the case waits for advice anew."""
    case = advised(CAREFUL)
    assess(by=viewer("tomas"), now=NOW + DAY, activity=case.activity, answers=CAREFUL)
    from primum.cases import facts  # noqa: PLC0415

    with viewing(door.clock()):
        assert not facts.judged([case.activity])[case.activity].advised


def test_not_what_one_proposed_in_a_former_post() -> None:
    """Nadia, moved to due diligence, does not assess what she had asked for."""
    case = proposed()
    emptied("due-diligence-officer")
    held("nadia", "due-diligence-officer", NOW, acting=False)
    emptied("police-training-officer")
    moved = viewer("nadia", NOW + 300 * DAY)
    with refused("own_case"):
        assess(by=moved, now=NOW + 300 * DAY, activity=case.activity, answers=CAREFUL)


@pytest.mark.parametrize(
    ("later", "own"), [(90 * DAY - INSTANT, True), (90 * DAY, False), (91 * DAY, False)]
)
def test_the_post_that_asked_is_left_behind_after_90_days(later: object, own: bool) -> None:
    """Who covered the proposer's post judges its cases only 90 days after leaving it."""
    case = proposed()
    held("tomas", "police-training-officer", NOW - 10 * DAY, NOW)
    now = NOW + later  # type: ignore[operator]
    if own:
        with refused("own_case"):
            assess(by=viewer("tomas", now), now=now, activity=case.activity, answers=CAREFUL)
    else:
        assess(by=viewer("tomas", now), now=now, activity=case.activity, answers=CAREFUL)
        assert stage(case) == "assessed"


def test_while_it_is_going_it_is_a_review() -> None:
    """What was decided is not assessed anew: it is reviewed, each old answer said again."""
    case = decided(CAREFUL)
    before = everything()
    with pytest.raises(AnswerError) as caught:
        assess(by=viewer("tomas"), now=NOW + DAY, activity=case.activity, answers=GRAVE)
    assert {each.code for each in caught.value.mistakes} == {"unconfirmed", "is_review"}
    unchanged(before)
    assert row(case).stage == "decided"

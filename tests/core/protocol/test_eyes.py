"""Who saw what a look tells: those whom it judges are never its only witnesses."""

from __future__ import annotations

from itertools import product

import pytest

from primum.core.protocol import Independence, Method, seen_by
from primum.core.vocabulary import Because

OWN, JOINT, PARTNER, COMMUNITY, JUDGED = Independence


@pytest.mark.parametrize(
    ("method", "eyes"),
    [
        (Method.VISIT, OWN),
        (Method.JOINT, OWN),
        (Method.PARTNER, PARTNER),
        (Method.COMMUNITY, COMMUNITY),
    ],
)
def test_the_usual_eyes_need_no_tap(method: Method, eyes: Independence) -> None:
    assert seen_by(method, "") is eyes


def test_a_telephone_says_whose_eyes() -> None:
    """Nobody of ours sees anything by telephone, and who answers it must be told."""
    left_out = seen_by(Method.PHONE, "")
    assert isinstance(left_out, Because) and left_out.code == "no_eyes"
    assert seen_by(Method.PHONE, "community") is COMMUNITY
    assert seen_by(Method.PHONE, "partner") is PARTNER


@pytest.mark.parametrize("method", Method)
def test_the_judged_party_alone_is_no_witness(method: Method) -> None:
    refused = seen_by(method, "judged_alone")
    assert isinstance(refused, Because) and refused.code == "judged_alone"
    assert "no look" in str(refused)


@pytest.mark.parametrize(("method", "said"), list(product(Method, ("", *Independence, "a drone"))))
def test_every_answer_is_a_witness_or_a_sentence(method: Method, said: str) -> None:
    """Whatever is said, nobody who is judged stands alone, and what is said is kept or refused."""
    found = seen_by(method, said)
    if isinstance(found, Because):
        assert str(found).endswith(".")
    else:
        assert found is not JUDGED
        assert said in ("", found)


@pytest.mark.parametrize(
    ("method", "said"),
    [
        (Method.PHONE, "own"),
        (Method.PHONE, "joint_with_judged"),
        (Method.PARTNER, "own"),
        (Method.COMMUNITY, "own"),
        (Method.VISIT, "community"),
        (Method.VISIT, "nobody"),
    ],
)
def test_what_does_not_fit_is_refused(method: Method, said: str) -> None:
    found = seen_by(method, said)
    assert isinstance(found, Because) and found.code == "other_eyes"


def test_those_we_judge_may_stand_beside() -> None:
    """Together with them is told, and counts: our own eyes were there."""
    for method in (Method.VISIT, Method.JOINT):
        assert seen_by(method, "joint_with_judged") is JOINT

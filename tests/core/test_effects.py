"""Which effects a yes answers for, and when a list is one-sided."""

from __future__ import annotations

from itertools import product

import pytest

from primum.core import effects


def test_what_a_yes_answers_for() -> None:
    """Of every combination: harm, serious or grave, possible or likely, of what is proposed."""
    found = {
        (good, seriousness, likelihood, option)
        for good, seriousness, likelihood, option in product(
            (False, True),
            effects.SERIOUSNESS,
            effects.LIKELIHOODS,
            (effects.AS_PROPOSED, effects.DO_NOTHING, "Another way"),
        )
        if effects.must_be_met(
            good=good, seriousness=seriousness, likelihood=likelihood, option=option
        )
    }
    assert found == {
        (False, seriousness, likelihood, effects.AS_PROPOSED)
        for seriousness in ("serious", "grave")
        for likelihood in ("possible", "likely")
    }


@pytest.mark.parametrize(
    ("benefits", "harms", "one"), [(0, 0, True), (1, 0, True), (0, 3, True), (1, 1, False)]
)
def test_a_one_sided_list(benefits: int, harms: int, one: bool) -> None:
    """No harm, nothing but harm, and nothing at all; a harm and a good are two sides."""
    assert effects.one_sided(benefits, harms) is one


def test_the_vocabulary() -> None:
    """Five patterns of transfers, four of messages, five ways of our own; none twice."""
    assert (len(effects.TRANSFERS), len(effects.MESSAGES), len(effects.MECHANISMS)) == (5, 4, 14)
    assert len(set(effects.MECHANISMS)) == 14


def test_pathways_of_two_protocols_are_two() -> None:
    """The same code in two protocols names two pathways."""
    assert effects.pathway("one", "same") != effects.pathway("two", "same")

"""Folding: ways of typing a name that must compare equal, and some that must not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.core.screening import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("32 Régiment d’Infanterie Motorisée", "32 régiment d'infanterie motorisée"),
        ("Sudan People`s Liberation Army", "Sudan People’s Liberation Army"),
        ("Re\u0301giment", "Régiment"),
        ("  1   Battalion\t", "1 battalion"),
        ("1\u00a0Battalion", "1 Battalion"),
        ("Tessalit–Nord", "Tessalit-Nord"),
        ("“Waraba”", '"Waraba"'),
        ("STRASSE", "straße"),
        ("Batta\u00adlion", "Battalion"),
        ("\u200fعلي", "علي"),
        ("محـــمد", "محمد"),
        ("Ｇ５ Sahel", "G5 Sahel"),
        ("ﬁeld", "field"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ],
)
def test_two_ways_of_typing_one_name(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Régiment", "Regiment"),
        ("3 Battalion", "31 Battalion"),
        ("M.M. Abass", "MM Abass"),
        ("أحمد", "احمد"),
    ],
)
def test_two_names_stay_two(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Régiment", "Regiment"),
        ("M.M. Abass", "MM Abass"),
        ("Sudan People`s", "Sudan Peoples"),
        ("Abdul-Rahman", "Abdul Rahman"),
        ("أحمد", "احمد"),
        ("مُحَمَّد", "محمد"),
        ("Ɓala Ɗan Ƙano", "Bala Dan Kano"),
        ("Kɔnɛ", "Kone"),
        ("İstanbul", "istanbul"),
        ("ISTANBUL", "ıstanbul"),
        ("Special Squad (Kano)", "special squad, kano"),
    ],
)
def test_loosely_accents_and_points_do_not_count(one: str, other: str) -> None:
    assert fold(one, loose=True) == fold(other, loose=True)


def test_loosely_numbers_still_count() -> None:
    assert fold("3 Battalion", loose=True) != fold("31 Battalion", loose=True)


@given(st.text(), st.booleans())
def test_folding_twice_changes_nothing(name: str, loose: bool) -> None:
    once = fold(name, loose=loose)

    assert fold(once, loose=loose) == once


@given(st.text())
def test_names_alike_strictly_are_alike_loosely(name: str) -> None:
    assert fold(fold(name), loose=True) == fold(name, loose=True)


@given(st.text(), st.booleans())
def test_a_folded_name_has_no_stray_spaces(name: str, loose: bool) -> None:
    folded = fold(name, loose=loose)

    assert folded == " ".join(folded.split())

"""When a letter may be read, may pass, and may go."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.core import letters
from primum.core.letters import Reading

TODAY = date(2026, 3, 2)
WORDS = {"subject": "About it", "facts": "What may be told.", "asks": "To look into it."}

yes_no = st.sampled_from([True, False, None])
why = st.sampled_from(["", " ", "Only one family was there."])
days = st.none() | st.integers(-5, 30).map(lambda n: TODAY + timedelta(days=n))


def codes(words: dict[str, str], addressee: str = "An office", reference: str = "1") -> list[str]:
    return [each.code for each in letters.missing(words, addressee, reference)]


def test_a_whole_letter_lacks_nothing() -> None:
    """The control."""
    assert codes(WORDS) == []


@pytest.mark.parametrize("part", letters.OWED)
def test_each_part_is_owed(part: str) -> None:
    """What it is about, the facts and what is asked: without one of them it is no letter."""
    assert codes({**WORDS, part: " "}) == ["no_letter"]


def test_gaps_are_filled_first() -> None:
    """What a template left open never goes: not in the words, not in the address."""
    assert codes({**WORDS, "closing": "We met on [[day]]."}) == ["gaps"]
    assert codes(WORDS, addressee="[[office]]") == ["gaps"]
    assert codes(WORDS, addressee=" ", reference="") == ["no_addressee", "no_reference"]


@given(yes_no, why, yes_no, why, days)
def test_reading(
    words: bool | None, words_why: str, timing: bool | None, timing_why: str, day: date | None
) -> None:
    """Both answers, each with words; “yes” to the words never passes, “yes” to the timing alone
    passes only with a day that is still to come.
    """
    reading = Reading(words, words_why, timing, timing_why, day)
    lacking = letters.unanswered(reading, TODAY)
    whole = None not in (words, timing) and bool(words_why.strip() and timing_why.strip())
    assert (not lacking) is (whole and (day is None or day > TODAY))
    if letters.passes(reading):
        assert words is False
        assert timing is False or day is not None
    if whole and words is False and timing is False:
        assert letters.passes(reading)


@given(st.booleans(), st.booleans(), days, st.integers(-5, 30))
def test_sending(passed: bool, approved: bool, not_before: date | None, offset: int) -> None:
    """Only what passed, for a step that stands, not in the future and not before its day."""
    sent_on = TODAY + timedelta(days=offset)
    found = {
        each.code
        for each in letters.objections_to_sending(
            passed=passed, approved=approved, not_before=not_before, sent_on=sent_on, today=TODAY
        )
    }
    wanted = {
        "unread": not passed,
        "unapproved": not approved,
        "future": sent_on > TODAY,
        "too_early": passed and not_before is not None and sent_on < not_before,
    }
    assert found == {code for code, is_so in wanted.items() if is_so}

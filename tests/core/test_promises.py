"""What counts as a step, what answers a finding, and when a waiver stops counting."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.core import promises
from primum.core.promises import EFFECTIVE, LADDER, STEPS, Done, Finding, accountability
from primum.core.protocol import Proof
from tests.cast import NOW

DAY = timedelta(days=1)
START = date(2026, 1, 15)

days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
done = st.builds(Done, st.sampled_from(STEPS), days, st.booleans())
found = st.builds(Finding, days, st.lists(done, max_size=4).map(tuple))


@pytest.mark.parametrize("kind", STEPS)
def test_a_step_that_is_only_claimed_does_not_count(kind: str) -> None:
    """SETTLED 37: whatever they say they did."""
    assert not Done(kind, START, evidenced=False).counts
    assert Finding(START, (Done(kind, START, evidenced=False),)).answered == "none"


@pytest.mark.parametrize(
    ("kinds", "answered"),
    [
        ((), "none"),
        (("nothing",), "none"),
        (("investigated",), "some"),
        (("charged", "compensated"), "some"),
        (("acquitted",), "some"),
        (("investigated", "charged", "tried"), "effective"),
        (("convicted",), "effective"),
        (("removed_from_post",), "effective"),
        (("nothing", "convicted"), "effective"),
    ],
)
def test_what_answers_a_finding(kinds: tuple[str, ...], answered: str) -> None:
    steps = tuple(Done(kind, START, evidenced=True) for kind in kinds)
    assert Finding(START, steps).answered == answered


def test_where_least_was_done_counts() -> None:
    """One conviction does not answer for another killing."""
    answered = Finding(START, (Done("convicted", START, evidenced=True),))
    assert accountability([answered]) == "effective"
    assert accountability([answered, Finding(START)]) == "none"
    assert accountability([]) == "no_finding"


@pytest.mark.parametrize(
    ("today", "months"),
    [
        (date(2026, 1, 15), 0),
        (date(2026, 2, 14), 0),
        (date(2026, 2, 15), 1),
        (date(2026, 7, 14), 5),
        (date(2026, 7, 15), 6),
        (date(2025, 1, 1), 0),
    ],
)
def test_whole_months(today: date, months: int) -> None:
    assert Finding(START).idle_months(today) == months


def test_a_step_with_evidence_starts_the_six_months_anew() -> None:
    """An inquiry in June: the six months run from there. What was only claimed moves nothing."""
    june, today = date(2026, 6, 20), date(2026, 9, 1)
    assert Finding(START, (Done("investigated", june, True),)).idle_months(today) == 2
    assert Finding(START, (Done("investigated", june, False),)).idle_months(today) == 7
    assert Finding(START, (Done("nothing", june, True),)).idle_months(today) == 7
    assert Finding(START, (Done("convicted", june, True),)).idle_months(today) == 0


@given(found, done)
def test_doing_more_never_looks_like_less(finding: Finding, more: Done) -> None:
    after = Finding(finding.since, (*finding.done, more))
    assert LADDER.index(after.answered) >= LADDER.index(finding.answered)
    assert after.idle_months(date(2028, 1, 1)) <= finding.idle_months(date(2028, 1, 1))


@given(st.lists(found, min_size=1, max_size=4), found)
def test_one_more_finding_never_looks_better(several: list[Finding], more: Finding) -> None:
    before, after = accountability(several), accountability([*several, more])
    assert LADDER.index(after) <= LADDER.index(before)


def test_effective_steps_are_steps() -> None:
    assert set(STEPS) >= EFFECTIVE


@pytest.mark.parametrize("how", ["visit", "joint"])
@pytest.mark.parametrize("proof", ["thing", "visit"])
def test_a_thing_is_seen_by_going_there(proof: str, how: str) -> None:
    assert promises.shows(proof, how)
    assert not any(promises.shows(proof, other) for other in ("phone", "papers", "partner", ""))


@pytest.mark.parametrize("proof", ["note", "document", "photo", "", "something of old"])
def test_what_else_is_shown_from_anywhere(proof: str) -> None:
    assert promises.shows(proof, "") and promises.shows(proof, "papers")


def test_every_proof_is_thought_about() -> None:
    assert {proof.value for proof in Proof} == {"note", "document", "photo", "visit", "thing"}


@pytest.mark.parametrize(
    ("ended", "failed", "days", "stands"),
    [
        (None, None, 1, True),
        (None, None, 20, False),
        (None, None, 21, False),
        (2, None, 3, False),
        (None, 2, 3, False),
        (None, -1, 3, True),
    ],
)
def test_when_a_waiver_counts(
    ended: int | None, failed: int | None, days: int, stands: bool
) -> None:
    """Until its day, until it is ended, and until its undertaking fails after it was given."""
    assert stands == promises.stands(
        NOW,
        NOW + 20 * DAY,
        None if ended is None else NOW + ended * DAY,
        None if failed is None else NOW + failed * DAY,
        NOW + days * DAY,
    )

"""The intercession ladder as a table: it only goes up, by two people, and says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.core import intercession as core
from primum.core.intercession import LADDER, Move, Rung, Scope

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DUTIES = sorted({duty for row in LADDER.values() for duty in row.authors | row.approvers})
UP = (
    Rung.CONCERN,
    Rung.INTERCEDED,
    Rung.FORMAL_NOTICE,
    Rung.FINAL_NOTICE,
    Rung.SUSPENDED,
    Rung.WITHDRAWN,
)
"""The way up. Resumption leads off it, and a matter may begin again from there."""

A_MOVE = Move(
    rung=Rung.FORMAL_NOTICE,
    before=Rung.INTERCEDED,
    duties=frozenset({"assesses"}),
    threshold="Two more, after our talk.",
    relied_on="Two accounts.",
    scope=Scope.UNIT,
    scope_words="",
    now=NOW,
    deadline=NOW + timedelta(days=14),
)


def codes(move: Move) -> list[str]:
    return [each.code for each in core.objections(move)]


def test_every_rung_has_its_row() -> None:
    """Nothing is left out, and every row says who writes, who approves, on whose desk it lands."""
    assert set(LADDER) == set(Rung)
    for row in LADDER.values():
        assert row.authors and row.approvers and row.desk in row.approvers
        assert row.letter
        assert not row.clock or row.clock in core.CLOCKS


def test_one_step_up() -> None:
    """The control: from an intercession to a formal notice there is nothing against it."""
    assert codes(A_MOVE) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"duties": frozenset({"requests"})}, "not_your_move"),
        ({"duties": frozenset({"protection_officer"})}, "not_your_move"),
        ({"before": Rung.FINAL_NOTICE}, "out_of_order"),
        ({"before": Rung.WITHDRAWN}, "out_of_order"),
        ({"threshold": "  "}, "no_threshold"),
        ({"relied_on": ""}, "no_information"),
        ({"scope": Scope.COMMANDER}, "no_scope"),
        ({"scope": Scope.OPERATION}, "no_scope"),
        ({"deadline": NOW}, "past_deadline"),
        ({"decision": "suspend"}, "decision_elsewhere"),
        ({"rung": Rung.SUSPENDED}, "no_decision"),
        ({"rung": Rung.SUSPENDED, "decision": "withdraw"}, "no_decision"),
        ({"rung": Rung.RESUMED, "before": None, "decision": "resume"}, "not_first"),
        ({"rung": Rung.WITHDRAWN, "before": None, "decision": "withdraw"}, "not_first"),
    ],
)
def test_what_is_refused(change: dict[str, object], code: str) -> None:
    """Each for one reason, in words."""
    move = replace(A_MOVE, **change)  # type: ignore[arg-type]
    assert codes(move) == [code]
    assert all(str(each) for each in core.objections(move))


def test_everything_is_said_at_once() -> None:
    """Whoever has to come back, comes back once."""
    empty = replace(A_MOVE, duties=frozenset(), threshold="", relied_on="", deadline=NOW)
    assert codes(empty) == ["not_your_move", "no_threshold", "no_information", "past_deadline"]


def test_a_concern_may_come_from_a_protection_officer() -> None:
    """Who hears it first may raise it first."""
    move = replace(A_MOVE, rung=Rung.CONCERN, before=None, duties=frozenset({"protection_officer"}))
    assert codes(move) == []


@given(st.sampled_from(list(Rung)), st.sampled_from([*Rung, None]))
def test_the_ladder_never_goes_down(rung: Rung, before: Rung | None) -> None:
    """From each rung a matter goes up, or off it by a resumption; it begins again only then."""
    duties = frozenset(DUTIES)
    decided = LADDER[rung].decision
    may = codes(replace(A_MOVE, rung=rung, before=before, duties=duties, decision=decided)) == []
    assert may is (rung in core.next_rungs(before))
    if may and before is not None and Rung.RESUMED not in (rung, before):
        assert UP.index(rung) > UP.index(before)
    if may and rung in (Rung.RESUMED, Rung.WITHDRAWN):
        assert before is Rung.SUSPENDED


@given(st.lists(st.sampled_from(list(Rung)), max_size=12))
def test_any_walk_ends_or_begins_again(wanted: list[Rung]) -> None:
    """Whatever is tried in whatever order: nothing follows a withdrawal, and a resumption is the
    only way from suspended back to where a matter begins.
    """
    before: Rung | None = None
    walked: list[Rung] = []
    for rung in wanted:
        if rung in core.next_rungs(before):
            before = rung
            walked.append(rung)
    for one, other in pairwise(walked):
        assert one is not Rung.WITHDRAWN
        assert one is not Rung.SUSPENDED or other in (Rung.RESUMED, Rung.WITHDRAWN)
    assert walked.count(Rung.WITHDRAWN) <= 1


@given(
    st.sampled_from(list(Rung)),
    st.frozensets(st.sampled_from(list(Rung))),
    st.frozensets(st.sampled_from(DUTIES)),
    st.booleans(),
    st.sampled_from(["", " ", "Three villages in one night."]),
)
def test_approving(
    rung: Rung, climbed: frozenset[Rung], duties: frozenset[str], own: bool, reason: str
) -> None:
    """Never by its writer, never without the duty; a final notice needs a formal one before it,
    or the leadership's own reason.
    """
    found = [
        each.code
        for each in core.objections_to_approving(rung, climbed, duties, own=own, reason=reason)
    ]
    assert ("own_step" in found) is own
    assert ("not_your_move" in found) is not bool(LADDER[rung].approvers & duties)
    skipped = rung is Rung.FINAL_NOTICE and Rung.FORMAL_NOTICE not in climbed
    pardoned = "decides_leadership" in duties and reason.strip() != ""
    assert ("formal_first" in found) is (skipped and not pardoned)


def test_only_the_leadership_approves_a_final_notice() -> None:
    """The last step before support stops is the head of mission's."""
    assert LADDER[Rung.FINAL_NOTICE].approvers == {"decides_leadership"}


class TestClocks:
    def test_the_missions_own_clock_counts(self) -> None:
        """Fourteen days where the mission says nothing; else what it says."""
        assert core.answer_due(Rung.FORMAL_NOTICE, NOW, {}) == NOW + timedelta(days=14)
        own = {"authorities_answer_days": 21}
        assert core.answer_due(Rung.FORMAL_NOTICE, NOW, own) == NOW + timedelta(days=21)

    @pytest.mark.parametrize("rung", [Rung.SUSPENDED, Rung.RESUMED, Rung.WITHDRAWN])
    def test_what_is_done_awaits_no_answer(self, rung: Rung) -> None:
        """A notice of suspension tells; it asks for nothing by a day."""
        assert core.answer_due(rung, NOW, {}) is None


class TestStanding:
    @given(st.lists(st.sampled_from(list(Rung))))
    def test_the_gravest_counts(self, heads: list[Rung]) -> None:
        """One more matter never makes a party stand better."""
        whole = core.STANDING.index(core.standing(heads))
        for count in range(len(heads)):
            assert core.STANDING.index(core.standing(heads[:count])) <= whole

    @pytest.mark.parametrize(
        ("heads", "word"),
        [
            ([], "none"),
            ([Rung.RESUMED], "none"),
            ([Rung.CONCERN], "concern"),
            ([Rung.FORMAL_NOTICE, Rung.CONCERN], "formal_notice"),
            ([Rung.WITHDRAWN], "suspended"),
            ([Rung.RESUMED, Rung.INTERCEDED], "interceded"),
        ],
    )
    def test_in_words(self, heads: list[Rung], word: str) -> None:
        """Resumed is over; withdrawn is worse than suspended, and no rule knows a worse word."""
        assert core.standing(heads) == word

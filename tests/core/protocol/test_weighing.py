"""What weighing gives: levels, reasons, stops, open questions and a recommendation."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primum.core.protocol import (
    FACTS,
    SEMANTICS,
    Answers,
    LookPlan,
    Method,
    Protocol,
    Range,
    Value,
    plan,
    read_answers,
    read_facts,
    weigh,
)
from primum.core.vocabulary import Level, Recommendation, Stakes
from tests.core.protocol.small import (
    ON_A_LINE,
    answered,
    answers,
    commitment,
    completions,
    condition,
    known_values,
    named,
    number,
    protocol,
    protocols,
    question,
    rule,
    stop,
)

MOST = 300
"""Completions tried for one protocol."""
NO, NOT_YET = Recommendation.NO, Recommendation.NOT_YET
WITH, GO = Recommendation.GO_WITH_CONDITIONS, Recommendation.GO

ARMED = rule("armed_eyes", "armed == yes", Level.HIGH)
SHUT = rule("shut", "access == refused", Level.MEDIUM)
CROWDED = rule("crowded", "held >= 2 and armed == yes", Level.BARRED)


def test_the_gravest_true_rule_gives_the_level() -> None:
    ruling = weigh(protocol(ARMED, SHUT), answers(armed="yes", access="refused"))
    assert (ruling.lowest, ruling.highest) == (Level.HIGH, Level.HIGH)
    assert ruling.settled
    assert [reason.rule for reason in ruling.reasons] == ["armed_eyes", "shut"]
    assert all(reason.certain for reason in ruling.reasons)


def test_no_true_rule_is_low() -> None:
    ruling = weigh(protocol(ARMED), answers(armed="no"))
    assert (ruling.lowest, ruling.highest, ruling.recommendation) == (Level.LOW, Level.LOW, GO)
    assert ruling.reasons == ()


def test_unknown_is_not_no() -> None:
    ruling = weigh(protocol(ARMED, SHUT), answers(access="refused"))
    assert (ruling.lowest, ruling.highest) == (Level.MEDIUM, Level.HIGH)
    assert [(r.rule, r.certain) for r in ruling.reasons] == [("shut", True), ("armed_eyes", False)]
    assert ruling.open_questions == ("armed",)
    assert NOT_YET is ruling.recommendation


def test_an_open_rule_that_cannot_raise_the_level_is_no_reason() -> None:
    ruling = weigh(protocol(ARMED, SHUT), answers(armed="yes"))
    assert [reason.rule for reason in ruling.reasons] == ["armed_eyes"]
    assert ruling.open_questions == ()
    assert WITH is ruling.recommendation


def test_a_reason_carries_its_sentence_its_citation_and_its_audience() -> None:
    sealed = replace(ARMED, audience=frozenset({"advises"}))
    (reason,) = weigh(protocol(sealed), answers(armed="yes")).reasons
    assert reason.says == {"en": "Because armed_eyes."}
    assert reason.cites == "page of armed_eyes"
    assert reason.audience == {"advises"}


def test_facts_are_weighed_beside_answers() -> None:
    small = protocol(rule("reported", "party.harm_reports_24_months >= 1"))
    some = read_facts({"party.harm_reports_24_months": 2})
    assert Level.MEDIUM is weigh(small, answers(armed="no"), some).lowest
    unknown = weigh(small, answers(armed="no"))
    assert (unknown.lowest, unknown.highest) == (Level.LOW, Level.MEDIUM)
    assert unknown.open_questions == ("party.harm_reports_24_months",)


def test_a_range_may_leave_the_level_open() -> None:
    small = protocol(rule("many", "held >= 3", Level.HIGH))
    assert bounds(small, answers(held=number(2, 4))) == (Level.LOW, Level.HIGH)
    assert bounds(small, answers(held=number(3, 4))) == (Level.HIGH, Level.HIGH)


class TestRecommendation:
    def test_no_at_a_certain_hard_stop_whoever_may_pass_it(self) -> None:
        for passable_by in (None, Stakes.LEADERSHIP):
            small = protocol(SHUT, hard_stops=(stop("shut", passable_by),))
            assert NO is weigh(small, answers(access="refused")).recommendation

    def test_no_when_barred_without_a_hard_stop(self) -> None:
        assert NO is weigh(protocol(CROWDED), answers(held=number(2), armed="yes")).recommendation

    def test_no_even_when_much_is_missing(self) -> None:
        small = protocol(CROWDED, questions=(question("aim", required=True), *protocol().questions))
        assert NO is weigh(small, answers(held=number(2), armed="yes")).recommendation

    def test_not_yet_without_any_answer(self) -> None:
        assert NOT_YET is weigh(protocol(), Answers()).recommendation
        assert NOT_YET is weigh(protocol(), Answers({}, {"armed": "not seen"})).recommendation

    def test_not_yet_on_facts_alone(self) -> None:
        ruling = weigh(protocol(), Answers(), read_facts({"party.record": "some"}))
        assert NOT_YET is ruling.recommendation

    def test_not_yet_while_a_required_question_is_unknown(self) -> None:
        small = protocol(questions=(question("armed", required=True), question("held")))
        silent = weigh(small, answers(held=number(0)))
        reasoned = weigh(small, Answers({"held": number(0)}, {"armed": "not seen"}))
        assert NOT_YET is silent.recommendation is reasoned.recommendation
        assert silent.open_questions == reasoned.open_questions == ("armed",)

    def test_a_required_question_that_is_not_asked_is_not_missed(self) -> None:
        hidden = question("access", required=True, when=condition("armed == yes"))
        small = protocol(questions=(question("armed"), hidden))
        assert GO is weigh(small, answers(armed="no")).recommendation
        assert NOT_YET is weigh(small, answers(armed="yes")).recommendation

    def test_not_yet_while_a_hard_stop_is_open(self) -> None:
        small = protocol(SHUT, ARMED, hard_stops=(stop("shut"),))
        ruling = weigh(small, answers(armed="yes"))
        assert NOT_YET is ruling.recommendation
        assert [(s.rule, s.certain) for s in ruling.hard_stops] == [("shut", False)]
        assert ruling.open_questions == ("access",), "the rule cannot raise the level, yet stops"

    def test_open_to_medium_only_goes_with_conditions(self) -> None:
        assert WITH is weigh(protocol(SHUT), answers(armed="no")).recommendation

    def test_medium_goes_with_conditions(self) -> None:
        assert WITH is weigh(protocol(SHUT), answers(access="refused")).recommendation

    def test_low_goes_with_conditions_when_one_is_offered(self) -> None:
        small = protocol(commitments=(commitment("line", "armed == yes"),))
        assert GO is weigh(small, answers(armed="no")).recommendation
        assert WITH is weigh(small, answers(armed="yes")).recommendation
        assert WITH is weigh(small, answers(held=number(0))).recommendation, "still offered"

    def test_go_at_low_settled_and_without_conditions(self) -> None:
        assert GO is weigh(protocol(SHUT), answers(access="written")).recommendation

    def test_not_yet_while_a_true_rule_asks_to_know_more(self) -> None:
        asking = replace(SHUT, asks_first=True)
        assert NOT_YET is weigh(protocol(asking), answers(access="refused")).recommendation
        assert GO is weigh(protocol(asking), answers(access="written")).recommendation
        open_yet = weigh(protocol(asking), answers(armed="no"))
        assert WITH is open_yet.recommendation, "an open one asks nothing yet"


class TestExpected:
    """How far the risk is expected to fall once what is asked for is kept."""

    def test_a_met_rule_no_longer_counts(self) -> None:
        line = replace(commitment("line", "access == refused"), meets=frozenset({"shut"}))
        small = protocol(SHUT, ARMED, commitments=(line,))
        ruling = weigh(small, answers(access="refused", armed="no"))
        assert ruling.expected == (Level.LOW, Level.LOW)
        assert (ruling.lowest, ruling.highest) == (Level.MEDIUM, Level.MEDIUM)
        armed = weigh(small, answers(access="refused", armed="yes"))
        assert armed.expected == (Level.HIGH, Level.HIGH), "only what is met falls away"

    def test_what_is_not_proposed_meets_nothing(self) -> None:
        line = replace(commitment("line", "armed == yes"), meets=frozenset({"shut"}))
        small = protocol(SHUT, commitments=(line,))
        ruling = weigh(small, answers(access="refused", armed="no"))
        assert (ruling.commitments, ruling.expected) == ((), (Level.MEDIUM, Level.MEDIUM))

    def test_an_open_rule_that_is_met_leaves_nothing_open(self) -> None:
        line = replace(commitment("line"), meets=frozenset({"armed_eyes"}))
        ruling = weigh(protocol(ARMED, SHUT, commitments=(line,)), answers(access="refused"))
        assert (ruling.lowest, ruling.highest) == (Level.MEDIUM, Level.HIGH)
        assert ruling.expected == (Level.MEDIUM, Level.MEDIUM)

    def test_what_is_proposed_tells_nothing_of_facts(self) -> None:
        """A commitment that hangs on a fact is proposed whatever the fact is."""
        line = commitment("line", "party.record == none")
        for fact in ("none", "some"):
            ruling = weigh(
                protocol(commitments=(line,)),
                answers(armed="no"),
                read_facts({"party.record": fact}),
            )
            assert ruling.commitments == ("line",)


def test_a_ruling_carries_who_advises_and_who_decides() -> None:
    small = protocol(
        ARMED,
        advises=frozenset({"b_advises", "a_advises"}),
        decides={
            Stakes.ORDINARY: frozenset({"head"}),
            Stakes.HIGH: frozenset({"deputy", "chief"}),
            Stakes.LEADERSHIP: frozenset({"chief"}),
        },
        commitments=(commitment("line", "armed == yes"), commitment("note")),
    )
    ruling = weigh(small, answers(armed="yes"))
    assert ruling.advises == ("a_advises", "b_advises")
    assert ruling.decides == {
        "ordinary": ("head",),
        "high": ("chief", "deputy"),
        "leadership": ("chief",),
    }
    assert ruling.commitments == ("line", "note")
    assert weigh(small, answers(armed="no")).commitments == ("note",)


def test_a_cell_not_counted_leaves_its_question_open() -> None:
    small = protocol(rule("children", "hurt.girls >= 1 or hurt.boys >= 1", Level.HIGH))
    some = read_answers(small, {"hurt": {"girls": 0, "men": 4}})
    ruling = weigh(small, some)
    assert (ruling.lowest, ruling.highest) == (Level.LOW, Level.HIGH)
    assert ruling.open_questions == ("hurt",)
    assert ruling.snapshot["answers"] == {"hurt": {"girls": 0, "men": 4}}
    counted = weigh(small, read_answers(small, {"hurt": {"girls": 0, "boys": 0}}))
    assert (counted.highest, counted.open_questions) == (Level.LOW, ())


def test_places_parties_and_evidence_are_kept_out_of_the_snapshot() -> None:
    """That one was named is kept; who it was lies in rows of its own, under their seals."""
    small = protocol(rule("a", "armed == yes"))
    key = "01234567-89ab-cdef-0123-456789abcdef"
    given_all = {"where": key, "partners": [key], "papers": "FILE-7", "aim": "words", "armed": "no"}
    assert weigh(small, read_answers(small, given_all)).snapshot["answers"] == {
        "armed": "no",
        **dict.fromkeys(("aim", "where", "partners", "papers"), "…"),
    }


def test_hard_stops_come_certain_first_with_who_may_pass() -> None:
    small = protocol(
        ARMED,
        SHUT,
        CROWDED,
        hard_stops=(
            stop("crowded"),
            stop("shut", Stakes.LEADERSHIP),
            stop("armed_eyes", Stakes.HIGH),
        ),
    )
    ruling = weigh(small, answers(armed="yes", access="refused"))
    assert [(s.rule, s.passable_by, s.certain) for s in ruling.hard_stops] == [
        ("armed_eyes", "high", True),
        ("shut", "leadership", True),
        ("crowded", "nobody", False),
    ]
    assert ruling.hard_stops[0].says == {"en": "Stop for armed_eyes."}


def test_a_snapshot_holds_what_is_needed_and_no_words() -> None:
    """Words live in rows that can be erased; a Ruling is kept."""
    small = protocol(rule("reported", "party.breaches_12_months >= 1 or held > 2"))
    given = read_answers(
        small,
        {
            "held": {"min": 1, "max": 2},
            "heard": ["elders", "women"],
            "aim": "names and places",
            "armed": {"unknown": "Amal was afraid to say"},
        },
    )
    ruling = weigh(small, given, read_facts({"party.record": "some"}))
    assert ruling.snapshot == {
        "answers": {"heard": ["women", "elders"], "held": {"min": 1, "max": 2}, "aim": "…"},
        "facts": {"party.breaches_12_months": None},
    }


def test_a_semantics_that_never_was_is_refused() -> None:
    with pytest.raises(ValueError, match="no way of weighing has the number 7"):
        weigh(protocol(), Answers(), {}, semantics=7)


def test_plan_offers_what_is_not_surely_beside_the_point() -> None:
    look = LookPlan("l", {"en": "Look"}, "monitor", (30, 400), 14, (Method.VISIT,), ())
    small = protocol(
        commitments=(commitment("always"), commitment("armed", "armed == yes")),
        looks=(look, replace(look, id="far", after_days=(700,), when=condition("held > 2"))),
    )
    unknown = plan(small, Answers())
    assert [c.id for c in unknown.commitments] == ["always", "armed"]
    assert ([one.id for one in unknown.looks], unknown.watch_days) == (["l", "far"], 714)
    known = plan(small, answers(armed="no", held=number(0)))
    assert [c.id for c in known.commitments] == ["always"]
    assert ([one.id for one in known.looks], known.watch_days) == (["l"], 414)
    assert plan(protocol(), Answers()).watch_days == 365


def bounds(small: Protocol, given: Answers) -> tuple[Level, Level]:
    ruling = weigh(small, given)
    return ruling.lowest, ruling.highest


@given(protocols())
def test_no_answers_never_recommend_going_ahead(small: Protocol) -> None:
    assert weigh(small, Answers()).recommendation in (NOT_YET, NO)


@given(protocols(), known_values(), known_values())
def test_more_knowledge_never_widens_the_interval(
    small: Protocol, some: dict[str, Value], more: dict[str, Value]
) -> None:
    before = weigh(small, answered(some))
    after = weigh(small, answered(_refined(some, more)))
    assert before.lowest <= after.lowest <= after.highest <= before.highest


@given(protocols(), known_values(), known_values())
def test_what_is_certain_stays_certain(
    small: Protocol, some: dict[str, Value], more: dict[str, Value]
) -> None:
    before = weigh(small, answered(some))
    after = weigh(small, answered(_refined(some, more)))
    assert _sure(before.reasons) <= _sure(after.reasons)
    assert _sure(before.hard_stops) <= _sure(after.hard_stops)
    if before.recommendation is NO:
        assert after.recommendation is NO


@given(protocols(), known_values(), st.randoms())
def test_the_order_of_rules_never_matters(
    small: Protocol, some: dict[str, Value], shuffle: random.Random
) -> None:
    rules, stops = list(small.rules), list(small.hard_stops)
    shuffle.shuffle(rules)
    shuffle.shuffle(stops)
    other = replace(small, rules=tuple(rules), hard_stops=tuple(stops))
    assert weigh(small, answered(some)) == weigh(other, answered(some))


@settings(max_examples=40, deadline=None)
@given(protocols(), known_values())
def test_the_interval_holds_every_completion(small: Protocol, some: dict[str, Value]) -> None:
    """Brute force: try every way the unknown could turn out."""
    ruling = weigh(small, answered(some))
    for full in itertools.islice(completions(some, named(small)), MOST):
        outcome = weigh(small, answered(full))
        assert outcome.settled
        assert ruling.lowest <= outcome.lowest <= ruling.highest


@settings(max_examples=40, deadline=None)
@given(protocols(), known_values())
def test_names_that_are_not_open_change_no_level(small: Protocol, some: dict[str, Value]) -> None:
    ruling = weigh(small, answered(some))
    open_names = {*ruling.open_questions, *(f"{name}.girls" for name in ruling.open_questions)}
    for full in itertools.islice(completions(some, named(small)), MOST):
        still = {n: v for n, v in full.items() if n not in open_names}
        other = weigh(small, answered({**still, **some}))
        assert (ruling.lowest, ruling.highest) == (other.lowest, other.highest)


@given(protocols(), known_values())
def test_what_is_expected_is_the_ruling_without_what_is_met(
    small: Protocol, some: dict[str, Value]
) -> None:
    ruling = weigh(small, answered(some))
    assert ruling.expected[0] <= ruling.expected[1]
    assert ruling.expected[0] <= ruling.lowest and ruling.expected[1] <= ruling.highest
    met = {r for offer in plan(small, answered(some)).commitments for r in offer.meets}
    without = replace(small, rules=tuple(r for r in small.rules if r.id not in met), hard_stops=())
    rest = weigh(without, answered(some))
    assert ruling.expected == (rest.lowest, rest.highest)


@given(protocols(), known_values())
def test_a_snapshot_weighs_to_the_same_ruling(small: Protocol, some: dict[str, Value]) -> None:
    ruling = weigh(small, answered({**some, "aim": "words"}))
    given_again: Mapping[str, Mapping[str, object]] = ruling.snapshot  # type: ignore[assignment]
    again = weigh(
        small, read_answers(small, given_again["answers"]), read_facts(given_again["facts"])
    )
    assert ruling == again


@given(protocols(), known_values())
def test_each_ruling_explains_itself(small: Protocol, some: dict[str, Value]) -> None:
    ruling = weigh(small, answered(some))
    assert ruling.semantics == SEMANTICS
    certain = [reason.level for reason in ruling.reasons if reason.certain]
    assert ruling.lowest == max(certain, default=Level.LOW)
    assert ruling.highest == max((reason.level for reason in ruling.reasons), default=Level.LOW)
    assert ruling.settled or ruling.open_questions
    assert set(ruling.open_questions) <= {*small.by_id, *FACTS}
    if ruling.recommendation is GO:
        assert ruling.settled
        assert ruling.lowest is Level.LOW
        assert not ruling.hard_stops


def _refined(some: dict[str, Value], more: dict[str, Value]) -> dict[str, Value]:
    """What is known in `some`, more of what is not, and a range no wider than it was."""
    refined = {**more, **some}
    for name in ON_A_LINE:
        was, now = some.get(name), more.get(name)
        if isinstance(was, Range) and isinstance(now, Range):
            low, high = max(was.low, now.low), min(was.high, now.high)
            refined[name] = Range(low, high) if low <= high else was
    return refined


def _sure(parts: tuple[object, ...]) -> set[str]:
    return {part.rule for part in parts if part.certain}  # type: ignore[attr-defined]

"""The baseline of a force: what requests for support to its units stand on."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from primum import protocols
from primum.core.protocol import completeness, plan, read_answers, weigh
from primum.core.vocabulary import Level, Recommendation, Ruling, Stakes

NAME = "force-baseline"
Given = Mapping[str, object]

SOUND: Given = {
    "force_kind": "police",
    "why_now": "yearly",
    "looked_where": "most",
    "sources_used": ["own_monitoring", "communities"],
    "record": "nothing_known",
    "direction": "the_same",
    "accountability": "evidenced",
    "prevention": "adequate",
    "chain_known": "known",
    "laws": "under_court",
    "holds_people": "open_places",
    "children_apart": "yes",
    "register_kept": "yes",
    "held_too_long": "no",
    "child_soldiers": "none_known",
    "sexual_violence": "none_known",
    "fights_beside": ["nobody_else"],
    "former_fighters": "none_taken_in",
    "paid_and_fed": "regularly",
    "reprisal_risk": "none_seen",
    "civil_control": "works",
    "cooperation": "open",
    "policy_letter": "sent_and_explained",
    "heard": ["community", "women_apart"],
}


def ruled(**answers: object) -> Ruling:
    baseline = protocols.load(NAME)
    given = {k: v for k, v in {**SOUND, **answers}.items() if v is not None}
    return weigh(baseline, read_answers(baseline, given))


def certain(ruling: Ruling) -> set[str]:
    return {reason.rule for reason in ruling.reasons if reason.certain}


def test_it_is_about_a_party_and_holds_for_a_year() -> None:
    baseline = protocols.load(NAME)
    assert (baseline.about, baseline.lease_days, baseline.seal_floor) == ("party", 365, 2)
    before = [question for question in baseline.questions if question.section.before]
    assert len(before) == 25
    assert not baseline.hard_stops
    assert baseline.decides[Stakes.ORDINARY] == {"decides_high"}


def test_a_sound_force_is_low_and_owes_nothing() -> None:
    ruling = ruled()
    assert (ruling.lowest, ruling.highest) == (Level.LOW, Level.LOW)
    assert ruling.recommendation is Recommendation.GO
    baseline = protocols.load(NAME)
    done = completeness(baseline, read_answers(baseline, SOUND))
    assert (done.complete, done.asked) == (True, 24)


@pytest.mark.parametrize("name", SOUND)
def test_each_answer_is_wanted(name: str) -> None:
    ruling = ruled(**{name: None})
    assert ruling.recommendation is Recommendation.NOT_YET
    assert name in ruling.open_questions


@pytest.mark.parametrize("record", ["pattern", "wide"])
@pytest.mark.parametrize("prevention", ["not_enough", "nothing"])
def test_violations_that_nobody_answers_for_bar_the_force(record: str, prevention: str) -> None:
    ruling = ruled(record=record, accountability="never", prevention=prevention)
    assert (ruling.lowest, ruling.recommendation) == (Level.BARRED, Recommendation.NO)
    assert ruling.expected[0] is Level.BARRED


def test_a_force_that_betters_itself_is_not_barred() -> None:
    ruling = ruled(
        record="wide", accountability="never", prevention="not_enough", direction="better"
    )
    assert ruling.lowest is Level.HIGH


def test_where_we_could_not_look_is_not_low() -> None:
    ruling = ruled(looked_where="hardly_any")
    assert (certain(ruling), ruling.lowest) == ({"hardly_looked"}, Level.HIGH)
    assert ruling.recommendation is Recommendation.NOT_YET
    assert certain(ruled(sources_used=["force_itself", "courts"])) == {"word_of_the_force"}


@pytest.mark.parametrize(
    ("answers", "rule", "level"),
    [
        ({"record": "isolated"}, "isolated_violations", Level.MEDIUM),
        ({"record": "pattern"}, "pattern_in_units", Level.HIGH),
        ({"record": "wide"}, "wide_violations", Level.HIGH),
        ({"record": "isolated", "accountability": "never"}, "nobody_punished", Level.HIGH),
        ({"looked_where": "part"}, "looked_in_part", Level.MEDIUM),
        ({"direction": "worse"}, "getting_worse", Level.MEDIUM),
        ({"why_now": "power_changed"}, "changed_hands", Level.MEDIUM),
        ({"accountability": "rarely"}, "rarely_punished", Level.MEDIUM),
        ({"prevention": "nothing"}, "little_prevention", Level.MEDIUM),
        ({"chain_known": "others_command"}, "orders_from_outside", Level.HIGH),
        ({"chain_known": "in_part"}, "chain_half_known", Level.MEDIUM),
        ({"laws": "too_broad"}, "law_too_broad", Level.MEDIUM),
        ({"holds_people": "secret_places"}, "secret_detention", Level.HIGH),
        ({"holds_people": "closed_places"}, "closed_detention", Level.MEDIUM),
        ({"children_apart": "no"}, "children_among_adults", Level.HIGH),
        ({"register_kept": "no"}, "nobody_written_down", Level.HIGH),
        ({"held_too_long": "yes"}, "held_past_the_limit", Level.MEDIUM),
        ({"child_soldiers": "no_plan_kept"}, "children_in_the_force", Level.HIGH),
        ({"child_soldiers": "plan_kept"}, "children_being_released", Level.MEDIUM),
        ({"sexual_violence": "pattern"}, "sexual_violence_pattern", Level.HIGH),
        ({"fights_beside": ["foreign_force"]}, "fights_beside_others", Level.HIGH),
        ({"former_fighters": "unchecked"}, "fighters_unchecked", Level.HIGH),
        ({"paid_and_fed": "not_regularly"}, "unpaid_and_armed", Level.MEDIUM),
        ({"reprisal_risk": "serious"}, "reprisals_likely", Level.HIGH),
        ({"civil_control": "on_paper"}, "control_on_paper", Level.MEDIUM),
        ({"cooperation": "refuses"}, "doors_closed", Level.HIGH),
        ({"policy_letter": "not_sent"}, "authorities_not_told", Level.MEDIUM),
        ({"heard": ["authorities"]}, "women_not_heard", Level.MEDIUM),
    ],
)
def test_a_rule_speaks(answers: Given, rule: str, level: Level) -> None:
    ruling = ruled(**answers)
    assert rule in certain(ruling)
    assert ruling.lowest is level


def test_it_is_looked_at_again_before_the_year_is_out() -> None:
    baseline = protocols.load(NAME)
    (look,) = plan(baseline, read_answers(baseline, SOUND)).looks
    assert look.after_days == (180, 335)
    assert look.asks == ("still_true", "what_changed", "told_authorities")

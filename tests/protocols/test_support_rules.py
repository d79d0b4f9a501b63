"""One answer changed, one rule speaks: the rest of the policy on support, rule by rule."""

from __future__ import annotations

import pytest

from primum.core.vocabulary import Level, Recommendation
from tests.protocols.support import COURSE, FUEL, HELD, JOINT, POST, WHOLE, Given, certain, ruled

MEDIUM, HIGH = Level.MEDIUM, Level.HIGH
ALL_PRECAUTIONS = JOINT["precautions"]
MONEY: Given = {**FUEL, "support_kind": ["financial"]}


def without(precaution: str) -> Given:
    assert isinstance(ALL_PRECAUTIONS, list)
    return {"precautions": [each for each in ALL_PRECAUTIONS if each != precaution]}


@pytest.mark.parametrize(
    ("answers", "rule", "level"),
    [
        ({"commander_confirmed": "no"}, "commander_unknown", HIGH),
        ({"recipient_kind": ["paramilitary"]}, "special_force", MEDIUM),
        ({"recipient_kind": ["regional_force"]}, "several_states_answer", MEDIUM),
        ({"access": "refused"}, "no_way_to_watch", MEDIUM),
        ({**HELD, "access": "spoken"}, "detention_without_access", HIGH),
        ({**HELD, "children_apart": "no"}, "children_among_adults", HIGH),
        ({**HELD, "women_guarded": "no"}, "women_among_men", HIGH),
        ({**HELD, "register_kept": "no"}, "nobody_written_down", HIGH),
        ({**HELD, "held_too_long": "yes"}, "held_past_the_limit", MEDIUM),
        ({"indirect_users": ["other_unit"]}, "flows_to_another_unit", MEDIUM),
        ({"indirect_users": ["intelligence_service"]}, "feeds_another_abuser", HIGH),
        ({"indirect_users": ["armed_group"]}, "feeds_another_abuser", HIGH),
        ({"indirect_users": ["other_unit", "foreign_force"]}, "feeds_another_abuser", HIGH),
        ({"heard": ["authorities", "women_apart"]}, "community_not_heard", MEDIUM),
        ({"heard": ["nobody"]}, "community_not_heard", MEDIUM),
        ({"heard": ["community"]}, "women_not_heard", MEDIUM),
        ({"other_ways": ["none_weighed"]}, "no_other_way_weighed", MEDIUM),
        ({"groups_at_risk": ["women", "displaced"]}, "somebody_worse_off", MEDIUM),
        ({"reprisal_risk": "some", "safe_channel": "yes"}, "reprisals_possible", MEDIUM),
        ({"reprisal_risk": "serious", "safe_channel": "yes"}, "reprisals_likely", HIGH),
        ({"reprisal_risk": "some", "safe_channel": "no"}, "no_safe_way_to_us", HIGH),
        ({"sexual_violence": "alleged"}, "sexual_violence_alleged", MEDIUM),
        ({"sexual_violence": "pattern"}, "sexual_violence_pattern", HIGH),
        ({"sexual_violence": "alleged"}, "womens_adviser_not_asked", MEDIUM),
        ({"children_harmed": ["schools"]}, "children_gravely_harmed", HIGH),
        ({"children_harmed": ["abuse"]}, "children_adviser_not_asked", HIGH),
        (
            {"children_harmed": ["recruit_or_use"], "action_plan": "kept"},
            "children_recruited",
            HIGH,
        ),
        (
            {"children_harmed": ["recruit_or_use"], "action_plan": "signed_only"},
            "action_plan_not_kept",
            HIGH,
        ),
        ({"papers": ["request_letter"]}, "list_missing", MEDIUM),
    ],
)
def test_of_any_support(answers: Given, rule: str, level: Level) -> None:
    ruling = ruled(answers)
    assert rule in certain(ruling)
    assert (ruling.lowest, ruling.highest) == (level, level)


@pytest.mark.parametrize(
    ("base", "answers", "rule", "level"),
    [
        (WHOLE, {"recipient_kind": ["intelligence"]}, "hidden_service", HIGH),
        (WHOLE, {"recipient_kind": ["militia"]}, "militia_supported", HIGH),
        (WHOLE, {"composition": ["several_forces"]}, "mixed_command", MEDIUM),
        (WHOLE, {"composition": ["one_group"]}, "one_group_armed", MEDIUM),
        (
            WHOLE,
            {"composition": ["former_fighters"], "fighters_checked": "yes"},
            "former_fighters_inside",
            MEDIUM,
        ),
        (
            WHOLE,
            {"composition": ["former_fighters"], "fighters_checked": "no"},
            "former_fighters_unchecked",
            HIGH,
        ),
        (WHOLE, {"recent_conduct": "complaints"}, "complaints_lately", MEDIUM),
        (WHOLE, {"recent_conduct": "serious_harm"}, "harm_in_last_operations", HIGH),
        (WHOLE, {"paid_and_fed": "not_regularly"}, "unpaid_and_armed", MEDIUM),
        (WHOLE, {"fights_beside": ["sanctioned"]}, "fights_beside_others", HIGH),
        (WHOLE, {"fights_beside": ["militia"]}, "fights_beside_others", HIGH),
        (WHOLE, {"influence": "withholding_helps"}, "withholding_would_help", MEDIUM),
        (WHOLE, {"policy_letter": "not_sent"}, "authorities_not_told", MEDIUM),
        (WHOLE, {"monitoring": ["finding_out", "telling", "stopping"]}, "nobody_to_look", MEDIUM),
        (WHOLE, {"monitoring": ["none_yet"]}, "violations_not_found_out", MEDIUM),
        (WHOLE, {"monitoring": ["people_and_means", "finding_out"]}, "no_way_to_stop", MEDIUM),
        (WHOLE, {"transfers": ["stolen"]}, "may_be_stolen", MEDIUM),
        (WHOLE, {"transfers": ["market"]}, "may_move_the_market", MEDIUM),
        (WHOLE, {"transfers": ["one_side"]}, "may_favour_one_side", MEDIUM),
        (WHOLE, {"messages": ["unfair"]}, "may_favour_one_side", MEDIUM),
        (WHOLE, {"transfers": ["substitutes"]}, "may_free_money_for_war", MEDIUM),
        (WHOLE, {"transfers": ["legitimises"]}, "may_make_rightful", MEDIUM),
        (WHOLE, {"messages": ["hidden"]}, "wrong_message", MEDIUM),
        (WHOLE, {"who_gains": ["those_in_power"]}, "power_gains", MEDIUM),
        (WHOLE, {"who_asked": "politician"}, "power_gains", MEDIUM),
        (WHOLE, {"who_gains": ["armed_actor"]}, "armed_actor_gains", HIGH),
        (WHOLE, {"other_ways": ["smaller"]}, "doing_nothing_not_weighed", MEDIUM),
        (FUEL, {"lethal": "yes"}, "means_to_kill", HIGH),
        (FUEL, {"traceable": "no"}, "cannot_be_traced", MEDIUM),
        (MONEY, {"traceable": "no"}, "cannot_be_traced", MEDIUM),
        (FUEL, {"forbidden_uses": "no"}, "forbidden_uses_unsaid", MEDIUM),
        (FUEL, {"land_and_returns": ["land_disputed"]}, "land_in_dispute", HIGH),
        (
            FUEL,
            {"land_and_returns": ["people_return"], "returns_free": "nobody_asked"},
            "return_not_free",
            HIGH,
        ),
        (POST, {"records_room": "no"}, "records_in_the_open", MEDIUM),
        (POST, {"later_use": ["questioning"]}, "may_become_a_cell", MEDIUM),
        (POST, {"later_use": ["private_use"]}, "may_change_hands", MEDIUM),
        (POST, {"upkeep_paid": "no"}, "upkeep_unpaid", MEDIUM),
        (POST, {"legal_powers": "too_broad"}, "powers_too_broad", MEDIUM),
        (POST, {"building_for": ["prison"], "held_too_long": "yes"}, "prison_built", HIGH),
        (POST, {"detention": "no"}, "cells_not_said", MEDIUM),
        (POST, {"access": "spoken"}, "building_without_access", HIGH),
        (JOINT, {}, "in_operations", MEDIUM),
        (JOINT, {"operation_kind": ["fires"]}, "attack_or_shelling", HIGH),
        (JOINT, {"operation_kind": ["crowds"]}, "crowds_faced", HIGH),
        (JOINT, {"operation_kind": ["search"], "detention": "no"}, "arrests_not_said", MEDIUM),
        (JOINT, {"un_observers": "no"}, "nobody_of_ours_sees", MEDIUM),
        (JOINT, without("who_may_halt"), "nobody_may_halt", HIGH),
        (JOINT, without("civilians_located"), "precautions_missing", MEDIUM),
        (JOINT, without("look_after"), "precautions_missing", MEDIUM),
        (JOINT, without("interpreter"), "no_trusted_interpreter", MEDIUM),
        (JOINT, {"medical_plan": "no"}, "joint_without_medical_plan", HIGH),
    ],
)
def test_of_more_than_a_course(base: Given, answers: Given, rule: str, level: Level) -> None:
    ruling = ruled(answers, base=base)
    assert rule in certain(ruling)
    assert (ruling.lowest, ruling.highest) == (level, level)


@pytest.mark.parametrize("voice", ["displaced", "civil_society", "community"])
def test_those_heard_may_live_there_be_displaced_or_organised(voice: str) -> None:
    assert certain(ruled({"heard": [voice, "women_apart"]})) == set()


@pytest.mark.parametrize(
    ("base", "risk", "rule"),
    [
        (POST, "torture", "torture_ahead"),
        (JOINT, "disappearance", "torture_ahead"),
        (POST, "death_penalty", "death_penalty_ahead"),
        ({**COURSE, **HELD}, "sent_back", "sent_back_to_danger"),
    ],
)
def test_no_discretion_over_what_is_done_in_custody(base: Given, risk: str, rule: str) -> None:
    ruling = ruled({"custody_risk": [risk]}, base=base)
    assert [(s.rule, s.passable_by) for s in ruling.hard_stops] == [(rule, "nobody")]
    assert (ruling.lowest, ruling.recommendation) == (Level.BARRED, Recommendation.NO)


@pytest.mark.parametrize(
    ("base", "answers", "rule"),
    [
        (POST, {"access": "refused"}, "building_without_access"),
        (
            POST,
            {"support_kind": ["training_advisory", "infrastructure"], "access": "spoken"},
            "building_without_access",
        ),
        (JOINT, {"medical_plan": "no"}, "joint_without_medical_plan"),
    ],
)
def test_what_the_leadership_may_pass(base: Given, answers: Given, rule: str) -> None:
    ruling = ruled(answers, base=base)
    assert [(s.rule, s.passable_by) for s in ruling.hard_stops] == [(rule, "leadership")]
    assert ruling.recommendation is Recommendation.NO
    assert ruling.expected[1] < ruling.highest


def test_a_stop_that_is_open_is_named_as_open() -> None:
    assert not ruled({"medical_plan": None}, base=JOINT).hard_stops[0].certain
    assert ruled({}, base=JOINT).hard_stops == ()

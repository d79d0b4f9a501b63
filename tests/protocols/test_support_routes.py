"""The routes to grave violations, the bar, and what stands behind an allegation."""

from __future__ import annotations

import pytest

from primum import protocols
from primum.core.protocol import explain, read_answers, read_facts
from primum.core.vocabulary import Level, Recommendation
from tests.protocols.support import (
    AUTHORITY,
    CLEAN,
    COMMANDER,
    COURSE,
    NAME,
    UNIT,
    WEIGHED,
    WHOLE,
    Given,
    certain,
    ruled,
    stopped,
)

STOP = {"grave_violations_without_steps": "nobody"}
RISK: Given = {"real_risk": "yes", "risk_reason": "The same men, the same orders."}
BY_AUTHORITY: Given = {
    **AUTHORITY,
    "support_kind": ["authority_support"],
    "legal_powers": "under_court",
}


class TestRoutes:
    @pytest.mark.parametrize(
        ("answers", "rule"),
        [
            ({**UNIT, "unit_route": ["scale"]}, "unit_on_a_scale"),
            ({**UNIT, "unit_route": ["pattern"]}, "unit_by_pattern"),
            ({**COMMANDER, "commander_route": ["direct"]}, "commander_took_part"),
            ({**COMMANDER, "commander_route": ["command"]}, "commander_answers_for_others"),
            ({**COMMANDER, "commander_route": ["failed_to_act"]}, "commander_let_it_pass"),
            (BY_AUTHORITY, "authority_record"),
        ],
    )
    def test_each_route_is_high_and_says_which_it_is(self, answers: Given, rule: str) -> None:
        ruling = ruled(answers, base=WHOLE)
        assert rule in certain(ruling)
        assert (ruling.lowest, ruling.highest) == (Level.HIGH, Level.HIGH)
        assert ruling.recommendation is Recommendation.GO_WITH_CONDITIONS

    @pytest.mark.parametrize("answers", [UNIT, COMMANDER, BY_AUTHORITY])
    def test_each_bars_with_a_real_risk_and_nothing_done(self, answers: Given) -> None:
        ruling = ruled({**answers, **RISK, "authority_steps": "none_taken"}, base=WHOLE)
        assert (ruling.lowest, stopped(ruling)) == (Level.BARRED, STOP)
        assert ruling.recommendation is Recommendation.NO

    def test_an_authority_is_asked_about_only_where_it_is_supported(self) -> None:
        left_out = ruled({**BY_AUTHORITY, "authority_grave_violations": None}, base=WHOLE)
        assert "authority_grave_violations" in left_out.open_questions
        assert "authority_grave_violations" not in ruled({}, base=WHOLE).open_questions

    def test_a_successor_inherits_the_duty_to_act(self) -> None:
        idle = {**UNIT, "present_commander": "six_months_idle"}
        assert "commander_does_not_act" in certain(ruled(idle))
        for other in ("new_in_post", "acted"):
            ruling = ruled({**UNIT, "present_commander": other})
            assert "commander_does_not_act" not in certain(ruling)

    @pytest.mark.parametrize("who", ["unit", "commanders", "authority"])
    def test_credible_information_short_of_grounds_is_medium(self, who: str) -> None:
        credible = {
            **WEIGHED,
            "credible_information": [who],
            "authority_steps": "evidenced",
            "prevention": "adequate",
        }
        ruling = ruled(credible)
        assert (certain(ruling), ruling.lowest) == ({"credible_but_not_enough"}, Level.MEDIUM)
        assert ruling.expected == (Level.LOW, Level.LOW)

    def test_and_asks_what_the_authorities_did(self) -> None:
        ruling = ruled({"credible_information": ["unit"]})
        assert {"authority_steps", "prevention", "credibility_weighed"} <= set(
            ruling.open_questions
        )


class TestTheBar:
    """Substantial grounds, real risk, and no adequate evidenced steps: all three."""

    @pytest.mark.parametrize("steps", ["claimed_only", "none_taken"])
    def test_steps_without_evidence_do_not_count(self, steps: str) -> None:
        assert stopped(ruled({**UNIT, **RISK, "authority_steps": steps})) == STOP

    @pytest.mark.parametrize("enough", ["not_enough", "nothing"])
    def test_nor_do_steps_that_are_not_enough(self, enough: str) -> None:
        assert stopped(ruled({**UNIT, **RISK, "prevention": enough})) == STOP

    def test_evidenced_and_adequate_steps_lift_the_bar_but_not_the_level(self) -> None:
        ruling = ruled({**UNIT, **RISK})
        assert (ruling.lowest, ruling.highest) == (Level.HIGH, Level.HIGH)
        assert ruling.recommendation is Recommendation.GO_WITH_CONDITIONS

    def test_grounds_without_a_real_risk_are_high(self) -> None:
        ruling = ruled({**UNIT, "authority_steps": "none_taken"})
        assert (ruling.lowest, ruling.highest) == (Level.HIGH, Level.HIGH)

    def test_a_real_risk_without_grounds_is_high(self) -> None:
        assert ruled(RISK).lowest is Level.HIGH

    @pytest.mark.parametrize("name", ["authority_steps", "real_risk", "source_basis"])
    def test_what_is_unknown_leaves_it_open(self, name: str) -> None:
        answers = {**UNIT, **RISK, "authority_steps": "none_taken"}
        ruling = ruled({**answers, name: {"unknown": "the ministry did not answer"}})
        assert (ruling.lowest, ruling.highest) == (Level.HIGH, Level.BARRED)
        assert ruling.recommendation is Recommendation.NOT_YET
        assert name in ruling.open_questions

    def test_no_finding_is_not_a_finding_of_none(self) -> None:
        ruling = ruled({"unit_grave_violations": None, **RISK})
        assert (ruling.lowest, ruling.highest) == (Level.HIGH, Level.BARRED)
        assert ruling.recommendation is Recommendation.NOT_YET

    def test_no_condition_makes_up_for_it(self) -> None:
        ruling = ruled({**UNIT, **RISK, "authority_steps": "none_taken"})
        assert ruling.expected == (Level.BARRED, Level.BARRED)

    def test_what_would_lower_it_is_named(self) -> None:
        """Another commander, or steps that we have seen: the world could answer otherwise."""
        policy = protocols.load(NAME)
        answers = {**COURSE, **COMMANDER, **RISK, "authority_steps": "none_taken"}
        lowers = explain(policy, read_answers(policy, answers), read_facts(CLEAN)).lowers
        assert lowers is not None
        sets = [{name for name, _ in each} for each in lowers.sets]
        assert {"commander_grave_violations"} in sets
        assert {"authority_steps"} in sets


class TestSources:
    def test_one_anonymous_voice_never_bars_and_is_always_named(self) -> None:
        answers = {**UNIT, **RISK, "authority_steps": "none_taken"}
        ruling = ruled({**answers, "source_basis": "one_anonymous"})
        assert ruling.lowest is Level.HIGH
        assert "source_is_anonymous" in certain(ruling)
        assert ruling.recommendation is Recommendation.NOT_YET

    @pytest.mark.parametrize("point", WEIGHED["credibility_weighed"])  # type: ignore[arg-type]
    def test_each_of_the_seven_points_is_wanted(self, point: str) -> None:
        weighed = [each for each in WEIGHED["credibility_weighed"] if each != point]  # type: ignore[attr-defined]
        ruling = ruled({**UNIT, "credibility_weighed": weighed})
        assert "credibility_not_weighed" in certain(ruling)
        assert ruling.recommendation is Recommendation.NOT_YET

    def test_they_are_not_asked_where_nothing_is_alleged(self) -> None:
        assert ruled({}).open_questions == ()


class TestWhatTheHouseKnows:
    @pytest.mark.parametrize(
        ("facts", "rule", "level"),
        [
            ({"party.harm_reports_24_months": 1}, "harm_reported", Level.MEDIUM),
            ({"party.harm_reports_24_months": 3}, "harm_reported_often", Level.HIGH),
            ({"party.suspended_24_months": "yes"}, "suspended_lately", Level.HIGH),
            ({"party.intercession": "concern"}, "interceding_now", Level.MEDIUM),
            ({"party.intercession": "interceded"}, "interceding_now", Level.MEDIUM),
            ({"party.intercession": "formal_notice"}, "notice_given", Level.HIGH),
            ({"party.intercession": "final_notice"}, "notice_given", Level.HIGH),
            ({"party.intercession": "suspended"}, "notice_given", Level.HIGH),
            ({"party.looks_missed_12_months": 2}, "looks_missed", Level.MEDIUM),
            ({"party.breaches_12_months": 1}, "breaches_lately", Level.MEDIUM),
            ({"party.former_name": "yes"}, "former_name_not_said", Level.MEDIUM),
            ({"party.grave_allegations": 1}, "grave_on_register", Level.HIGH),
            (
                {"party.grave_allegations": 1, "party.accountability": "none"},
                "no_step_on_record",
                Level.HIGH,
            ),
            (
                {"party.grave_allegations": 1, "party.months_without_step": 6},
                "six_months_without_step",
                Level.HIGH,
            ),
            ({"force.baseline_level": "high"}, "force_at_high_risk", Level.MEDIUM),
            ({"force.baseline_level": "barred"}, "force_barred", Level.HIGH),
        ],
    )
    def test_a_fact_speaks(self, facts: Given, rule: str, level: Level) -> None:
        ruling = ruled({}, facts)
        assert rule in certain(ruling)
        assert ruling.lowest is level

    def test_answers_that_know_less_than_the_register_are_sent_back(self) -> None:
        ruling = ruled({}, {"party.grave_allegations": 2})
        assert "register_says_otherwise" in certain(ruling)
        assert ruling.recommendation is Recommendation.NOT_YET
        assert "register_says_otherwise" not in certain(ruled(UNIT, {"party.grave_allegations": 2}))

    def test_somebody_held_to_account_is_a_way_back(self) -> None:
        """With a step that holds somebody to account for each, the register bars no longer."""
        facts = {"party.grave_allegations": 1, "party.accountability": "effective"}
        known = {"credible_information": ["unit"], "authority_steps": "evidenced"}
        given = {**known, "prevention": "adequate", **WEIGHED}
        ruling = ruled(given, facts)
        assert "grave_answered_for" in certain(ruling)
        assert not {"grave_on_register", "no_step_on_record"} & certain(ruling)
        assert ruling.lowest is ruling.highest is Level.MEDIUM
        some = ruled(given, {**facts, "party.accountability": "some"})
        assert (some.lowest, "grave_on_register" in certain(some)) == (Level.HIGH, True)

    @pytest.mark.parametrize("months", [0, 5])
    def test_before_six_months_it_is_not_failing_to_act(self, months: int) -> None:
        facts = {"party.grave_allegations": 1, "party.months_without_step": months}
        assert "six_months_without_step" not in certain(ruled({}, facts))

    def test_a_step_that_is_only_said_is_sent_back(self) -> None:
        """The answers say that we saw the evidence, and none is on record (SETTLED 37)."""
        facts = {"party.grave_allegations": 1, "party.accountability": "none"}
        given = {"credible_information": ["unit"], "authority_steps": "evidenced", **WEIGHED}
        ruling = ruled({**given, "prevention": "adequate"}, facts)
        assert "steps_not_on_record" in certain(ruling)
        assert ruling.recommendation is Recommendation.NOT_YET
        claimed = ruled(
            {**given, "authority_steps": "claimed_only", "prevention": "adequate"}, facts
        )
        assert "steps_not_on_record" not in certain(claimed)

    def test_an_authority_answers_for_its_units(self) -> None:
        """Route R4: units under it gravely accused, and nobody held to account."""
        facts = {"party.units_without_steps": 1}
        asked = {"recipient_kind": ["authority"], "authority_grave_violations": "no"}
        assert "units_without_steps" in certain(ruled(asked, facts))
        assert "units_without_steps" not in certain(ruled({}, facts))
        quiet = ruled(asked, {"party.units_without_steps": 0})
        assert "units_without_steps" not in certain(quiet)

    def test_a_renamed_unit_that_says_so_is_not_sent_back(self) -> None:
        ruling = ruled({"unit_history": "renamed_or_merged"}, {"party.former_name": "yes"})
        assert certain(ruling) == {"renamed_unit"}
        assert ruling.recommendation is Recommendation.GO_WITH_CONDITIONS

    @pytest.mark.parametrize("baseline", ["none", "stale"])
    def test_a_force_nobody_assessed_weighs_on_more_than_a_course(self, baseline: str) -> None:
        facts = {"force.baseline": baseline, "force.baseline_level": None}
        if baseline == "stale":
            facts["force.baseline_level"] = "low"
        assert certain(ruled({}, facts, WHOLE)) == {"force_without_baseline"}
        assert certain(ruled({}, facts)) == set()

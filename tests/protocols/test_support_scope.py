"""What the policy on support covers: exemptions and their traps, and kinds of assessment."""

from __future__ import annotations

import pytest

from primum import protocols
from primum.core.protocol import plan, read_answers
from primum.core.vocabulary import Level, Recommendation
from tests.protocols.support import (
    COURSE,
    EXEMPT,
    FUEL,
    JOINT,
    NAME,
    UNIT,
    WHOLE,
    Given,
    certain,
    ruled,
    stopped,
)


class TestExempt:
    @pytest.mark.parametrize(
        ("because", "kinds"),
        [
            ("teaching_law", ["training_advisory"]),
            ("setting_standards", ["training_advisory", "authority_support"]),
            ("access_and_relief", ["authority_support"]),
            ("mediation", ["logistical_ops", "financial"]),
            ("wounded", ["logistical_ops"]),
        ],
    )
    def test_each_exemption_is_low_and_asks_no_more(self, because: str, kinds: list[str]) -> None:
        ruling = ruled({"exempt_because": because, "support_kind": kinds}, base=EXEMPT)
        assert (ruling.lowest, ruling.highest) == (Level.LOW, Level.LOW)
        assert ruling.recommendation is Recommendation.GO
        assert ruling.commitments == ()

    @pytest.mark.parametrize("because", ["teaching_law", "setting_standards"])
    @pytest.mark.parametrize("beside", ["financial", "logistical_ops"])
    def test_a_mixed_package_is_not_exempt(self, because: str, beside: str) -> None:
        mixed = {"exempt_because": because, "support_kind": ["training_advisory", beside]}
        ruling = ruled(mixed, base=EXEMPT)
        assert stopped(ruling) == {"mixed_called_exempt": "nobody"}
        assert (ruling.lowest, ruling.recommendation) == (Level.HIGH, Recommendation.NO)

    @pytest.mark.parametrize("because", ["teaching_law", "access_and_relief", "wounded"])
    def test_a_building_never_is(self, because: str) -> None:
        kinds = ["training_advisory", "infrastructure"]
        ruling = ruled({"exempt_because": because, "support_kind": kinds}, base=EXEMPT)
        assert stopped(ruling) == {"building_called_exempt": "nobody"}

    @pytest.mark.parametrize(
        "answers",
        [
            {"lethal": "yes"},
            {"support_kind": ["operational"]},
            {"support_kind": ["joint_operation"], "exempt_because": "wounded"},
        ],
    )
    def test_nor_are_weapons_and_operations(self, answers: Given) -> None:
        assert stopped(ruled(answers, base=EXEMPT)) == {"force_called_exempt": "nobody"}

    def test_somebody_must_agree_to_it(self) -> None:
        ruling = ruled({"exempt_agreed": "no"}, base=EXEMPT)
        assert certain(ruling) == {"exemption_not_agreed"}
        assert ruling.recommendation is Recommendation.NOT_YET

    @pytest.mark.parametrize("name", ["exempt_because", "exempt_reason", "exempt_agreed"])
    def test_reason_and_approver_are_asked_for(self, name: str) -> None:
        ruling = ruled({name: None}, base=EXEMPT)
        assert ruling.recommendation is Recommendation.NOT_YET
        assert name in ruling.open_questions

    def test_the_record_of_a_party_does_not_weigh_on_what_is_exempt(self) -> None:
        """Those who did harm are to be taught the law, and their wounded flown out."""
        ruling = ruled({}, {"party.harm_reports_24_months": 9}, EXEMPT)
        assert ruling.recommendation is Recommendation.GO

    def test_not_knowing_whether_it_is_exempt_asks_everything(self) -> None:
        ruling = ruled({"exempt_whole": {"unknown": "the legal office is asked"}}, base=EXEMPT)
        assert ruling.recommendation is Recommendation.NOT_YET
        assert ruling.highest is Level.BARRED


class TestOnlyACourse:
    @pytest.mark.parametrize(
        "kind",
        [
            "authority_support",
            "financial",
            "logistical_ops",
            "operational",
            "joint_operation",
            "infrastructure",
        ],
    )
    def test_anything_beside_training_is_more(self, kind: str) -> None:
        ruling = ruled({"support_kind": ["training_advisory", kind]})
        assert "more_than_a_course" in certain(ruling)
        assert ruling.recommendation in (Recommendation.NOT_YET, Recommendation.NO)

    @pytest.mark.parametrize(
        "answers",
        [
            {"lethal": "yes"},
            {"recipient_kind": ["intelligence"]},
            {"recipient_kind": ["police", "militia"]},
        ],
    )
    def test_so_is_training_in_arms_or_of_those_nobody_sees(self, answers: Given) -> None:
        ruling = ruled(answers)
        assert "more_than_a_course" in certain(ruling)
        assert (ruling.lowest, ruling.recommendation) == (Level.HIGH, Recommendation.NOT_YET)


STANDING: Given = {
    "assessment_kind": "standing",
    "standing_has": ["fixed_list", "end_date", "call_off_log", "new_check"],
    "standing_until": "2027-01-31",
    "validity_months": 12,
}


class TestStanding:
    def test_with_list_end_and_log_it_stands(self) -> None:
        ruling = ruled(STANDING, base=FUEL)
        assert (ruling.lowest, ruling.highest) == (Level.LOW, Level.LOW)
        assert "call_offs_logged" in ruling.commitments

    def test_without_a_fixed_list_nobody_can_be_checked(self) -> None:
        has = ["end_date", "call_off_log", "new_check"]
        ruling = ruled({**STANDING, "standing_has": has}, base=FUEL)
        assert certain(ruling) == {"standing_without_list"}
        assert (ruling.lowest, ruling.recommendation) == (Level.HIGH, Recommendation.NOT_YET)

    @pytest.mark.parametrize("gone", ["end_date", "call_off_log", "new_check"])
    def test_each_bound_is_wanted(self, gone: str) -> None:
        has = [each for each in STANDING["standing_has"] if each != gone]  # type: ignore[attr-defined]
        ruling = ruled({**STANDING, "standing_has": has}, base=FUEL)
        assert certain(ruling) == {"standing_without_bounds"}
        assert ruling.recommendation is Recommendation.NOT_YET

    def test_not_for_more_than_a_year(self) -> None:
        ruling = ruled({**STANDING, "validity_months": 13}, base=FUEL)
        assert certain(ruling) == {"standing_too_long"}

    def test_other_assessments_hold_for_three_months(self) -> None:
        assert certain(ruled({"validity_months": 4}, base=FUEL)) == {"validity_too_long"}
        open_yet = ruled({"validity_months": {"min": 2, "max": 6}}, base=FUEL)
        assert (open_yet.lowest, open_yet.highest) == (Level.LOW, Level.MEDIUM)


EMERGENCY: Given = {
    "assessment_kind": "emergency",
    "cannot_wait": "civilians",
    "emergency_why": "The column reaches the camp tonight.",
    "telephoned": "head_of_mission",
}


class TestEmergency:
    def test_it_is_never_low_and_owes_a_record_and_an_assessment(self) -> None:
        ruling = ruled(EMERGENCY, base=FUEL)
        assert certain(ruling) == {"emergency_not_assessed"}
        assert ruling.recommendation is Recommendation.GO_WITH_CONDITIONS
        policy = protocols.load(NAME)
        owed = {c.id: c.due_days for c in policy.commitments if c.id in ruling.commitments}
        assert (owed["emergency_recorded"], owed["emergency_assessed"]) == (1, 3)

    def test_papers_may_follow(self) -> None:
        assert "list_missing" not in certain(
            ruled({**EMERGENCY, "papers": ["none_yet"]}, base=FUEL)
        )
        assert "list_missing" in certain(ruled({"papers": ["none_yet"]}, base=FUEL))

    def test_urgent_is_not_an_emergency(self) -> None:
        ruling = ruled({**EMERGENCY, "cannot_wait": "nobody_now"}, base=FUEL)
        assert "not_an_emergency" in certain(ruling)
        assert ruling.recommendation is Recommendation.NOT_YET

    def test_somebody_was_telephoned(self) -> None:
        ruling = ruled({**EMERGENCY, "telephoned": "nobody_yet"}, base=FUEL)
        assert "leadership_not_telephoned" in certain(ruling)
        assert ruling.recommendation is Recommendation.NOT_YET

    @pytest.mark.parametrize("base", [COURSE, FUEL, JOINT])
    def test_it_passes_no_bar(self, base: Given) -> None:
        worst: Given = {
            **EMERGENCY,
            **UNIT,
            "real_risk": "yes",
            "risk_reason": "As before.",
            "authority_steps": "none_taken",
        }
        ruling = ruled(worst, base=base)
        assert (ruling.lowest, ruling.recommendation) == (Level.BARRED, Recommendation.NO)
        assert stopped(ruling) == {"grave_violations_without_steps": "nobody"}


REVIEW: Given = {
    "assessment_kind": "review",
    "what_is_new": ["time_is_up"],
    "under_way": "no_information",
}


class TestReview:
    def test_that_the_time_is_up_changes_nothing_else(self) -> None:
        assert ruled(REVIEW, base=FUEL).lowest is Level.LOW

    @pytest.mark.parametrize(
        ("new", "rule", "level"),
        [
            ("new_commander", "command_or_unit_changed", Level.MEDIUM),
            ("other_unit", "command_or_unit_changed", Level.MEDIUM),
            ("new_information", "new_information_heard", Level.MEDIUM),
            ("condition_broken", "condition_was_broken", Level.HIGH),
        ],
    )
    def test_what_is_new_weighs(self, new: str, rule: str, level: Level) -> None:
        ruling = ruled({**REVIEW, "what_is_new": [new]}, base=FUEL)
        assert (certain(ruling), ruling.lowest) == ({rule}, level)

    def test_another_commander_is_looked_at(self) -> None:
        policy = protocols.load(NAME)
        answers = {**FUEL, **REVIEW, "what_is_new": ["new_commander"]}
        looks = plan(policy, read_answers(policy, answers)).looks
        assert "new_commander_look" in {look.id for look in looks}

    def test_reliable_information_asks_to_intercede_first(self) -> None:
        ruling = ruled({**REVIEW, "under_way": "reliable", "un_part": "no"}, base=FUEL)
        assert certain(ruling) == {"violations_reported_now"}
        assert ruling.recommendation is Recommendation.NOT_YET
        assert "interceded" in ruling.commitments

    def test_what_goes_on_after_that_is_suspended(self) -> None:
        ruling = ruled({**REVIEW, "under_way": "goes_on", "un_part": "no"}, base=FUEL)
        assert (ruling.lowest, stopped(ruling)) == (Level.BARRED, {"violations_go_on": "nobody"})

    def test_nobody_makes_the_organisation_a_part_of_it(self) -> None:
        ruling = ruled({**REVIEW, "under_way": "reliable", "un_part": "yes"}, base=FUEL)
        assert stopped(ruling) == {"un_becomes_part": "nobody"}
        assert ruling.recommendation is Recommendation.NO


class TestEarlierDecisions:
    @pytest.mark.parametrize(
        ("before", "rule"),
        [
            ("refused_before", "refused_before"),
            ("suspended_before", "suspended_before"),
            ("given_unassessed", "given_before_asking"),
            ("not_looked_up", "past_not_looked_up"),
        ],
    )
    def test_the_past_weighs(self, before: str, rule: str) -> None:
        answers = {"earlier_decisions": [before], "changed_since": "Another commander."}
        assert certain(ruled(answers, base=WHOLE)) == {rule}

    @pytest.mark.parametrize("before", ["refused_before", "suspended_before"])
    def test_what_was_refused_must_say_what_changed(self, before: str) -> None:
        ruling = ruled({"earlier_decisions": [before]}, base=WHOLE)
        assert ruling.open_questions == ("changed_since",)
        assert ruling.recommendation is Recommendation.NOT_YET

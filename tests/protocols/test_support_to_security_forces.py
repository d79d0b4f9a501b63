"""The shipped policy on support to security forces, case by case and as a whole."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from primum import protocols
from primum.core import authority
from primum.core.protocol import (
    FACTS,
    Answers,
    Authority,
    Kind,
    Phase,
    Protocol,
    Section,
    completeness,
    names_in,
    plan,
    read_answers,
    read_facts,
    weigh,
)
from primum.core.vocabulary import Level, Recommendation, Ruling, Stakes, Verb

NAME = "support-to-security-forces"

TRAINING: dict[str, object] = {
    "support_kind": ["training_advisory"],
    "lethal": "no",
    "mandate_objective": "Protection of civilians: fewer people held without a record.",
    "value": 12_000,
    "people_reached": 36,
    "unit_history": "continuous",
    "commander_confirmed": "yes",
    "unit_grave_violations": "no",
    "commander_grave_violations": "no",
    "real_risk": "no",
    "detention": "no",
    "indirect_users": ["nobody_else"],
    "reprisal_risk": "none_seen",
    "access": "in_writing",
    "heard": ["authorities", "community", "women_apart"],
}
"""A course for a known unit, about whom nothing speaks against it."""

CLEAN: dict[str, object] = {
    "party.record": "some",
    "party.harm_reports_24_months": 0,
    "party.suspended_24_months": "no",
    "party.looks_missed_12_months": 0,
    "party.breaches_12_months": 0,
}


@pytest.fixture(scope="module")
def policy() -> Protocol:
    return protocols.load(NAME)


def ruled(answers: Mapping[str, object], facts: Mapping[str, object] | None = None) -> Ruling:
    """The Ruling on TRAINING with these answers instead; None leaves one out."""
    policy = protocols.load(NAME)
    given = {k: v for k, v in {**TRAINING, **answers}.items() if v is not None}
    return weigh(policy, read_answers(policy, given), read_facts({**CLEAN, **(facts or {})}))


def certain(ruling: Ruling) -> set[str]:
    return {reason.rule for reason in ruling.reasons if reason.certain}


def test_a_course_for_a_unit_with_nothing_against_it_may_go() -> None:
    ruling = ruled({})
    assert (ruling.lowest, ruling.highest) == (Level.LOW, Level.LOW)
    assert ruling.recommendation is Recommendation.GO
    assert ruling.open_questions == ()


def test_no_answers_are_never_a_go(policy: Protocol) -> None:
    for facts in ({}, CLEAN):
        ruling = weigh(policy, Answers(), read_facts(facts))
        assert ruling.recommendation is Recommendation.NOT_YET
        assert (ruling.lowest, ruling.highest) == (Level.LOW, Level.BARRED)


@pytest.mark.parametrize("name", [n for n in TRAINING if n not in ("value", "people_reached")])
def test_each_required_answer_left_out_is_not_yet(name: str) -> None:
    ruling = ruled({name: None})
    assert ruling.recommendation is Recommendation.NOT_YET
    assert name in ruling.open_questions


GRAVE = {"unit_grave_violations": "yes", "real_risk": "yes"}


class TestBarred:
    """Substantial grounds, real risk, and no adequate evidenced steps: all three."""

    @pytest.mark.parametrize("steps", ["claimed_only", "none_taken"])
    @pytest.mark.parametrize("who", ["unit_grave_violations", "commander_grave_violations"])
    def test_barred(self, who: str, steps: str) -> None:
        ruling = ruled({who: "yes", "real_risk": "yes", "authority_steps": steps})
        assert ruling.lowest is Level.BARRED
        assert ruling.recommendation is Recommendation.NO
        (stop,) = ruling.hard_stops
        assert (stop.rule, stop.passable_by, stop.certain) == (
            "grave_violations_without_steps",
            "nobody",
            True,
        )

    def test_evidenced_steps_lift_the_bar_but_not_the_level(self) -> None:
        ruling = ruled({**GRAVE, "authority_steps": "evidenced"})
        assert (ruling.lowest, ruling.highest) == (Level.HIGH, Level.HIGH)
        assert ruling.recommendation is Recommendation.GO_WITH_CONDITIONS

    def test_grounds_without_a_real_risk_are_high(self) -> None:
        ruling = ruled({**GRAVE, "real_risk": "no", "authority_steps": "none_taken"})
        assert (ruling.lowest, ruling.highest) == (Level.HIGH, Level.HIGH)

    def test_a_real_risk_without_grounds_is_high(self) -> None:
        assert ruled({"real_risk": "yes"}).lowest is Level.HIGH

    def test_unknown_steps_leave_it_open(self) -> None:
        ruling = ruled({**GRAVE, "authority_steps": {"unknown": "the ministry did not answer"}})
        assert (ruling.lowest, ruling.highest) == (Level.HIGH, Level.BARRED)
        assert ruling.recommendation is Recommendation.NOT_YET
        assert ruling.open_questions == ("authority_steps",)

    def test_unknown_grounds_leave_it_open(self) -> None:
        """No finding is not a finding of none."""
        ruling = ruled({"unit_grave_violations": None, "real_risk": "yes"})
        assert (ruling.lowest, ruling.highest) == (Level.HIGH, Level.BARRED)
        assert ruling.recommendation is Recommendation.NOT_YET


class TestNoRecord:
    def test_nothing_on_record_is_never_low(self) -> None:
        ruling = ruled({}, {"party.record": "none"})
        assert (ruling.lowest, certain(ruling)) == (Level.MEDIUM, {"no_record"})

    def test_a_new_unit_is_never_low(self) -> None:
        assert "no_record" in certain(ruled({"unit_history": "newly_formed"}))

    def test_a_renamed_unit_carries_its_record(self) -> None:
        assert "renamed_unit" in certain(ruled({"unit_history": "renamed_or_merged"}))

    def test_not_knowing_whether_there_is_a_record_is_not_low_either(self) -> None:
        ruling = ruled({}, {"party.record": None})
        assert (ruling.highest, ruling.open_questions) == (Level.MEDIUM, ("party.record",))
        assert ruling.recommendation is Recommendation.GO_WITH_CONDITIONS


BUILDING: dict[str, object] = {"support_kind": ["infrastructure"], "records_room": "yes"}


class TestHardStops:
    @pytest.mark.parametrize("access", ["spoken", "refused"])
    def test_a_building_without_a_written_agreement_goes_to_the_leadership(
        self, access: str
    ) -> None:
        ruling = ruled({**BUILDING, "access": access})
        assert [(s.rule, s.passable_by) for s in ruling.hard_stops] == [
            ("building_without_access", "leadership")
        ]
        assert ruling.recommendation is Recommendation.NO

    def test_a_building_with_one_may_go_with_conditions(self) -> None:
        ruling = ruled(BUILDING)
        assert (ruling.lowest, ruling.hard_stops) == (Level.LOW, ())
        assert ruling.recommendation is Recommendation.GO_WITH_CONDITIONS

    def test_a_building_in_a_mixed_package_is_still_a_building(self) -> None:
        mixed = {**BUILDING, "support_kind": ["training_advisory", "infrastructure"]}
        assert ruled({**mixed, "access": "refused"}).hard_stops

    def test_a_joint_operation_needs_a_medical_plan(self) -> None:
        joint = {"support_kind": ["joint_operation"]}
        (stop,) = ruled({**joint, "medical_plan": "no"}).hard_stops
        assert (stop.rule, stop.passable_by) == ("joint_without_medical_plan", "leadership")
        assert ruled({**joint, "medical_plan": "yes"}).hard_stops == ()
        assert not ruled(joint).hard_stops[0].certain


@pytest.mark.parametrize(
    ("answers", "facts", "rule", "level"),
    [
        ({"lethal": "yes"}, {}, "means_to_kill", Level.HIGH),
        ({"support_kind": ["operational"]}, {}, "in_operations", Level.MEDIUM),
        ({"commander_confirmed": "no"}, {}, "commander_unknown", Level.HIGH),
        ({"access": "refused"}, {}, "no_way_to_watch", Level.MEDIUM),
        (
            {"detention": "yes", "children_apart": "yes", "access": "spoken"},
            {},
            "detention_without_access",
            Level.HIGH,
        ),
        ({"detention": "yes", "children_apart": "no"}, {}, "children_among_adults", Level.HIGH),
        (
            {"support_kind": ["infrastructure"], "records_room": "no"},
            {},
            "records_in_the_open",
            Level.MEDIUM,
        ),
        ({"indirect_users": ["other_unit"]}, {}, "flows_to_another_unit", Level.MEDIUM),
        (
            {"indirect_users": ["other_unit", "intelligence_service"]},
            {},
            "feeds_another_abuser",
            Level.HIGH,
        ),
        ({"indirect_users": ["armed_group"]}, {}, "feeds_another_abuser", Level.HIGH),
        ({"indirect_users": ["foreign_force"]}, {}, "feeds_another_abuser", Level.HIGH),
        ({"heard": ["authorities", "women_apart"]}, {}, "community_not_heard", Level.MEDIUM),
        ({"heard": ["nobody"]}, {}, "community_not_heard", Level.MEDIUM),
        ({"heard": ["community"]}, {}, "women_not_heard", Level.MEDIUM),
        ({"reprisal_risk": "some"}, {}, "reprisals_possible", Level.MEDIUM),
        ({"reprisal_risk": "serious"}, {}, "reprisals_likely", Level.HIGH),
        ({}, {"party.harm_reports_24_months": 1}, "harm_reported", Level.MEDIUM),
        ({}, {"party.harm_reports_24_months": 3}, "harm_reported_often", Level.HIGH),
        ({}, {"party.suspended_24_months": "yes"}, "suspended_lately", Level.HIGH),
        ({}, {"party.looks_missed_12_months": 2}, "looks_missed", Level.MEDIUM),
        ({}, {"party.breaches_12_months": 1}, "breaches_lately", Level.MEDIUM),
    ],
)
def test_a_rule_speaks(
    answers: dict[str, object], facts: dict[str, object], rule: str, level: Level
) -> None:
    ruling = ruled(answers, facts)
    assert rule in certain(ruling)
    assert ruling.lowest is level


def test_people_heard_besides_the_authorities_may_be_displaced_or_organised() -> None:
    for voice in ("displaced", "civil_society"):
        assert certain(ruled({"heard": [voice, "women_apart"]})) == set()


def test_the_kodwel_police_post(policy: Protocol) -> None:
    """Building, training and patrols for a detachment of two parents, newly formed."""
    answers = read_answers(
        policy,
        {
            **TRAINING,
            "support_kind": ["infrastructure", "training_advisory", "joint_operation"],
            "value": 310_000,
            "unit_history": "newly_formed",
            "detention": "yes",
            "children_apart": "yes",
            "records_room": "yes",
            "medical_plan": "yes",
            "indirect_users": ["other_unit"],
            "reprisal_risk": "some",
        },
    )
    ruling = weigh(policy, answers, read_facts({**CLEAN, "party.record": "none"}))
    assert (ruling.lowest, ruling.highest) == (Level.MEDIUM, Level.MEDIUM)
    assert ruling.recommendation is Recommendation.GO_WITH_CONDITIONS
    proposed = plan(policy, answers)
    assert {c.id for c in proposed.commitments} == {
        "records_room_locked",
        "conduct_training",
        "children_never_with_adults",
        "access_any_time",
        "complaint_line",
        "sources_kept_safe",
    }
    assert [look.id for look in proposed.looks] == ["first_look", "quarterly_look", "building_look"]
    assert proposed.watch_days == 5 * 365 + 30


def test_looks_are_dated_unannounced_and_made_by_a_monitor(policy: Protocol) -> None:
    looks = {look.id: look for look in policy.looks}
    assert looks["first_look"].after_days == (30,)
    assert looks["quarterly_look"].after_days == (90, 180, 270, 360)
    assert looks["building_look"].after_days == (365, 730, 1095, 1460, 1825)
    for look in policy.looks:
        assert look.by == "field_monitor"
        assert look.unannounced
        assert look.grace_days > 0
        assert "anyone_suffered" in look.asks
    course = plan(policy, read_answers(policy, TRAINING))
    assert [look.id for look in course.looks] == ["first_look", "quarterly_look"]
    assert course.watch_days == 374, "the last look and its grace, though the protocol says 365"


def test_commitments_say_when_they_are_owed(policy: Protocol) -> None:
    phases = {c.id: c.phase for c in policy.commitments}
    assert phases["records_room_locked"] is phases["conduct_training"] is Phase.BEFORE
    assert phases["children_never_with_adults"] is phases["access_any_time"] is Phase.DURING


def test_a_proposer_is_asked_what_the_case_needs(policy: Protocol) -> None:
    done = completeness(policy, read_answers(policy, TRAINING))
    assert done.complete
    assert (done.asked, done.answered) == (15, 15)
    building = read_answers(policy, {**TRAINING, "support_kind": ["infrastructure"]})
    assert completeness(policy, building).unanswered == ("records_room",)


def test_every_rule_cites_its_source(policy: Protocol) -> None:
    for rule in policy.rules:
        assert len(rule.cites) > 10
    for look in policy.looks:
        assert look.cites


def test_what_was_written_from_memory_says_so(policy: Protocol) -> None:
    """The annex itself was not at hand: each use of its factors is marked for checking."""
    for rule in policy.rules:
        if "factor" in rule.cites or "Guidance Note" in rule.cites:
            assert rule.wording_to_check, rule.id
    assert policy.review_needed


def test_every_sentence_is_there_in_three_languages(policy: Protocol) -> None:
    assert policy.languages == ("en", "fr", "ar")
    texts = [policy.title, *(q.ask for q in policy.questions), *(r.says for r in policy.rules)]
    texts += [option.label for q in policy.questions for option in q.options]
    texts += [c.text for c in policy.commitments]
    for text in texts:
        assert set(text) == {"en", "fr", "ar"}
        assert re.search(r"[\u0600-\u06ff]", text["ar"])
        assert not re.search(r"[\u0600-\u06ff]", text["en"] + text["fr"])
        assert not re.search(r"[A-Za-z]", text["ar"]), text["ar"]


def test_every_question_is_used_or_wanted_by_the_stakes(policy: Protocol) -> None:
    conditions = [rule.when for rule in policy.rules]
    conditions += [question.when for question in policy.questions if question.when]
    conditions += [offer.when for offer in policy.commitments if offer.when]
    used = frozenset().union(*(names_in(each.expression) for each in conditions))
    for question in policy.questions:
        before = question.section.before and question.kind is not Kind.TEXT
        if before and question.id not in used:
            assert question.id in {"value", "people_reached"}
    assert set(FACTS) <= used


def test_all_six_questions_of_an_activity_are_asked(policy: Protocol) -> None:
    assert {question.section for question in policy.questions} == set(Section)


def test_the_kinds_of_support_that_weigh_on_the_stakes_are_options(policy: Protocol) -> None:
    assert set(policy.by_id["support_kind"].domain.options) >= authority.HEAVY_KINDS
    assert len(policy.by_id["support_kind"].options) == 7


def test_it_fits_the_table_of_who_may_decide() -> None:
    deciders = {
        stakes: frozenset(
            grant.duty
            for grant in authority.TABLE
            if grant.verb is Verb.DECIDE and stakes <= grant.up_to
        )
        for stakes in Stakes
    }
    duties = frozenset(grant.duty for grant in authority.TABLE) | {"verifies", "field_monitor"}
    policy = protocols.parse(protocols.text_of(NAME), NAME, Authority(duties, deciders))
    assert {stakes: set(who) for stakes, who in policy.decides.items()} == {
        stakes: {duty} for stakes, duty in authority.DECIDER.items()
    }


def test_lease_and_watch(policy: Protocol) -> None:
    assert (policy.lease_days, policy.watch_days) == (90, 365)

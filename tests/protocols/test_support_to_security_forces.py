"""The shipped policy on support to security forces, as a whole."""

from __future__ import annotations

import pytest

from primum import protocols
from primum.core import authority
from primum.core.protocol import (
    FACTS,
    Authority,
    Phase,
    Protocol,
    Section,
    completeness,
    names_in,
    plan,
    read_answers,
)
from primum.core.protocol.credibility import FACTORS
from primum.core.vocabulary import Level, Recommendation, Stakes, Verb
from tests.protocols.support import (
    COURSE,
    EXEMPT,
    FUEL,
    JOINT,
    NAME,
    POST,
    WEIGHED,
    WHOLE,
    Given,
    ruled,
)


@pytest.fixture(scope="module")
def policy() -> Protocol:
    return protocols.load(NAME)


@pytest.mark.parametrize("name", COURSE)
def test_each_required_answer_left_out_is_not_yet(name: str) -> None:
    ruling = ruled({name: None})
    assert ruling.recommendation is Recommendation.NOT_YET
    assert name in ruling.open_questions


@pytest.mark.parametrize("name", sorted(WHOLE.keys() - COURSE.keys()))
def test_more_than_a_course_is_asked_more(name: str) -> None:
    ruling = ruled({name: None}, base=WHOLE)
    assert ruling.recommendation is Recommendation.NOT_YET
    assert name in ruling.open_questions


@pytest.mark.parametrize(
    ("answers", "most"), [(EXEMPT, 6), (COURSE, 24), (FUEL, 48), (POST, 57), (JOINT, 56)]
)
def test_the_form_grows_with_the_request(policy: Protocol, answers: Given, most: int) -> None:
    """An exempt course is a two-minute form, a course a short one; an operation meets the whole."""
    done = completeness(policy, read_answers(policy, answers))
    assert done.complete, done.missing
    assert done.asked == most


def test_the_longer_form_stays_within_the_sections(policy: Protocol) -> None:
    """Grouped by the six questions of an activity, in their order."""
    sections = [question.section for question in policy.questions]
    assert sections == sorted(sections, key=list(Section).index)
    assert set(sections) == set(Section)


def test_every_fact_is_used(policy: Protocol) -> None:
    conditions = [rule.when for rule in policy.rules]
    used = frozenset().union(*(names_in(each.expression) for each in conditions))
    assert set(FACTS) <= used


def test_no_commitment_and_no_look_depends_on_what_only_some_may_know(policy: Protocol) -> None:
    conditions = [offer.when for offer in policy.commitments]
    conditions += [look.when for look in policy.looks]
    for when in conditions:
        assert when is None or not names_in(when.expression) & set(FACTS), when.source


def test_the_kinds_of_support_that_weigh_on_the_stakes_are_options(policy: Protocol) -> None:
    assert set(policy.by_id["support_kind"].domain.options) >= authority.HEAVY_KINDS
    assert len(policy.by_id["support_kind"].options) == 7


def test_the_seven_points_are_those_of_the_house(policy: Protocol) -> None:
    """The form asks for what is weighed wherever an allegation is weighed."""
    options = policy.by_id["credibility_weighed"].domain.options
    assert options == (*FACTORS, "none_weighed")
    assert WEIGHED["credibility_weighed"] == list(FACTORS)


def test_it_fits_the_table_of_who_may_decide() -> None:
    deciders = {
        stakes: frozenset(
            grant.duty
            for grant in authority.TABLE
            if grant.verb is Verb.DECIDE and stakes <= grant.up_to
        )
        for stakes in Stakes
    }
    own = {"verifies", "field_monitor", "protection_officer"}
    duties = frozenset(grant.duty for grant in authority.TABLE) | own
    for name in protocols.available():
        protocols.parse(protocols.text_of(name), name, Authority(duties, deciders))
    policy = protocols.load(NAME)
    assert {stakes: set(who) for stakes, who in policy.decides.items()} == {
        stakes: {duty} for stakes, duty in authority.DECIDER.items()
    }


def test_lease_watch_clocks_and_reach(policy: Protocol) -> None:
    assert (policy.lease_days, policy.watch_days, policy.seal_floor) == (90, 365, 1)
    assert policy.about == "activity"
    assert policy.clocks["emergency_record"] == 24
    assert policy.clocks["emergency_assess"] == 72
    assert policy.clocks["intercession_answer"] == policy.clocks["final_notice_answer"] == 14 * 24
    assert policy.reach is not None
    assert (policy.reach.up, policy.reach.down, policy.reach.confidence) == (2, 1, "plausible")


class TestNeverGreen:
    """No information, a new unit and a renamed one are never low, with conditions or without."""

    @pytest.mark.parametrize("base", [COURSE, FUEL, POST, JOINT])
    @pytest.mark.parametrize(
        ("answers", "facts"),
        [
            ({}, {"party.record": "none"}),
            ({"unit_history": "newly_formed"}, {}),
            ({"unit_history": "renamed_or_merged"}, {}),
            ({}, {"party.former_name": "yes"}),
            ({"credible_information": ["not_looked"]}, {}),
            ({"screened_by": ["nobody_yet"]}, {}),
        ],
    )
    def test_never_low(self, base: Given, answers: Given, facts: Given) -> None:
        ruling = ruled(answers, facts, base)
        assert ruling.lowest >= Level.MEDIUM
        assert ruling.expected[0] >= Level.MEDIUM
        assert ruling.recommendation is not Recommendation.GO

    def test_not_knowing_whether_there_is_a_record_is_not_low_either(self) -> None:
        ruling = ruled({}, {"party.record": None})
        assert (ruling.highest, ruling.open_questions) == (Level.MEDIUM, ("party.record",))
        assert ruling.recommendation is Recommendation.GO_WITH_CONDITIONS


def test_the_kodwel_police_post(policy: Protocol) -> None:
    """Building, training and patrols for a detachment of two parents, newly formed."""
    kodwel: Given = {
        **JOINT,
        **POST,
        "support_kind": ["infrastructure", "training_advisory", "joint_operation"],
        "value": 310_000,
        "people_reached": 36,
        "unit_history": "newly_formed",
        "composition": ["several_forces"],
        "indirect_users": ["other_unit"],
        "reprisal_risk": "some",
        "safe_channel": "yes",
    }
    ruling = ruled({}, {"party.record": "none"}, kodwel)
    assert (ruling.lowest, ruling.highest) == (Level.MEDIUM, Level.MEDIUM)
    assert ruling.recommendation is Recommendation.GO_WITH_CONDITIONS
    proposed = plan(policy, read_answers(policy, kodwel))
    assert {c.id for c in proposed.commitments} >= {
        "records_room_locked",
        "conduct_training",
        "children_never_with_adults",
        "access_any_time",
        "complaint_line",
        "sources_kept_safe",
        "commander_named",
        "medical_plan_ready",
        "rooms_apart",
    }
    looks = [look.id for look in proposed.looks]
    assert looks == ["detention_look", "operation_look", "building_look"]
    assert proposed.watch_days == 5 * 365 + 14


def test_commitments_say_when_they_are_owed(policy: Protocol) -> None:
    phases = {c.id: c.phase for c in policy.commitments}
    assert phases["records_room_locked"] is phases["conduct_training"] is Phase.BEFORE
    assert phases["children_never_with_adults"] is phases["access_any_time"] is Phase.DURING
    assert phases["reviewed_after"] is Phase.AFTER
    assert set(phases.values()) == set(Phase)

"""What the policy on support proposes: conditions that can be checked, and looks."""

from __future__ import annotations

import pytest

from primum import protocols
from primum.core.protocol import CommitmentOffer, LookPlan, Phase, plan, read_answers
from primum.core.protocol.offers import OUTSIDE
from primum.core.vocabulary import Level
from tests.protocols.support import COURSE, FUEL, JOINT, NAME, POST, UNIT, WHOLE, Given, ruled


def owed(base: Given, answers: Given | None = None) -> dict[str, CommitmentOffer]:
    policy = protocols.load(NAME)
    given = read_answers(policy, {**base, **(answers or {})})
    return {offer.id: offer for offer in plan(policy, given).commitments}


def looks(base: Given, answers: Given | None = None) -> dict[str, LookPlan]:
    policy = protocols.load(NAME)
    given = read_answers(policy, {**base, **(answers or {})})
    return {look.id: look for look in plan(policy, given).looks}


def test_a_clean_course_owes_nothing() -> None:
    assert owed(COURSE) == {}


@pytest.mark.parametrize("base", [WHOLE, FUEL, POST, JOINT])
def test_more_than_a_course_always_has_a_plan_to_follow_it(base: Given) -> None:
    assert {
        "follow_up_planned",
        "conditions_told",
        "commander_named",
        "confirmed_each_month",
        "written_assurances",
    } <= set(owed(base))
    assert owed(base)["follow_up_planned"].phase is Phase.BEFORE


@pytest.mark.parametrize(
    ("base", "answers", "offers"),
    [
        (COURSE, UNIT, ["named_stay_out", "orders_issued", "case_opened", "steps_reported"]),
        (COURSE, {"access": "spoken"}, ["access_in_writing"]),
        (COURSE, {"commander_confirmed": "no"}, ["commander_named"]),
        (COURSE, {"heard": ["authorities"]}, ["community_heard", "women_heard"]),
        (COURSE, {"reprisal_risk": "serious"}, ["sources_kept_safe"]),
        (COURSE, {"children_harmed": ["recruit_or_use"]}, ["children_released"]),
        (FUEL, {}, ["serials_listed", "handover_letter", "in_parts", "delivery_photographed"]),
        (FUEL, {"transfers": ["stolen"]}, ["moved_by_us"]),
        (FUEL, {"support_kind": ["financial"]}, ["paid_by_name", "in_parts"]),
        (FUEL, {"lethal": "yes"}, ["nothing_lethal", "rules_of_force_briefed"]),
        (FUEL, {"policy_letter": "not_sent"}, ["policy_explained"]),
        (FUEL, {"transfers": ["legitimises"]}, ["said_openly"]),
        (FUEL, {"land_and_returns": ["land_disputed"]}, ["land_settled"]),
        (FUEL, {"land_and_returns": ["people_return"]}, ["returns_asked_alone"]),
        (WHOLE, {"composition": ["former_fighters"]}, ["former_fighters_vetted"]),
        (WHOLE, {**UNIT}, ["leadership_speaks", "headquarters_told", "justice_supported"]),
        (POST, {}, ["records_room_locked", "rooms_apart", "access_any_time", "nobody_handed_on"]),
        (POST, {"upkeep_paid": "no"}, ["upkeep_agreed"]),
        (POST, {"women_guarded": "no"}, ["women_guarded_by_women"]),
        (POST, {"register_kept": "no"}, ["everyone_written_down"]),
        (JOINT, {}, ["planned_together", "medical_plan_ready", "advisers_present"]),
        (JOINT, {}, ["looked_after_each", "reviewed_after", "harm_told_within_a_day"]),
        (JOINT, {}, ["rules_of_force_briefed", "no_arrests_with_it", "complaint_line"]),
        (JOINT, {"operation_kind": ["attack"]}, ["no_attack"]),
    ],
)
def test_what_is_asked_for(base: Given, answers: Given, offers: list[str]) -> None:
    assert set(offers) <= set(owed(base, answers))
    if answers:
        assert not set(offers) <= set(owed(base))


def test_every_condition_can_be_checked() -> None:
    """Somebody owes it, something proves it, and another verifies it by a day."""
    policy = protocols.load(NAME)
    for offer in policy.commitments:
        assert offer.by in OUTSIDE or offer.by != offer.verifier, offer.id
        assert offer.verifier == "verifies"
        if offer.phase is Phase.BEFORE:
            assert offer.every_days is None, offer.id


def test_conditions_lower_what_they_answer_and_no_more() -> None:
    post = ruled({"access": "spoken", "children_apart": "no"}, base=POST)
    assert (post.lowest, post.expected) == (Level.HIGH, (Level.LOW, Level.LOW))
    beside = ruled({"fights_beside": ["militia"]}, base=POST)
    assert beside.expected == (Level.HIGH, Level.HIGH), "no condition makes a militia answer to us"


def test_commitments_are_proposed_without_what_only_some_may_know() -> None:
    clean = ruled({}, base=FUEL)
    seen = ruled({}, {"party.harm_reports_24_months": 5, "party.suspended_24_months": "yes"}, FUEL)
    assert seen.commitments == clean.commitments


class TestLooks:
    def test_dates(self) -> None:
        found = {look.id: look.after_days for look in protocols.load(NAME).looks}
        assert found == {
            "first_look": (30,),
            "quarterly_look": (90, 180, 270, 360),
            "detention_look": (30, 120, 210, 300, 390),
            "end_use_look": (60, 180, 365),
            "course_look": (180, 365),
            "operation_look": (14, 45, 90),
            "new_commander_look": (30,),
            "building_look": (16, 106, 196, 286, 376, 466, 556, 646, 730, 1095, 1460, 1825),
        }

    def test_all_are_unannounced_and_ask_whether_anyone_suffered(self) -> None:
        for look in protocols.load(NAME).looks:
            assert (look.by, look.unannounced) == ("field_monitor", True)
            assert look.may
            assert "anyone_suffered" in look.asks

    @pytest.mark.parametrize(
        ("base", "answers", "expected"),
        [
            (COURSE, {}, {"first_look", "course_look"}),
            (WHOLE, {}, {"first_look", "quarterly_look"}),
            (FUEL, {}, {"first_look", "quarterly_look", "end_use_look"}),
            (POST, {}, {"detention_look", "building_look"}),
            (
                POST,
                {"detention": "no", "building_for": ["office"]},
                {"first_look", "quarterly_look", "building_look"},
            ),
            (JOINT, {}, {"detention_look", "operation_look"}),
        ],
    )
    def test_which_are_made(self, base: Given, answers: Given, expected: set[str]) -> None:
        assert set(looks(base, answers)) == expected

    def test_where_people_are_held_they_are_counted(self) -> None:
        """Women, men, girls and boys; with adults, too long, not shown, hurt; and how we got in."""
        policy = protocols.load(NAME)
        asks = looks(POST)["detention_look"].asks
        wanted = {
            "let_in",
            "held_now",
            "children_with_adults",
            "over_limit",
            "not_shown",
            "injuries",
            "spoke_alone",
        }
        assert wanted <= set(asks)
        assert all(policy.by_id[name].required for name in wanted)
        assert {"held_now.girls", "held_now.boys", "held_now.women"} <= set(policy.names)
        assert looks(POST)["detention_look"].may == {"assesses", "protection_officer"}

    def test_a_building_is_looked_at_for_five_years(self) -> None:
        policy = protocols.load(NAME)
        proposed = plan(policy, read_answers(policy, POST))
        assert proposed.watch_days == 5 * 365 + 14

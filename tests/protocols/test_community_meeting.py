"""A meeting with a community: a protocol unlike the policy on support."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from primum import protocols
from primum.core.protocol import completeness, plan, read_answers, weigh
from primum.core.vocabulary import Level, Recommendation, Ruling

NAME = "community-meeting"
Given = Mapping[str, object]

CALM: Given = {
    "meeting_place": "their_place",
    "arranged_by": "community",
    "seen_by": ["neighbours"],
    "safe_way_out": "yes",
    "reprisal_risk": "none_seen",
    "way_to_reach": "agreed",
}
"""Six taps: under a tree in the village, the elders asked for it."""


def ruled(**answers: object) -> Ruling:
    meeting = protocols.load(NAME)
    return weigh(meeting, read_answers(meeting, {**CALM, **answers}))


def certain(ruling: Ruling) -> set[str]:
    return {reason.rule for reason in ruling.reasons if reason.certain}


def test_it_is_a_card_of_eight_taps_at_most_six_required() -> None:
    meeting = protocols.load(NAME)
    asked = [question for question in meeting.questions if question.section.before]
    assert (meeting.layout, meeting.about, len(asked)) == ("card", "activity", 8)
    assert sum(question.required for question in asked) == 6
    assert all(question.domain.options for question in asked), "each is a tap, nothing is typed"


def test_six_taps_are_enough() -> None:
    meeting = protocols.load(NAME)
    done = completeness(meeting, read_answers(meeting, CALM))
    assert (done.complete, done.asked, done.answered) == (True, 8, 6)


def test_a_calm_meeting_goes_ahead_and_answers_are_owed() -> None:
    ruling = ruled(we_bring=["none_of_these"], heard_how="apart")
    assert (ruling.lowest, ruling.highest) == (Level.LOW, Level.LOW)
    assert ruling.recommendation is Recommendation.GO_WITH_CONDITIONS
    assert ruling.commitments == ("tell_back",)


@pytest.mark.parametrize("out", ["no", None])
def test_armed_eyes_and_no_way_out_stop_it(out: str | None) -> None:
    ruling = ruled(seen_by=["armed_actor"], safe_way_out=out)
    (stop,) = ruling.hard_stops
    assert (stop.rule, stop.passable_by, stop.certain) == ("armed_eyes", "leadership", out == "no")
    assert ruling.recommendation is (Recommendation.NO if out == "no" else Recommendation.NOT_YET)
    assert ruling.expected[0] is Level.LOW, "another place with a way out would do"


@pytest.mark.parametrize(
    ("answers", "rule", "level"),
    [
        ({"seen_by": ["armed_actor"]}, "armed_watcher", Level.MEDIUM),
        ({"safe_way_out": "no"}, "no_way_out", Level.MEDIUM),
        ({"arranged_by": "armed_actor"}, "called_by_arms", Level.HIGH),
        ({"arranged_by": "authority"}, "under_official_eyes", Level.MEDIUM),
        ({"meeting_place": "official_place"}, "under_official_eyes", Level.MEDIUM),
        ({"seen_by": ["local_authority"]}, "under_official_eyes", Level.MEDIUM),
        ({"we_bring": ["state_escort"]}, "escorted_by_one_side", Level.MEDIUM),
        ({"we_bring": ["side_interpreter"]}, "escorted_by_one_side", Level.MEDIUM),
        ({"we_bring": ["camera"]}, "faces_recorded", Level.MEDIUM),
        ({"reprisal_risk": "some"}, "reprisals_possible", Level.MEDIUM),
        ({"reprisal_risk": "serious"}, "reprisals_likely", Level.HIGH),
        ({"way_to_reach": "none"}, "no_way_to_reach", Level.MEDIUM),
        (
            {"reprisal_risk": "some", "way_to_reach": "none"},
            "nobody_could_tell_us",
            Level.HIGH,
        ),
        ({"heard_how": "not_heard"}, "women_left_out", Level.MEDIUM),
    ],
)
def test_a_rule_speaks(answers: Given, rule: str, level: Level) -> None:
    ruling = ruled(**answers)
    assert rule in certain(ruling)
    assert ruling.lowest is level


def test_afterwards_they_are_asked_on_day_3_and_day_30() -> None:
    meeting = protocols.load(NAME)
    proposed = plan(meeting, read_answers(meeting, CALM))
    (check,) = proposed.looks
    assert (check.after_days, proposed.watch_days) == ((3, 30), 34)
    assert check.asks == ("punished_since", "answered")
    assert all(meeting.by_id[name].required for name in check.asks)
    assert not check.unannounced, "they chose when we may call"
    assert "phone" in check.methods


def test_no_kind_of_support_is_asked_for() -> None:
    meeting = protocols.load(NAME)
    assert "support_kind" not in meeting.by_id
    assert meeting.libraries == ("reprisal",)
    assert meeting.clocks == {"assess": 24, "decide": 24}

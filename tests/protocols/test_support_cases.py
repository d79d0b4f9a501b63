"""Worked cases of the policy on support: answers, and the whole of what follows from them."""

from __future__ import annotations

import pytest

from primum.core.vocabulary import Level, Recommendation
from tests.protocols.support import (
    AUTHORITY,
    COMMANDER,
    COURSE,
    EXEMPT,
    FUEL,
    JOINT,
    POST,
    UNIT,
    WHOLE,
    Given,
    ruled,
    stopped,
)

LOW, MEDIUM, HIGH, BARRED = Level
GO, WITH, YET, NO = Recommendation
NOBODY, LEADERSHIP = "nobody", "leadership"
UNKNOWN = {"unknown": "nobody has been there since May"}

Case = tuple[str, Given, Given, Given, tuple[Level, Level, Recommendation], Given, Level]

CASES: list[Case] = [
    ("a course for a known unit", COURSE, {}, {}, (LOW, LOW, GO), {}, LOW),
    ("teaching the law, exempt", EXEMPT, {}, {}, (LOW, LOW, GO), {}, LOW),
    (
        "a course for a unit nobody knows",
        COURSE,
        {},
        {"party.record": "none"},
        (MEDIUM, MEDIUM, WITH),
        {},
        MEDIUM,
    ),
    (
        "a course for a renamed unit",
        COURSE,
        {"unit_history": "renamed_or_merged"},
        {},
        (MEDIUM, MEDIUM, WITH),
        {},
        MEDIUM,
    ),
    (
        "a course, and nobody but the authorities was heard",
        COURSE,
        {"heard": ["authorities"]},
        {},
        (MEDIUM, MEDIUM, WITH),
        {},
        LOW,
    ),
    (
        "a course nobody screened",
        COURSE,
        {"screened_by": ["nobody_yet"]},
        {},
        (MEDIUM, MEDIUM, YET),
        {},
        MEDIUM,
    ),
    (
        "a course, grounds against the unit, steps seen, no real risk",
        COURSE,
        {**UNIT},
        {},
        (HIGH, HIGH, WITH),
        {},
        HIGH,
    ),
    (
        "a course, grounds, real risk, steps only claimed",
        COURSE,
        {
            **UNIT,
            "real_risk": "yes",
            "risk_reason": "As before.",
            "authority_steps": "claimed_only",
        },
        {},
        (BARRED, BARRED, NO),
        {"grave_violations_without_steps": NOBODY},
        BARRED,
    ),
    (
        "a course under an officer who let crimes pass, to be replaced",
        COURSE,
        {**COMMANDER},
        {},
        (HIGH, HIGH, WITH),
        {},
        LOW,
    ),
    (
        "an authority whose units did it, real risk, nothing done",
        WHOLE,
        {
            **AUTHORITY,
            "support_kind": ["authority_support"],
            "legal_powers": "under_court",
            "real_risk": "yes",
            "authority_steps": "none_taken",
            "prevention": "nothing",
        },
        {},
        (BARRED, BARRED, NO),
        {"grave_violations_without_steps": NOBODY},
        BARRED,
    ),
    (
        "one anonymous source never bars by itself",
        COURSE,
        {
            **UNIT,
            "source_basis": "one_anonymous",
            "real_risk": "yes",
            "risk_reason": "Said by one voice.",
            "authority_steps": "none_taken",
            "prevention": "nothing",
        },
        {},
        (HIGH, HIGH, YET),
        {},
        HIGH,
    ),
    ("fuel, all in order", FUEL, {}, {}, (LOW, LOW, WITH), {}, LOW),
    (
        "fuel that may be sold on, nobody could trace it",
        FUEL,
        {"transfers": ["stolen"], "traceable": "no"},
        {},
        (MEDIUM, MEDIUM, WITH),
        {},
        LOW,
    ),
    (
        "fuel for men who are not paid",
        FUEL,
        {"paid_and_fed": "not_regularly"},
        {},
        (MEDIUM, MEDIUM, WITH),
        {},
        MEDIUM,
    ),
    (
        "fuel for a force without a baseline",
        FUEL,
        {},
        {"force.baseline": "none", "force.baseline_level": None},
        (MEDIUM, MEDIUM, WITH),
        {},
        MEDIUM,
    ),
    (
        "lorries for people pressed to return to land in dispute",
        FUEL,
        {"land_and_returns": ["people_return", "land_disputed"], "returns_free": "pressed"},
        {},
        (HIGH, HIGH, WITH),
        {},
        LOW,
    ),
    (
        "ammunition, given up on request",
        FUEL,
        {"lethal": "yes"},
        {},
        (HIGH, HIGH, WITH),
        {},
        LOW,
    ),
    ("a police post, all in order", POST, {}, {}, (LOW, LOW, WITH), {}, LOW),
    (
        "a police post we may not visit unannounced",
        POST,
        {"access": "refused"},
        {},
        (HIGH, HIGH, NO),
        {"building_without_access": LEADERSHIP},
        LOW,
    ),
    (
        "a police post where children are held with adults",
        POST,
        {"children_apart": "no"},
        {},
        (HIGH, HIGH, WITH),
        {},
        LOW,
    ),
    (
        "a prison for those who write nobody down",
        POST,
        {"building_for": ["prison"], "register_kept": "no"},
        {},
        (HIGH, HIGH, WITH),
        {},
        LOW,
    ),
    (
        "a post said to hold nobody",
        POST,
        {"detention": "no"},
        {},
        (MEDIUM, MEDIUM, YET),
        {},
        MEDIUM,
    ),
    (
        "a post where a real risk of torture waits",
        POST,
        {"custody_risk": ["torture"]},
        {},
        (BARRED, BARRED, NO),
        {"torture_ahead": NOBODY},
        BARRED,
    ),
    ("a joint patrol, all in order", JOINT, {}, {}, (MEDIUM, MEDIUM, WITH), {}, MEDIUM),
    (
        "a joint patrol without a medical plan",
        JOINT,
        {"medical_plan": "no"},
        {},
        (HIGH, HIGH, NO),
        {"joint_without_medical_plan": LEADERSHIP},
        MEDIUM,
    ),
    (
        "a joint attack beside a militia, nobody may halt it",
        JOINT,
        {
            "operation_kind": ["attack"],
            "fights_beside": ["militia"],
            "precautions": ["warning", "interpreter"],
        },
        {},
        (HIGH, HIGH, WITH),
        {},
        HIGH,
    ),
    (
        "an emergency for civilians, yes by telephone",
        JOINT,
        {
            "assessment_kind": "emergency",
            "cannot_wait": "civilians",
            "emergency_why": "The column is two hours away.",
            "telephoned": "head_of_mission",
            "papers": ["none_yet"],
        },
        {},
        (MEDIUM, MEDIUM, WITH),
        {},
        MEDIUM,
    ),
    (
        "an emergency never passes the bar",
        JOINT,
        {
            **UNIT,
            "assessment_kind": "emergency",
            "cannot_wait": "civilians",
            "emergency_why": "The column is two hours away.",
            "telephoned": "head_of_mission",
            "real_risk": "yes",
            "authority_steps": "none_taken",
            "prevention": "nothing",
        },
        {},
        (BARRED, BARRED, NO),
        {"grave_violations_without_steps": NOBODY},
        BARRED,
    ),
    (
        "nobody has been to the cells",
        POST,
        {"custody_risk": UNKNOWN},
        {},
        (LOW, BARRED, YET),
        {},
        LOW,
    ),
    (
        "the authorities did not answer",
        COURSE,
        {
            **UNIT,
            "real_risk": "yes",
            "risk_reason": "The same men.",
            "authority_steps": UNKNOWN,
        },
        {},
        (HIGH, BARRED, YET),
        {},
        HIGH,
    ),
]


@pytest.mark.parametrize(
    ("base", "answers", "facts", "outcome", "stops", "expected"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_worked_case(
    base: Given,
    answers: Given,
    facts: Given,
    outcome: tuple[Level, Level, Recommendation],
    stops: Given,
    expected: Level,
) -> None:
    ruling = ruled(answers, facts, base)
    assert (ruling.lowest, ruling.highest, ruling.recommendation) == outcome
    assert stopped(ruling) == stops
    assert ruling.expected[0] == expected


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 25
    assert len({case[0] for case in CASES}) == len(CASES)

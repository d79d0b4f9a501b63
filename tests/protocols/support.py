"""Worked answers to the shipped policy on support, from the lightest request to the gravest."""

from __future__ import annotations

from collections.abc import Mapping

from primum import protocols
from primum.core.protocol import read_answers, read_facts, weigh
from primum.core.vocabulary import Ruling

NAME = "support-to-security-forces"
Given = Mapping[str, object]

EXEMPT: Given = {
    "support_kind": ["training_advisory"],
    "lethal": "no",
    "exempt_whole": "yes",
    "exempt_because": "teaching_law",
    "exempt_reason": "Two days on the law of detention, nothing handed over.",
    "exempt_agreed": "yes",
}
"""The two-minute form."""

COURSE: Given = {
    "support_kind": ["training_advisory"],
    "lethal": "no",
    "exempt_whole": "no",
    "training_only": "yes",
    "assessment_kind": "specific",
    "mandate_objective": "Protection of civilians: fewer people held without a record.",
    "recipient_kind": ["police"],
    "papers": ["unit_list", "request_letter"],
    "unit_history": "continuous",
    "commander_confirmed": "yes",
    "unit_grave_violations": "no",
    "commander_grave_violations": "no",
    "credible_information": ["none_found"],
    "screened_by": ["human_rights", "analysis_centre"],
    "children_harmed": ["none_known"],
    "sexual_violence": "none_known",
    "real_risk": "no",
    "detention": "no",
    "indirect_users": ["nobody_else"],
    "groups_at_risk": ["nobody_worse"],
    "reprisal_risk": "none_seen",
    "access": "in_writing",
    "heard": ["authorities", "community", "women_apart"],
    "other_ways": ["do_nothing", "smaller"],
}
"""A course for a known unit, about whom nothing speaks against it."""

WHOLE: Given = {
    **COURSE,
    "training_only": "no",
    "support_kind": ["training_advisory"],
    "validity_months": 3,
    "earlier_decisions": ["none_found"],
    "composition": ["one_force"],
    "recent_conduct": "no_complaints",
    "paid_and_fed": "regularly",
    "fights_beside": ["nobody_else"],
    "risk_reason": "No pattern in two years.",
    "transfers": ["nothing_seen"],
    "messages": ["nothing_wrong"],
    "who_gains": ["nobody_gains"],
    "monitoring": ["people_and_means", "finding_out", "telling", "stopping"],
    "influence": "giving_helps",
    "policy_letter": "sent_and_explained",
    "stop_when": "One person beaten in custody.",
    "who_asked": "community",
    "cost_of_nothing": "Patrols stay away after dark.",
}
"""More than a course, and still nothing against it."""

FUEL: Given = {
    **WHOLE,
    "support_kind": ["logistical_ops"],
    "land_and_returns": ["neither"],
    "traceable": "yes",
    "forbidden_uses": "yes",
}

HELD: Given = {
    "detention": "yes",
    "children_apart": "yes",
    "women_guarded": "yes",
    "register_kept": "yes",
    "held_too_long": "no",
    "custody_risk": ["none_seen"],
}

POST: Given = {
    **WHOLE,
    **HELD,
    "support_kind": ["infrastructure"],
    "building_for": ["post"],
    "later_use": ["nothing_else"],
    "upkeep_paid": "yes",
    "land_and_returns": ["neither"],
    "legal_powers": "under_court",
    "records_room": "yes",
    "forbidden_uses": "yes",
}

JOINT: Given = {
    **WHOLE,
    **HELD,
    "support_kind": ["joint_operation"],
    "operation_kind": ["patrol"],
    "un_observers": "yes",
    "land_and_returns": ["neither"],
    "legal_powers": "under_court",
    "medical_plan": "yes",
    "precautions": [
        "civilians_located",
        "protected_places",
        "warning",
        "interpreter",
        "who_may_halt",
        "look_after",
    ],
}

WEIGHED: Given = {
    "source_basis": "several_independent",
    "credibility_weighed": [
        "past_accuracy",
        "how_known",
        "bias",
        "corroboration",
        "contradiction",
        "pattern",
        "detail",
    ],
}
"""What is asked besides wherever allegations are used."""

UNIT: Given = {
    **WEIGHED,
    "unit_grave_violations": "yes",
    "unit_route": ["scale"],
    "present_commander": "new_in_post",
    "authority_steps": "evidenced",
    "prevention": "adequate",
}
COMMANDER: Given = {
    **WEIGHED,
    "commander_grave_violations": "yes",
    "commander_route": ["failed_to_act"],
    "authority_steps": "evidenced",
    "prevention": "adequate",
}
AUTHORITY: Given = {
    **WEIGHED,
    "recipient_kind": ["authority"],
    "authority_grave_violations": "yes",
    "authority_steps": "evidenced",
    "prevention": "adequate",
}

CLEAN: Given = {
    "party.record": "some",
    "party.harm_reports_24_months": 0,
    "party.suspended_24_months": "no",
    "party.looks_missed_12_months": 0,
    "party.breaches_12_months": 0,
    "party.former_name": "no",
    "party.grave_allegations": 0,
    "party.accountability": "no_finding",
    "party.months_without_step": 0,
    "party.units_without_steps": 0,
    "party.intercession": "none",
    "force.baseline": "current",
    "force.baseline_level": "low",
}
"""Something is on record, and nothing bad."""


def ruled(answers: Given, facts: Given | None = None, base: Given = COURSE) -> Ruling:
    """The Ruling on `base` with these answers instead; None leaves one out."""
    policy = protocols.load(NAME)
    given = {k: v for k, v in {**base, **answers}.items() if v is not None}
    return weigh(policy, read_answers(policy, given), read_facts({**CLEAN, **(facts or {})}))


def certain(ruling: Ruling) -> set[str]:
    return {reason.rule for reason in ruling.reasons if reason.certain}


def stopped(ruling: Ruling) -> dict[str, str]:
    """The hard stops that hold, and who may pass each."""
    return {stop.rule: stop.passable_by for stop in ruling.hard_stops if stop.certain}

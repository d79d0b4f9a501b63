"""The facts a rule may use besides answers: what the house knows, by a registered name.

A fact is given as the viewer may see it. One that is not given is unknown, and unknown is not no.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from primum.core.protocol.nodes import did_you_mean
from primum.core.protocol.values import YES_NO, Domain, Kind, Value, ValueRefused, read_value

Facts = Mapping[str, Value]
"""Registered name -> value; a missing name is unknown."""


@dataclass(frozen=True, slots=True)
class RegisteredFact:
    """A fact rules may name, and what it means to those who write them."""

    name: str
    domain: Domain
    meaning: str
    worse: str = ""
    """`more` or `less`: which direction no rule may take for the better one."""


COUNT: Final = Domain(Kind.NUMBER, counted=True)

_TABLE = (
    RegisteredFact(
        "party.record",
        Domain(Kind.CHOICE, ("none", "some")),
        "whether anything at all is on record about the party; none is not the same as clean",
    ),
    RegisteredFact(
        "party.harm_reports_24_months",
        COUNT,
        "reports of harm by the party, plausible or better, heard in the last 24 months",
        "more",
    ),
    RegisteredFact(
        "party.suspended_24_months",
        Domain(Kind.YES_NO, YES_NO),
        "whether support to the party was suspended in the last 24 months",
    ),
    RegisteredFact(
        "party.looks_missed_12_months",
        COUNT,
        "looks at support to the party that were due in the last 12 months and never made",
        "more",
    ),
    RegisteredFact(
        "party.breaches_12_months",
        COUNT,
        "breaches recorded on support to the party in the last 12 months",
        "more",
    ),
    RegisteredFact(
        "party.former_name",
        Domain(Kind.YES_NO, YES_NO),
        "whether the register knows the party under a former name, or as another's successor",
    ),
    RegisteredFact(
        "party.grave_allegations",
        COUNT,
        "allegations against the party that assessing posts placed on a route to grave violations",
        "more",
    ),
    RegisteredFact(
        "party.accountability",
        Domain(Kind.CHOICE, ("no_finding", "none", "some", "effective")),
        "what the authorities did, with evidence, about the grave allegations against the party,"
        " where they did least; a step that is only claimed is none",
    ),
    RegisteredFact(
        "party.months_without_step",
        COUNT,
        "whole months since anything was done, with evidence, about a grave allegation against the"
        " party that has no effective step yet",
        "more",
    ),
    RegisteredFact(
        "party.units_without_steps",
        COUNT,
        "grave allegations against units under the party that have no effective step by the"
        " authorities, with evidence",
        "more",
    ),
    RegisteredFact(
        "party.intercession",
        Domain(
            Kind.CHOICE,
            ("none", "concern", "interceded", "formal_notice", "final_notice", "suspended"),
        ),
        "the gravest step of an intercession that stands with the party, from the last 24 months",
    ),
    RegisteredFact(
        "force.baseline",
        Domain(Kind.CHOICE, ("none", "stale", "current")),
        "whether the force the party belongs to was assessed as a whole, and in the last 12 months",
    ),
    RegisteredFact(
        "force.baseline_level",
        Domain(Kind.CHOICE, ("low", "medium", "high", "barred")),
        "the risk that the latest assessment of the force arrived at, at its highest",
    ),
)

FACTS: Mapping[str, RegisteredFact] = MappingProxyType({fact.name: fact for fact in _TABLE})


def read_facts(raw: Mapping[str, object]) -> Facts:
    """Check facts against the table. None is unknown; a wrong name or value is a ValueError."""
    facts: dict[str, Value] = {}
    wrong: list[str] = []
    for name, value in raw.items():
        if name not in FACTS:
            wrong.append(f'"{name}" is not a registered fact{did_you_mean(name, FACTS)}')
        elif value is not None:
            try:
                facts[name] = read_value(FACTS[name].domain, value)
            except ValueRefused as refused:
                wrong.append(f"{name}: {refused.says}")
    if wrong:
        raise ValueError("\n".join(wrong))
    return MappingProxyType(facts)

"""The pathways of harm an activity is asked about, and the gate that a yes goes through."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection

from primum.cases import facts
from primum.core import effects, protocol
from primum.core.protocol import EffectOffer, LookPlan, Method
from primum.core.vocabulary import Stage, Text

LIVE_STAGES: Final = (
    Stage.DECIDED,
    Stage.UNDER_WAY,
    Stage.SUSPENDED,
    Stage.LAPSED,
    Stage.DONE,
    Stage.WATCHED,
)
"""From the yes until it is closed, harm by those we support may have come of it."""
SIGNPOST: Final = "signpost"
SIGNPOST_LOOK: Final = LookPlan(
    id=SIGNPOST,
    title={
        "en": "Look for the first signs of harm",
        "fr": "Chercher les premiers signes de tort",
        "ar": "البحث عن أولى علامات الضرر",
    },
    by="",
    after_days=(),
    grace_days=14,
    methods=tuple(Method),
    asks=(),
)
"""The look that is planned for signposts where no look of the protocol comes near their day."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What a yes still waits for, over every effect there is; never which, nor how many."""

    unweighed: bool
    unread: bool
    unmet: bool


def pathways(activity: UUID) -> Mapping[str, EffectOffer]:
    """Every pathway of harm that the activity's protocols name, by its name here."""
    return {
        effects.pathway(rules.id, offer.id): offer
        for rules in (facts.protocol_of(version) for version in facts.governing(activity))
        for offer in rules.effects
    }


def groups(activity: UUID) -> Mapping[str, Text]:
    """The groups at risk that the activity's protocols name; “nobody” is none."""
    return {
        option.id: option.label
        for rules in (facts.protocol_of(version) for version in facts.governing(activity))
        for option in (
            rules.by_id["groups_at_risk"].options if "groups_at_risk" in rules.by_id else ()
        )
        if not option.id.startswith("nobody")
    }


def commitments(activity: UUID) -> Mapping[str, Text]:
    """What the activity's protocols can ask for, by code."""
    return {
        offer.id: offer.text
        for rules in (facts.protocol_of(version) for version in facts.governing(activity))
        for offer in rules.commitments
    }


def proposed(rules: protocol.Protocol, answers: Mapping[str, object]) -> frozenset[str]:
    """The codes of the commitments that are proposed for these answers."""
    planned = protocol.plan(rules, protocol.read_answers(rules, answers))
    return frozenset(offer.id for offer in planned.commitments)


def gate(activity: UUID, asked: Collection[str]) -> Gate:
    """What still stands before a yes that asks for these commitments. The engine's answer."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM effects_gate(%s, %s::text[], %s::text[])",
            [activity, list(pathways(activity)), sorted(asked)],
        )
        row = cursor.fetchone()
    return Gate(*row) if row else Gate(unweighed=True, unread=True, unmet=True)

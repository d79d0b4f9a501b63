"""What a look found and who saw it: what makes it grave, asks for another, or is no look at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from primum.core.protocol.answers import Answers
from primum.core.protocol.expression import holds
from primum.core.protocol.model import GraveRule, Independence, LookPlan, Method, Protocol
from primum.core.vocabulary import Because

SEEN_BY: Final[Mapping[Method, tuple[Independence, ...]]] = {
    Method.VISIT: (Independence.OWN, Independence.JOINT_WITH_JUDGED),
    Method.JOINT: (Independence.OWN, Independence.JOINT_WITH_JUDGED, Independence.PARTNER),
    Method.PHONE: (Independence.PARTNER, Independence.COMMUNITY),
    Method.PARTNER: (Independence.PARTNER,),
    Method.COMMUNITY: (Independence.COMMUNITY,),
}
"""Who may have seen it, by how the look was made; the first is meant where nothing is said."""
MUST_SAY: Final = frozenset({Method.PHONE})
"""Who answers a telephone is not known by itself."""


def seen_by(method: Method, said: str) -> Independence | Because:
    """Who saw it; or why that is no look: those who are judged are never its only witnesses."""
    allowed = SEEN_BY[method]
    if said == Independence.JUDGED_ALONE:
        return Because(
            "judged_alone",
            "Only those we judge saw it: that is no look. Record it as one that could not be made,"
            " with what they said, or look by other eyes.",
        )
    if said in allowed:
        return Independence(said)
    if said:
        return Because(
            "other_eyes",
            "A look made in this way is seen by somebody else than you say. Choose again.",
        )
    if method in MUST_SAY:
        return Because(
            "no_eyes",
            "By telephone none of us saw it. Say who did: a partner, people who live there, or only"
            " those we judge.",
        )
    return allowed[0]


def grave_findings(protocol: Protocol, answers: Answers) -> tuple[GraveRule, ...]:
    """The rules that what was answered surely meets. What nobody could say makes nothing grave."""
    known = answers.names
    return tuple(rule for rule in protocol.grave if holds(rule.when.expression, known) is True)


def looks_again(plan: LookPlan, answers: Answers) -> bool:
    """Whether what was answered asks for one more look of this kind."""
    return plan.again is not None and holds(plan.again.expression, answers.names) is True

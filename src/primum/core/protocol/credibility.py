"""How an allegation is weighed: on what route to a grave violation, and how credible it is.

The routes and the standard are the policy's; the seven factors are those that the vetting practice
of the United States records for each allegation. Sources in docs/reference/glossary.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ROUTES: Final = ("scale", "pattern", "command", "authority", "none")
"""R1 on a scale or frequency; R2 a pattern by many members; R3 senior officers in command; R4 an
authority that took no effective steps; none of them."""

STANDARDS: Final = ("substantial_grounds", "credible", "not_enough")
FACTORS: Final = (
    "past_accuracy",
    "how_known",
    "bias",
    "corroboration",
    "contradiction",
    "pattern",
    "detail",
)
SPEAKS: Final = ("for", "against", "unknown")
AGREEING: Final = 3
"""So many sources of independent origin make an allegation plausible, whatever each is worth."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """One allegation as a post weighed it."""

    route: str
    standard: str
    factors: Mapping[str, str]

    @property
    def grave(self) -> bool:
        """Whether it stands for grave violations: on a route, with substantial grounds."""
        return self.route != "none" and self.standard == "substantial_grounds"


def mistakes(weighed: Weighed, independent_sources: int) -> tuple[str, ...]:
    """Codes for what cannot be kept as it is.

    Substantial grounds rest on more than one anonymous voice (SETTLED 42): either two sources of
    independent origin, or at least two factors that speak for it and none unanswered.
    """
    found: list[str] = []
    if weighed.route not in ROUTES:
        found.append("no_route")
    if weighed.standard not in STANDARDS:
        found.append("no_standard")
    if set(weighed.factors) != set(FACTORS) or not set(weighed.factors.values()) <= set(SPEAKS):
        found.append("factors_missing")
    elif weighed.grave and independent_sources < 2 and not _well_founded(weighed.factors):
        found.append("one_voice")
    return tuple(found)


def _well_founded(factors: Mapping[str, str]) -> bool:
    said = list(factors.values())
    return said.count("for") >= 2 and "unknown" not in said

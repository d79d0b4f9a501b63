"""What an effect may say, and which effects a yes has to answer for.

The vocabulary of how harm and help travel: five patterns of transfers and four of messages
(CDA, Do No Harm), and the ways of a peace operation beside them.
"""

from __future__ import annotations

from typing import Final

MOST_ORDER: Final = 3
"""Each order asks “then what would people do?”. Beyond the third nobody foresees anything."""

TRANSFERS: Final = ("theft", "market", "distribution", "substitution", "legitimisation")
MESSAGES: Final = ("respect", "accountability", "fairness", "transparency")
MECHANISMS: Final = (
    *TRANSFERS,
    *MESSAGES,
    "force",
    "custody",
    "reprisal",
    "absence",
    "opportunity_cost",
)
"""How an effect comes about. `reprisal` stands for what follows from information too."""

HORIZONS: Final = ("soon", "weeks", "months", "years")
LIKELIHOODS: Final = ("unlikely", "possible", "likely")
SERIOUSNESS: Final = ("slight", "serious", "grave")
REVERSIBLE: Final = ("yes", "hard", "no")

AS_PROPOSED: Final = "as_proposed"
DO_NOTHING: Final = "do_nothing"
"""The ways that effects are asked of; any other way is named in words."""

SIGNS: Final = ("seen", "not_seen", "could_not_tell")
"""What a look answers to a signpost."""

SERIOUS: Final = frozenset({"serious", "grave"})
NOT_UNLIKELY: Final = frozenset({"possible", "likely"})


def must_be_met(*, good: bool, seriousness: str, likelihood: str, option: str) -> bool:
    """Whether a yes waits until the effect is met by a commitment or accepted in words.

    What another way would bring, or doing nothing, is compared with it and not approved by it.
    """
    return (
        not good and seriousness in SERIOUS and likelihood in NOT_UNLIKELY and option == AS_PROPOSED
    )


def one_sided(benefits: int, harms: int) -> bool:
    """No harm found, or nothing but harm: the sign of a list that somebody else should read."""
    return not (benefits and harms)


def pathway(protocol: str, code: str) -> str:
    """What a protocol's pathway of harm is called beside those of other protocols."""
    return f"{protocol}.{code}"

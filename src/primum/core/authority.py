"""Who may make which move at which stakes, and what a blocked post is told. One table each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from primum.core.vocabulary import Actor, Level, Stakes, Verb

OWNER = "owner"
"""Stands in the table for the activity's owner post, whatever its duties."""
LOOKER = "looker"
"""The post a look is due from."""
VERIFIER = "verifier"
"""The post that checks a commitment."""
SIGNER = "signer"
"""The person whose signature a decision bears that another post recorded; never their post."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One row: posts with `duty` may make `verb`, for stakes up to `up_to`."""

    verb: Verb
    duty: str
    up_to: Stakes = Stakes.LEADERSHIP


TABLE: tuple[Grant, ...] = (
    Grant(Verb.PROPOSE, "requests"),
    Grant(Verb.ASSESS, "assesses"),
    Grant(Verb.ADVISE, "advises"),
    Grant(Verb.DECIDE, "decides_ordinary", Stakes.ORDINARY),
    Grant(Verb.DECIDE, "decides_high", Stakes.HIGH),
    Grant(Verb.DECIDE, "decides_leadership"),
    Grant(Verb.DELIVER, OWNER),
    Grant(Verb.FINISH, OWNER),
    Grant(Verb.LOOK, LOOKER),
    Grant(Verb.ANSWER, VERIFIER),
    # Stopping harm is never waited for: each of these posts stops at any stakes.
    Grant(Verb.SUSPEND, "suspends"),
    Grant(Verb.RESUME, "decides_ordinary", Stakes.ORDINARY),
    Grant(Verb.RESUME, "decides_high", Stakes.HIGH),
    Grant(Verb.RESUME, "decides_leadership"),
    # Whoever asked for it asks to go on, or again; so may those who assess it.
    Grant(Verb.RENEW, OWNER),
    Grant(Verb.RENEW, "assesses"),
    Grant(Verb.WITHDRAW, OWNER),
    Grant(Verb.WITHDRAW, "suspends"),
    Grant(Verb.LAPSE, "clock"),
    Grant(Verb.CLOSE, OWNER),
    Grant(Verb.CLOSE, "assesses"),
    Grant(Verb.CLOSE_EARLY, "decides_ordinary", Stakes.ORDINARY),
    Grant(Verb.CLOSE_EARLY, "decides_high", Stakes.HIGH),
    Grant(Verb.CLOSE_EARLY, "decides_leadership"),
    Grant(Verb.REOPEN, OWNER),
    Grant(Verb.REOPEN, "assesses"),
    Grant(Verb.REOPEN, "suspends"),
    Grant(Verb.DISOWN, SIGNER),
)

PASSES_UP: frozenset[str] = frozenset(
    {"assesses", "advises", "suspends", "staffs_posts", "confirms_matches"}
    | {"decides_ordinary", "decides_high", "decides_leadership"}
)
"""The duties of an empty post that the post its work falls to has meanwhile (law 9).

What waits for nobody (to request, to audit) and what is a sight and no work (the widest seal, the
vault's keys) stays with the chair. Deciding passes up to a supervisor's post and never sideways:
whoever seats people would otherwise empty the highest chair and decide in it.
"""

DECIDER: dict[Stakes, str] = {
    Stakes.ORDINARY: "decides_ordinary",
    Stakes.HIGH: "decides_high",
    Stakes.LEADERSHIP: "decides_leadership",
}
"""On whose desk a decision lands. Those above may always decide in their place."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A check that counts sealed rows too, and what the post it blocks is shown."""

    name: str
    counts: str
    shown: str


GATES: tuple[Gate, ...] = (
    Gate(
        "close",
        "looks (those a second reader has not read too), commitments (those nobody could check too)"
        " and breaches, whatever their seal",
        "how many are open and when they are due (a month for unannounced looks); no content",
    ),
    Gate(
        "deliver",
        "commitments due before delivery, whatever their seal",
        "how many are unmet and when they are due; no content",
    ),
    Gate(
        "record",
        "when commitments due before delivery were not met, whatever their seal",
        "that the delivery came before they were met; no content",
    ),
    Gate(
        "stop",
        "suspensions of the line, its unit, a commander of it or all above it, and the ties that"
        " lead there, whatever their seal",
        "that the line is stopped, how widely and since when; neither by whom nor why",
    ),
    Gate(
        "command",
        "who commands the unit and what it is called, as registered, whatever its seal",
        "that one of them changed and since when; not who or to what",
    ),
    Gate(
        "renew",
        "looks that are due, commitments that are late or that nobody could check, whatever their"
        " seal",
        "how many there are and when they were due (a month for unannounced looks); no content",
    ),
    Gate(
        "lease",
        "required looks and before-delivery commitments, whatever their seal",
        "the day the lease ends",
    ),
    Gate(
        "decide",
        "whether the widest-sealed human-rights post has advised on this assessment, and who"
        " assessed and advised",
        "that advice is awaited, never what it says before it is given; to whoever assessed or"
        " advised, that somebody else decides",
    ),
    Gate(
        "effects",
        "pathways confirmed or struck, one-sided lists read twice, serious harms met or accepted,"
        " whatever their seal",
        "that one of them is missing; neither which nor how many",
    ),
)


def may(actor: Actor, verb: Verb, stakes: Stakes, roles: frozenset[str] = frozenset()) -> bool:
    """True when a row of the table lets `actor` make `verb` at `stakes`.

    `roles` are what the actor is to this very case: owner, looker, verifier.
    """
    held = actor.duties | roles
    return any(
        grant.verb is verb and grant.duty in held and stakes <= grant.up_to for grant in TABLE
    )


def is_own_case(actor: Actor, proposer_person: object, proposer_post: object) -> bool:
    """Nobody decides on what their post or person proposed, 90 days of holdings included."""
    return (
        actor.person == proposer_person
        or actor.post == proposer_post
        or proposer_post in actor.recent_posts
    )


@dataclass(frozen=True, slots=True)
class StakesLimits:
    """A mission's limits (SETTLED 38): people, and US dollars for one case and twelve months."""

    people: int
    value_usd: int
    party_year_usd: int
    leadership_year_usd: int


@dataclass(frozen=True, slots=True)
class Size:
    """What a case brings, and what the same parties received in twelve months before it."""

    kinds: frozenset[str]
    lethal: bool
    people: int
    value_usd: int
    party_year_usd: int
    suspended_lately: bool = False
    """Suspended, or interceded with, in the last two years."""


@dataclass(frozen=True, slots=True)
class Amount:
    """What one request brings by the two measures that an ordinary one is limited in."""

    people: int
    value_usd: int


def split_under_a_limit(own: Amount, others: Iterable[Amount], limits: StakesLimits) -> bool:
    """True when requests that each stay under an ordinary limit pass it together.

    A request that passes a limit by itself already goes higher for it: it is left out.
    """
    every = tuple(others)
    people = [each.people for each in every if each.people <= limits.people]
    values = [each.value_usd for each in every if each.value_usd < limits.value_usd]
    crowd = own.people <= limits.people < own.people + sum(people)
    price = own.value_usd < limits.value_usd <= own.value_usd + sum(values)
    return crowd or price


HEAVY_KINDS = frozenset({"joint_operation", "operational"})


def stakes(highest: Level, hard_stop: bool, size: Size, limits: StakesLimits) -> Stakes:
    """How high the decision must go. Computed from the level and the size, never chosen.

    `highest` is the upper end of the Ruling: what is unknown counts as it could turn out.
    """
    year = size.party_year_usd + size.value_usd
    if (
        highest >= Level.HIGH
        or hard_stop
        or size.kinds & HEAVY_KINDS
        or size.suspended_lately
        or year > limits.leadership_year_usd
    ):
        return Stakes.LEADERSHIP
    small = (
        highest is Level.LOW
        and not size.lethal
        and size.people <= limits.people
        and size.value_usd < limits.value_usd
        and year < limits.party_year_usd
    )
    return Stakes.ORDINARY if small else Stakes.HIGH


READS_WORDS = frozenset({"advises", "assesses", "protection_officer"})
"""Duties whose posts read what a requester or recipient is told, before it goes: they know who
spoke, or whom speaking endangers."""

READS_LOOKS = frozenset({"verifies", "assesses", "advises"})
"""Duties whose posts read a look after whoever made it, and say whether it is enough to rely on."""

LOOKS = frozenset({"field_monitor", "verifies", "assesses", "protection_officer"})
"""Duties whose posts may look where nobody planned to."""

READS_EFFECTS = frozenset({"advises", "assesses", "protection_officer", "verifies"})
"""Duties whose posts read a one-sided list of effects a second time."""

READS_LEADERSHIP = frozenset(
    {"leadership", "audits", "assesses", "advises", "decides_ordinary", "records_on_behalf"}
)
"""Whose the leadership's page is. A proposer's duties are not among them: who decides a case tells
what was found."""

PROTOCOLS: dict[str, frozenset[str]] = {
    "propose": frozenset({"steward"}),
    "publish": frozenset({"publishes", "decides_leadership"}),
    "loosen": frozenset({"decides_leadership"}),
}
"""Who writes the mission's policy, who puts it in force, and who may loosen a hard stop."""


def may_with_protocols(actor: Actor, what: str) -> bool:
    """True when one of the actor's duties lets it `propose`, `publish` or `loosen` a protocol."""
    return bool(actor.duties & PROTOCOLS[what])


KEEPS_FACILITIES = frozenset({"assesses", "verifies"})
"""Duties whose posts write down what a building is for and in whose hands it is: they look at it,
or weigh what was promised there."""
READS_HANDOVERS = frozenset({"staffs_posts"})
"""Duties that open the hand-over and the queue of every post. Otherwise the post itself does, and
the post above it, or whichever its work falls to."""

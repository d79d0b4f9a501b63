"""Who may make which move, whose case it is, and how high a decision must go."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primum.core import authority
from primum.core.authority import (
    DECIDER,
    GATES,
    HEAVY_KINDS,
    PASSES_UP,
    TABLE,
    Amount,
    Size,
    StakesLimits,
    split_under_a_limit,
    stakes,
)
from primum.core.vocabulary import Actor, Level, Stakes, Verb
from primum.protocols import mission

UNISAR = mission.read("unisar")
LIMITS = UNISAR.stakes
POSTS = {post["code"]: frozenset(post["duties"]) for post in UNISAR.posts}
DUTIES = frozenset(duty for duties in POSTS.values() for duty in duties)
ROLES = frozenset({"owner", "looker", "verifier", "signer"})

ORDINARY, HIGH, LEADERSHIP = Stakes
WHO: dict[Verb, dict[str, Stakes]] = {
    Verb.PROPOSE: {"requests": LEADERSHIP},
    Verb.ASSESS: {"assesses": LEADERSHIP},
    Verb.ADVISE: {"advises": LEADERSHIP},
    Verb.DECIDE: {
        "decides_ordinary": ORDINARY,
        "decides_high": HIGH,
        "decides_leadership": LEADERSHIP,
    },
    Verb.DELIVER: {"owner": LEADERSHIP},
    Verb.LOOK: {"looker": LEADERSHIP},
    Verb.ANSWER: {"verifier": LEADERSHIP},
    Verb.FINISH: {"owner": LEADERSHIP},
    Verb.SUSPEND: {"suspends": LEADERSHIP},
    Verb.RESUME: {
        "decides_ordinary": ORDINARY,
        "decides_high": HIGH,
        "decides_leadership": LEADERSHIP,
    },
    Verb.RENEW: {"owner": LEADERSHIP, "assesses": LEADERSHIP},
    Verb.WITHDRAW: {"owner": LEADERSHIP, "suspends": LEADERSHIP},
    Verb.LAPSE: {"clock": LEADERSHIP},
    Verb.CLOSE: {"owner": LEADERSHIP, "assesses": LEADERSHIP},
    Verb.CLOSE_EARLY: {
        "decides_ordinary": ORDINARY,
        "decides_high": HIGH,
        "decides_leadership": LEADERSHIP,
    },
    Verb.REOPEN: {"owner": LEADERSHIP, "assesses": LEADERSHIP, "suspends": LEADERSHIP},
    Verb.DISOWN: {"signer": LEADERSHIP},
}
"""Verb -> who, up to which stakes: written down once more, on purpose."""


def holder(duties: frozenset[str] = frozenset()) -> Actor:
    return Actor(uuid4(), uuid4(), duties)


class TestTable:
    def test_says_who_may_what(self) -> None:
        """Each row of the table is one that was agreed, and none is missing."""
        listed: dict[Verb, dict[str, Stakes]] = {}
        for grant in TABLE:
            listed.setdefault(grant.verb, {})[grant.duty] = grant.up_to
        assert listed == WHO
        assert len(TABLE) == sum(len(duties) for duties in WHO.values())

    @pytest.mark.parametrize("verb", Verb)
    def test_nobody_else_may(self, verb: Verb) -> None:
        """A duty or role moves exactly what its row says, up to the stakes its row says."""
        for duty in DUTIES | ROLES:
            duties, roles = frozenset({duty}) & DUTIES, frozenset({duty}) & ROLES
            for height in Stakes:
                allowed = duty in WHO[verb] and height <= WHO[verb][duty]
                assert authority.may(holder(duties), verb, height, roles) is allowed, (duty, height)

    def test_without_a_duty_nothing_moves(self) -> None:
        """A post without duties makes no move at all, however low the stakes."""
        assert not any(authority.may(holder(), verb, ORDINARY) for verb in Verb)

    def test_every_verb_has_somebody(self) -> None:
        """Each verb has a row: there is no move that nobody can make."""
        assert {grant.verb for grant in TABLE} == set(Verb)

    def test_the_duties_are_those_of_the_mission(self) -> None:
        """No row names a duty that no post of the mission carries."""
        assert {grant.duty for grant in TABLE} <= DUTIES | ROLES


class TestMissionPosts:
    """The table as the posts of UNISAR meet it."""

    def who(self, verb: Verb, height: Stakes) -> set[str]:
        return {
            code for code, duties in POSTS.items() if authority.may(holder(duties), verb, height)
        }

    @pytest.mark.parametrize(
        ("height", "posts"),
        [
            (ORDINARY, {"head-of-office-kodwel", "deputy-head-of-mission", "head-of-mission"}),
            (HIGH, {"deputy-head-of-mission", "head-of-mission"}),
            (LEADERSHIP, {"head-of-mission"}),
        ],
    )
    def test_who_decides(self, height: Stakes, posts: set[str]) -> None:
        """Head of office, deputy, head of mission; those above may always decide in their place."""
        assert self.who(Verb.DECIDE, height) == posts
        assert self.who(Verb.RESUME, height) == posts

    def test_who_stops(self) -> None:
        """Stopping harm is never waited for: the head of office stops what the leader approved."""
        stoppers = {"head-of-office-kodwel", "deputy-head-of-mission", "head-of-mission"}
        assert self.who(Verb.SUSPEND, LEADERSHIP) == stoppers

    def test_only_the_clock_lapses(self) -> None:
        """No person's post lapses an approval, at any stakes."""
        assert {code for height in Stakes for code in self.who(Verb.LAPSE, height)} == {"clock"}

    @pytest.mark.parametrize("height", Stakes)
    def test_a_decision_lands_where_it_may_be_taken(self, height: Stakes) -> None:
        """The post on whose desk a decision lands may take it, and is the lowest that may."""
        landing = {code for code, duties in POSTS.items() if DECIDER[height] in duties}
        assert landing and landing <= self.who(Verb.DECIDE, height)
        if height < LEADERSHIP:
            assert not landing & self.who(Verb.DECIDE, Stakes(height + 1))

    def test_nobody_assesses_and_decides(self) -> None:
        """No post of the mission both asks, weighs or advises, and decides: by duties alone."""
        for duties in POSTS.values():
            judging = {"requests", "assesses", "advises"} & duties
            assert not (judging and {"decides_ordinary", "decides_high"} & duties)
            assert not (judging and "decides_leadership" in duties)


def test_what_passes_up_is_work_that_waits() -> None:
    """A sight, the vault's keys, asking and auditing stay with the chair, and so does the clock."""
    assert PASSES_UP <= DUTIES
    stays = {"widest_seal", "protection_officer", "requests", "audits", "clock", "leadership"}
    assert not PASSES_UP & stays


class TestOwnCase:
    MINE: UUID = uuid4()
    POST: UUID = uuid4()

    def test_a_stranger_to_the_case_judges_it(self) -> None:
        """Somebody who neither proposed it nor held the post that did may judge."""
        assert not authority.is_own_case(holder(), self.MINE, self.POST)

    @pytest.mark.parametrize(
        "actor",
        [
            pytest.param(Actor(MINE, uuid4(), frozenset()), id="who proposed it, in another post"),
            pytest.param(Actor(uuid4(), POST, frozenset()), id="the successor in the post"),
            pytest.param(
                Actor(uuid4(), uuid4(), frozenset(), frozenset({POST, uuid4()})),
                id="who held or covered the post lately",
            ),
        ],
    )
    def test_nobody_judges_their_own(self, actor: Actor) -> None:
        """Person, post, and every post held in the last 90 days each make it one's own case."""
        assert authority.is_own_case(actor, self.MINE, self.POST)

    def test_another_post_held_lately_does_not_matter(self) -> None:
        """Only the post that proposed counts, not every post one has had."""
        actor = Actor(uuid4(), uuid4(), frozenset(), frozenset({uuid4()}))
        assert not authority.is_own_case(actor, self.MINE, self.POST)


SMALL = Size(frozenset({"training_advisory"}), lethal=False, people=40, value_usd=49_999,
             party_year_usd=0)  # fmt: skip


class TestStakes:
    """SETTLED 38, with the limits that mission.yaml ships."""

    def test_the_limits_are_those_that_were_settled(self) -> None:
        """Forty people, 50,000 and 200,000 dollars; over a million is the leadership's."""
        assert UNISAR.stakes == StakesLimits(40, 50_000, 200_000, 1_000_000)

    def test_small_and_low_is_ordinary(self) -> None:
        """Low, nothing lethal, forty people, just under 50,000 dollars: the head of office."""
        assert stakes(Level.LOW, False, SMALL, LIMITS) is ORDINARY

    @pytest.mark.parametrize(
        ("height", "more"),
        [
            (ORDINARY, {"people": 40}),
            (HIGH, {"people": 41}),
            (ORDINARY, {"value_usd": 49_999}),
            (HIGH, {"value_usd": 50_000}),
            (ORDINARY, {"party_year_usd": 150_000}),
            (HIGH, {"party_year_usd": 150_001}),
            (HIGH, {"lethal": True}),
            (HIGH, {"party_year_usd": 950_001}),
            (LEADERSHIP, {"party_year_usd": 950_002}),
            (HIGH, {"value_usd": 1_000_000}),
            (LEADERSHIP, {"value_usd": 1_000_001}),
            (LEADERSHIP, {"suspended_lately": True}),
        ],
    )
    def test_each_limit(self, height: Stakes, more: dict[str, int]) -> None:
        """One step over one limit is enough; this case and its party's year add up."""
        assert stakes(Level.LOW, False, replace(SMALL, **more), LIMITS) is height  # type: ignore[arg-type]

    @pytest.mark.parametrize("kind", sorted(HEAVY_KINDS))
    def test_one_heavy_part_governs(self, kind: str) -> None:
        """A joint operation or operational support, alone or among other parts, goes to the top."""
        size = replace(SMALL, kinds=SMALL.kinds | {kind})
        assert stakes(Level.LOW, False, size, LIMITS) is LEADERSHIP

    @pytest.mark.parametrize(
        ("level", "height"),
        [
            (Level.LOW, ORDINARY),
            (Level.MEDIUM, HIGH),
            (Level.HIGH, LEADERSHIP),
            (Level.BARRED, LEADERSHIP),
        ],
    )
    def test_each_level(self, level: Level, height: Stakes) -> None:
        """A level that is not low is never ordinary; high and barred are the leadership's."""
        assert stakes(level, False, SMALL, LIMITS) is height

    def test_a_hard_stop_goes_to_the_leadership(self) -> None:
        """Past a hard stop only the leadership goes, whatever level stands beside it."""
        assert stakes(Level.LOW, True, SMALL, LIMITS) is LEADERSHIP


KINDS = ("training_advisory", "financial", "operational", "joint_operation", "infrastructure")
sizes = st.builds(
    Size,
    kinds=st.frozensets(st.sampled_from(KINDS), min_size=1),
    lethal=st.booleans(),
    people=st.integers(0, 60),
    value_usd=st.sampled_from((0, 49_999, 50_000, 199_999, 200_000, 1_000_000, 1_000_001)),
    party_year_usd=st.sampled_from((0, 150_000, 199_999, 200_000, 999_999, 1_000_000)),
    suspended_lately=st.booleans(),
)


@settings(derandomize=True, database=None)
@given(sizes, sizes, st.sampled_from(Level), st.sampled_from(Level), st.booleans())
def test_more_never_means_lower(
    one: Size, other: Size, level: Level, higher: Level, stop: bool
) -> None:
    """Adding support, people, money, danger or a bad year never lowers the stakes."""
    both = Size(
        kinds=one.kinds | other.kinds,
        lethal=one.lethal or other.lethal,
        people=one.people + other.people,
        value_usd=one.value_usd + other.value_usd,
        party_year_usd=one.party_year_usd + other.party_year_usd,
        suspended_lately=one.suspended_lately or other.suspended_lately,
    )
    before = stakes(min(level, higher), False, one, LIMITS)
    assert stakes(max(level, higher), stop, both, LIMITS) >= before


NOTHING = Size(frozenset(), lethal=False, people=0, value_usd=0, party_year_usd=0)


@settings(derandomize=True, database=None)
@given(sizes, st.sampled_from(Level), st.booleans())
def test_stakes_are_the_higher_of_level_and_size(size: Size, level: Level, stop: bool) -> None:
    """So what a size has grown to can be compared with stakes computed on another day."""
    by_level = stakes(level, stop, NOTHING, LIMITS)
    by_size = stakes(Level.LOW, False, size, LIMITS)
    assert stakes(level, stop, size, LIMITS) is max(by_level, by_size)


class TestSplit:
    """Several requests to the same parties that would be one, were they not several."""

    @pytest.mark.parametrize(
        ("own", "others", "split"),
        [
            ((20, 49_999), [], False),
            ((20, 25_000), [(20, 24_999)], False),
            ((20, 25_000), [(20, 25_000)], True),
            ((20, 1), [(20, 1)], False),
            ((20, 1), [(20, 1), (1, 1)], True),
            ((20, 50_000), [(10, 10_000)], False),
            ((20, 10_000), [(10, 60_000)], False),
            ((20, 10_000), [(10, 60_000), (5, 40_000)], True),
            ((41, 10_000), [(30, 10_000)], False),
            ((0, 0), [(40, 49_999)], False),
        ],
    )
    def test_each_limit(
        self, own: tuple[int, int], others: list[tuple[int, int]], split: bool
    ) -> None:
        """Together over one limit that each alone stays under; a large one goes high by itself."""
        beside = [Amount(*each) for each in others]
        assert split_under_a_limit(Amount(*own), beside, LIMITS) is split


@settings(derandomize=True, database=None)
@given(sizes, st.sampled_from(Level), st.booleans(), st.integers(0, 1_000_000))
def test_what_was_given_before_counts_as_if_given_now(
    size: Size, level: Level, stop: bool, given_before: int
) -> None:
    """Cutting a request in two never takes it below what the year as a whole has earned."""
    whole = replace(size, value_usd=size.value_usd + given_before)
    rest = replace(size, party_year_usd=size.party_year_usd + given_before)
    year_alone = stakes(level, stop, replace(whole, value_usd=0,
                        party_year_usd=whole.value_usd + whole.party_year_usd), LIMITS)  # fmt: skip
    assert stakes(level, stop, rest, LIMITS) >= year_alone
    assert (stakes(level, stop, whole, LIMITS) is LEADERSHIP) == (
        stakes(level, stop, rest, LIMITS) is LEADERSHIP
    )


def test_every_gate_says_what_the_blocked_post_is_shown() -> None:
    """Law 6: each check that counts sealed rows has one line, and it promises no content."""
    assert {gate.name for gate in GATES} == {
        *("close", "deliver", "record", "lease", "decide"),
        *("stop", "command", "renew", "effects"),
    }
    assert len(GATES) == len({gate.name for gate in GATES})
    for gate in GATES:
        assert gate.counts and gate.shown

"""Weighs answers and facts by a protocol. Pure and total: the same values give the same Ruling."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from primum.core.protocol.answers import Answers, asked
from primum.core.protocol.expression import holds, open_names
from primum.core.protocol.facts import FACTS, Facts
from primum.core.protocol.model import CommitmentOffer, Condition, LookPlan, Protocol, Rule
from primum.core.protocol.values import UNREAD, Value, plain_value
from primum.core.vocabulary import HardStop, Level, Reason, Recommendation, Ruling

SEMANTICS: Final = 1
"""The way of weighing used today. Old Rulings name theirs and can be weighed again by it."""

WORDS_KEPT_APART: Final = "…"
"""Stands in a snapshot for an answer no rule reads, which lives in a row that can be erased."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the protocol proposes for these answers: what to ask for and when to look."""

    commitments: tuple[CommitmentOffer, ...]
    looks: tuple[LookPlan, ...]
    watch_days: int
    """How long to watch: as the protocol says, and no shorter than the last look and its grace."""


def weigh(
    protocol: Protocol, answers: Answers, facts: Facts | None = None, semantics: int = SEMANTICS
) -> Ruling:
    """The Ruling of `protocol` on `answers` and `facts`.

    Level. Each rule is true, false or, while names it needs are unknown, open (Kleene logic: sound,
    a little coarser than trying every completion). `lowest` is the gravest level of a true rule,
    low if none is; `highest` adds the open rules. More knowledge never widens the interval.

    Reasons. Every true rule, certain; every open rule that would raise the level above `lowest`,
    not certain. Hard stops likewise, but an open one counts whatever its level. `open_questions`
    are the names those open rules wait for, then the required questions not known.

    `expected` is the same interval without the rules that a proposed commitment meets. Commitments
    are proposed without facts: that one is asked for may tell nothing of what is on record.

    Recommendation, the first that applies:
    1. `no`: a hard stop is certain, or `lowest` is barred;
    2. `not_yet`: no question at all is answered; or a required question that is asked is not
       known (a reasoned "I don't know" is still not known); or a hard stop is open; or a true rule
       says that more must be known first; or an open rule could raise the level to high or barred;
    3. `go_with_conditions`: `highest` is medium or more, or the protocol offers a commitment whose
       condition is not surely false;
    4. `go`.

    A `semantics` this house never had is a ValueError; nothing else is raised.
    """
    if semantics not in _WEIGHERS:
        raise ValueError(f"no way of weighing has the number {semantics}")
    return _WEIGHERS[semantics](protocol, answers, facts or {})


def plan(protocol: Protocol, answers: Answers, facts: Facts | None = None) -> Plan:
    """The commitments and looks to propose: all whose condition is not surely false."""
    known = {**(facts or {}), **answers.names}
    looks = tuple(look for look in protocol.looks if _may_hold(look.when, known))
    last = max((max(look.after_days, default=0) + look.grace_days for look in looks), default=0)
    return Plan(
        commitments=_proposed(protocol, known),
        looks=looks,
        watch_days=max(protocol.watch_days, last),
    )


def _weigh_1(protocol: Protocol, answers: Answers, facts: Facts) -> Ruling:
    given = answers.names
    known = {**facts, **given}
    outcome = {rule.id: holds(rule.when.expression, known) for rule in protocol.rules}
    true = [rule for rule in protocol.rules if outcome[rule.id] is True]
    unknown = [rule for rule in protocol.rules if outcome[rule.id] is None]
    lowest = max((rule.level for rule in true), default=Level.LOW)
    raising = [rule for rule in unknown if rule.level > lowest]
    highest = max((rule.level for rule in raising), default=lowest)
    stops = _hard_stops(protocol, outcome)
    required = tuple(
        question.id
        for question in asked(protocol, answers)
        if question.required and question.id not in answers.known
    )
    incomplete = bool(required) or not answers.known or any(rule.asks_first for rule in true)
    recommendation = _recommend(protocol, known, (lowest, highest), stops, incomplete)
    waiting = raising + [rule for rule in unknown if rule.id in protocol.stops]
    proposed = _proposed(protocol, given)
    return Ruling(
        protocol=protocol.id,
        version=protocol.version,
        semantics=1,
        lowest=lowest,
        highest=highest,
        recommendation=recommendation,
        reasons=_reasons(true, certain=True) + _reasons(raising, certain=False),
        hard_stops=stops,
        open_questions=_open(protocol, waiting, known, required),
        expected=_expected(proposed, true, unknown),
        commitments=tuple(offer.id for offer in proposed),
        advises=tuple(sorted(protocol.advises)),
        decides={stakes.word: tuple(sorted(who)) for stakes, who in protocol.decides.items()},
        snapshot=_snapshot(protocol, answers, facts),
    )


def _expected(
    proposed: Iterable[CommitmentOffer], true: Iterable[Rule], unknown: Iterable[Rule]
) -> tuple[Level, Level]:
    met = frozenset().union(*(offer.meets for offer in proposed))
    lowest = max((rule.level for rule in true if rule.id not in met), default=Level.LOW)
    return lowest, max([lowest, *(rule.level for rule in unknown if rule.id not in met)])


def _recommend(
    protocol: Protocol,
    known: Mapping[str, Value],
    interval: tuple[Level, Level],
    stops: Iterable[HardStop],
    incomplete: bool,
) -> Recommendation:
    lowest, highest = interval
    certainties = {stop.certain for stop in stops}
    if True in certainties or lowest is Level.BARRED:
        return Recommendation.NO
    open_above = lowest < highest and highest >= Level.HIGH
    if incomplete or certainties or open_above:
        return Recommendation.NOT_YET
    if highest > Level.LOW or any(_may_hold(c.when, known) for c in protocol.commitments):
        return Recommendation.GO_WITH_CONDITIONS
    return Recommendation.GO


def _reasons(rules: Iterable[Rule], *, certain: bool) -> tuple[Reason, ...]:
    # In an order of their own, so that moving a rule within its file changes no Ruling.
    return tuple(
        Reason(rule.id, rule.level, rule.says, rule.cites, rule.audience, certain)
        for rule in sorted(rules, key=lambda rule: (-rule.level, rule.id))
    )


def _hard_stops(protocol: Protocol, outcome: Mapping[str, bool | None]) -> tuple[HardStop, ...]:
    stops = [
        HardStop(stop.rule, stop.passable_word, stop.says, outcome[stop.rule] is True)
        for stop in protocol.hard_stops
        if outcome[stop.rule] is not False
    ]
    return tuple(sorted(stops, key=lambda stop: (not stop.certain, stop.rule)))


def _open(
    protocol: Protocol,
    waiting: Iterable[Rule],
    known: Mapping[str, Value],
    required: Iterable[str],
) -> tuple[str, ...]:
    wanted = frozenset().union(*(open_names(r.when.expression, known) for r in waiting))
    names = {*required, *(protocol.question_of.get(name, name) for name in wanted)}
    return tuple(name for name in (*protocol.by_id, *FACTS) if name in names)


def _snapshot(protocol: Protocol, answers: Answers, facts: Facts) -> Mapping[str, object]:
    return {
        "answers": {
            question.id: _plain_answer(protocol, question.id, answers.known[question.id])
            for question in protocol.questions
            if question.id in answers.known
        },
        "facts": {
            name: plain_value(fact.domain, facts[name]) if name in facts else None
            for name, fact in FACTS.items()
            if name in protocol.weighed
        },
    }


def _plain_answer(protocol: Protocol, name: str, value: Value) -> object:
    domain = protocol.by_id[name].domain
    return WORDS_KEPT_APART if domain.kind in UNREAD else plain_value(domain, value)


def _proposed(protocol: Protocol, known: Mapping[str, Value]) -> tuple[CommitmentOffer, ...]:
    return tuple(offer for offer in protocol.commitments if _may_hold(offer.when, known))


def _may_hold(when: Condition | None, known: Mapping[str, Value]) -> bool:
    return when is None or holds(when.expression, known) is not False


_WEIGHERS: Final[Mapping[int, Callable[[Protocol, Answers, Facts], Ruling]]] = {1: _weigh_1}

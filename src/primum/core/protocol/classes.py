"""The finitely many kinds of value a name may have, as far as any rule can tell them apart.

Every comparison is one name against constants, so numbers and days fall into finitely many classes,
cut at the constants that rules name, and any question about all possible answers can be settled
by trying one value of each class.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, product
from math import prod

from primum.core.protocol.expression import (
    And,
    Comparison,
    Expression,
    Not,
    Op,
    Or,
    holds,
    names_in,
)
from primum.core.protocol.values import Domain, Kind, Range, Value

MOST_OPTIONS = 8
"""Options of one several-choice question told apart by rules; more makes thousands of classes."""
MOST_CASES = 20_000
Case = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class ValueClass:
    """Values that no rule tells apart: one of them to try, and all of them to show.

    Numbers and days are shown by bounds: `above` and `below` are excluded, None is open.
    """

    value: Value
    options: tuple[str, ...] = ()
    above: str | None = None
    below: str | None = None


def comparisons(expressions: Iterable[Expression]) -> Mapping[str, tuple[Comparison, ...]]:
    """Every comparison made with each name, in a steady order."""
    found: dict[str, dict[Comparison, None]] = {}
    for expression in expressions:
        for comparison in _each(expression):
            found.setdefault(comparison.name, {})[comparison] = None
    return {name: tuple(each) for name, each in found.items()}


def classes(domain: Domain, compared: Iterable[Comparison]) -> tuple[ValueClass, ...]:
    """One class for each way the comparisons can turn out together."""
    told = tuple(compared)
    match domain.kind:
        case Kind.YES_NO | Kind.CHOICE:
            found = [ValueClass(option, (option,)) for option in domain.options]
        case Kind.SEVERAL:
            found = list(_subsets(domain, told))
        case Kind.NUMBER | Kind.MONEY:
            found = list(_numbers(told))
        case Kind.DATE:
            found = list(_days(told))
        case _:
            found = []
    return _merged(found, told)


def cases(
    domains: Mapping[str, Domain],
    expressions: Iterable[Expression],
    only: Collection[str] | None = None,
) -> list[Case] | None:
    """Every case the expressions can tell apart by the names `only`; None when too many to try."""
    choices: dict[str, tuple[ValueClass, ...]] = {}
    for name, compared in comparisons(expressions).items():
        if only is not None and name not in only:
            continue
        if len({each for each in compared if each.op is Op.HAS}) > MOST_OPTIONS:
            return None
        choices[name] = classes(domains[name], compared)
    if prod(len(each) for each in choices.values()) > MOST_CASES:
        return None
    return [
        dict(zip(choices, (each.value for each in values), strict=True))
        for values in product(*choices.values())
    ]


def implied(domains: Mapping[str, Domain], first: Expression, then: Expression) -> Case | None:
    """A case where both hold, if `then` holds wherever `first` does; None if not, or not known.

    Tried over the names of `first` alone: what else `then` waits for must not matter to it.
    """
    found: Case | None = None
    for case in cases(domains, (first, then), only=names_in(first)) or ():
        if holds(first, case):
            if holds(then, case) is not True:
                return None
            found = found or case
    return found


def _each(expression: Expression) -> Iterator[Comparison]:
    match expression:
        case Comparison():
            yield expression
        case Not(part):
            yield from _each(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _each(part)


def _subsets(domain: Domain, told: tuple[Comparison, ...]) -> Iterator[ValueClass]:
    """Every choice among the options that rules name; another option stands for “none of them”."""
    named = {str(c) for comparison in told for c in comparison.constants if comparison.op is Op.HAS}
    listed = [option for option in domain.options if option in named][:MOST_OPTIONS]
    other = next((option for option in domain.options if option not in named), None)
    for size in range(len(listed) + 1):
        for chosen in combinations(listed, size):
            options = chosen or ((other,) if other else ())
            if options:
                yield ValueClass(frozenset(options), options)


def _numbers(told: tuple[Comparison, ...]) -> Iterator[ValueClass]:
    cuts = sorted(
        {c for comparison in told for c in comparison.constants if isinstance(c, Decimal)}
    )
    yield from _between(cuts, Decimal(1))


def _days(told: tuple[Comparison, ...]) -> Iterator[ValueClass]:
    cuts = sorted({c for comparison in told for c in comparison.constants if isinstance(c, date)})
    for at, cut in enumerate(cuts):
        before = cuts[at - 1].isoformat() if at else None
        if not at or cuts[at - 1] + timedelta(1) < cut:
            yield ValueClass(cut - timedelta(1), above=before, below=cut.isoformat())
        yield ValueClass(cut, (cut.isoformat(),))
    if cuts:
        yield ValueClass(cuts[-1] + timedelta(1), above=cuts[-1].isoformat())


def _between(cuts: list[Decimal], step: Decimal) -> Iterator[ValueClass]:
    for at, cut in enumerate(cuts):
        before = cuts[at - 1] if at else None
        middle = cut - step if before is None else (before + cut) / 2
        low = None if before is None else str(before)
        yield ValueClass(Range.exactly(middle), above=low, below=str(cut))
        yield ValueClass(Range.exactly(cut), (str(cut),))
    if cuts:
        yield ValueClass(Range.exactly(cuts[-1] + step), above=str(cuts[-1]))


def _merged(found: list[ValueClass], told: tuple[Comparison, ...]) -> tuple[ValueClass, ...]:
    """Values with one signature are one class: its options are joined, its bounds kept wide."""
    by_signature: dict[tuple[bool | None, ...], ValueClass] = {}
    for each in found:
        signature = tuple(holds(c, {c.name: each.value}) for c in told)
        known = by_signature.get(signature)
        if known is None:
            by_signature[signature] = each
        elif not isinstance(each.value, frozenset):
            by_signature[signature] = _joined(known, each)
    return tuple(by_signature.values())


def _joined(first: ValueClass, then: ValueClass) -> ValueClass:
    if not isinstance(first.value, Range | date):
        return ValueClass(first.value, first.options + then.options)
    # Neighbours on a line: a cut that belongs to both sides of it widens the bound to include it.
    return ValueClass(first.value, first.options + then.options, first.above, then.below)

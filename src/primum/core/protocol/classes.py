"""The finitely many kinds of value a name may have, as far as any rule can tell them apart.

Every comparison is one name against constants, so numbers and days fall into finitely many classes,
cut at the constants that rules name, and any question about all possible answers can be settled
by trying one value of each class.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
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
ONE_DAY = timedelta(1)
Case = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class ValueClass:
    """Values that no rule tells apart: one of them to try, and all of them to show.

    Numbers and days are shown by bounds: what lies above the one and below the other (None is
    open), with those bounds that are among `options` and without what is among `besides`. One that
    has no bounds is the one among its options.
    """

    value: Value
    options: tuple[str, ...] = ()
    above: str | None = None
    below: str | None = None
    besides: tuple[str, ...] = ()


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
            found = list(_numbers(told, domain.counted))
        case Kind.DATE:
            found = list(_days(told))
        case _:
            found = []
    return _merged(found, told)


def cases(
    domains: Mapping[str, Domain],
    expressions: Iterable[Expression],
    only: Collection[str] | None = None,
    *,
    partly: bool = False,
) -> list[Case] | None:
    """Every case the expressions can tell apart by the names `only`; None when too many to try.

    `partly` adds the cases where some of the names are not known.
    """
    choices: dict[str, list[Value | None]] = {}
    for name, compared in comparisons(expressions).items():
        if only is not None and name not in only:
            continue
        if too_many(compared):
            return None
        choices[name] = [each.value for each in classes(domains[name], compared)]
        choices[name] += [None] if partly else []
    if prod(map(len, choices.values())) > MOST_CASES:
        return None
    return [
        {name: value for name, value in zip(choices, values, strict=True) if value is not None}
        for values in product(*choices.values())
    ]


def too_many(compared: Iterable[Comparison]) -> bool:
    """Whether more options are told apart than their combinations can be tried."""
    return len({each for each in compared if each.op is Op.HAS}) > MOST_OPTIONS


def implied(
    domains: Mapping[str, Domain], first: Expression, then: Expression, *, partly: bool = False
) -> Case | None:
    """A case where both hold, if `then` holds wherever `first` does; None if not, or not known.

    Tried over the names of `first` alone: what else `then` waits for must not matter to it.
    `partly` tries half-known cases too: then `then` is certain as early as `first` is.
    """
    tried = cases(domains, (first, then), only=names_in(first), partly=partly)
    return witness(tried or (), first, then)


def witness(tried: Iterable[Case], first: Expression, then: Expression) -> Case | None:
    """The first of these cases where both hold, if `then` holds in each where `first` does."""
    found: Case | None = None
    for case in tried:
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


def _numbers(told: tuple[Comparison, ...], counted: bool) -> Iterator[ValueClass]:
    cuts = sorted(
        {c for comparison in told for c in comparison.constants if isinstance(c, Decimal)}
    )
    for below, above in zip([None, *cuts], [*cuts, None], strict=True):
        inside = _inside(below, above, counted)
        if cuts and inside is not None:
            low, high = (None if each is None else str(each) for each in (below, above))
            yield ValueClass(Range.exactly(inside), above=low, below=high)
        if above is not None and not (counted and _no_count(above)):
            yield ValueClass(Range.exactly(above), (str(above),))


def _inside(below: Decimal | None, above: Decimal | None, counted: bool) -> Decimal | None:
    """A number strictly between two cuts, if there is one; of a count, the next whole one."""
    if below is None or above is None:
        beyond = above - 1 if above is not None else (below or Decimal(0)) + 1
        if not counted:
            return beyond
        whole = beyond.to_integral_value(ROUND_CEILING if below is None else ROUND_FLOOR)
        return max(whole, Decimal(0)) if above is None or whole >= 0 else None
    if not counted:
        return (below + above) / 2
    whole = max(below.to_integral_value(ROUND_FLOOR) + 1, Decimal(0))
    return whole if whole < above else None


def _no_count(number: Decimal) -> bool:
    return number < 0 or number != number.to_integral_value()


def _days(told: tuple[Comparison, ...]) -> Iterator[ValueClass]:
    cuts = sorted({c for comparison in told for c in comparison.constants if isinstance(c, date)})
    for below, above in zip([None, *cuts], [*cuts, None], strict=True):
        inside = _day_inside(below, above)
        if cuts and inside is not None:
            low, high = (None if each is None else each.isoformat() for each in (below, above))
            yield ValueClass(inside, above=low, below=high)
        if above is not None:
            yield ValueClass(above, (above.isoformat(),))


def _day_inside(below: date | None, above: date | None) -> date | None:
    """A day strictly between two cuts, if the calendar has one."""
    if below is None:
        return above - ONE_DAY if above is not None and above > date.min else None
    if below == date.max or (above is not None and below + ONE_DAY == above):
        return None
    return below + ONE_DAY


def _merged(found: list[ValueClass], told: tuple[Comparison, ...]) -> tuple[ValueClass, ...]:
    """Values with one signature are one class, shown as widely as it reaches."""
    by_signature: dict[tuple[bool | None, ...], list[ValueClass]] = {}
    for each in found:
        signature = tuple(holds(c, {c.name: each.value}) for c in told)
        by_signature.setdefault(signature, []).append(each)
    return tuple(_joined(members, found) for members in by_signature.values())


def _joined(members: list[ValueClass], found: list[ValueClass]) -> ValueClass:
    first, last = members[0], members[-1]
    if len(members) == 1 or isinstance(first.value, frozenset):
        return first
    held = tuple(option for each in members for option in each.options)
    if not isinstance(first.value, Range | date):
        return ValueClass(first.value, held)
    # On a line: stretches without options, and the cuts between them as the one option of theirs.
    above = first.options[0] if first.options else first.above
    below = last.options[0] if last.options else last.below
    between = found[found.index(first) : found.index(last)]
    besides = tuple(cut for each in between for cut in each.options if cut not in held)
    ends = tuple(cut for cut in held if cut in (above, below))
    return ValueClass(first.value, ends, above, below, besides)

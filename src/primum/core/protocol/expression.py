"""The language of rules: names compared with constants, joined by and, or, not.

    infrastructure in support_kind and access != in_writing
    party.harm_reports_24_months >= 3
    unit_history in [renamed, newly_formed]

Every comparison is one name against constants, so every rule can be weighed exactly when some
names are unknown. `and` and `or` side by side need brackets: readers disagree on which binds first.
Unknown can be named by no rule; if it could, knowing more might widen a Ruling.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from primum.core.protocol.values import Range, Value

Constant = str | Decimal | date


class Op(StrEnum):
    EQUAL = "=="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    ONE_OF = "in"
    HAS = "has"
    """Written `option in name`."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One name against constants."""

    name: str
    op: Op
    constants: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Expression


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Expression, ...]


Expression = Comparison | Not | And | Or


def holds(expression: Expression, known: Mapping[str, Value]) -> bool | None:
    """Whether the expression is true; None while what is known leaves it open (Kleene)."""
    match expression:
        case Comparison():
            return _compare(expression, known.get(expression.name))
        case Not(part):
            inner = holds(part, known)
            return None if inner is None else not inner
        case And(parts):
            values = {holds(part, known) for part in parts}
            return False if False in values else None if None in values else True
        case Or(parts):
            values = {holds(part, known) for part in parts}
            return True if True in values else None if None in values else False


def names_in(expression: Expression) -> frozenset[str]:
    """Every name the expression mentions."""
    match expression:
        case Comparison(name=name):
            return frozenset({name})
        case Not(part):
            return names_in(part)
        case And(parts) | Or(parts):
            return frozenset().union(*map(names_in, parts))


def open_names(expression: Expression, known: Mapping[str, Value]) -> frozenset[str]:
    """The names whose value could still turn the expression; none when it is settled."""
    if holds(expression, known) is not None:
        return frozenset()
    match expression:
        case Comparison(name=name):
            return frozenset({name})
        case Not(part):
            return open_names(part, known)
        case And(parts) | Or(parts):
            return frozenset().union(*(open_names(part, known) for part in parts))


def _compare(comparison: Comparison, value: Value | None) -> bool | None:
    op, constants = comparison.op, comparison.constants
    match value, constants[0]:
        case Range(low, high), Decimal() as number:
            return _between(op, low, high, number)
        case date() as day, date() as other:
            at = Decimal(day.toordinal())
            return _between(op, at, at, Decimal(other.toordinal()))
        case frozenset() as chosen, str() as option if op is Op.HAS:
            return option in chosen
        case str() as word, str() if op in (Op.EQUAL, Op.UNEQUAL, Op.ONE_OF):
            return (word in constants) is not (op is Op.UNEQUAL)
        case _:
            # A value of another kind (an answer to an older text of the question) says nothing.
            return None


def _between(op: Op, low: Decimal, high: Decimal, number: Decimal) -> bool | None:
    """What a range says of a comparison: true or false when all of it does, else nothing."""
    equal, outside = low == high == number, not low <= number <= high
    true, false = {
        Op.EQUAL: (equal, outside),
        Op.UNEQUAL: (outside, equal),
        Op.LESS: (high < number, low >= number),
        Op.AT_MOST: (high <= number, low > number),
        Op.MORE: (low > number, high <= number),
        Op.AT_LEAST: (low >= number, high < number),
    }.get(op, (False, False))
    return True if true else False if false else None

"""The values an answer or a fact may have, and the kinds that bound them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from primum.core.protocol.nodes import did_you_mean

NUMBER: Final = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)
"""Bounded, so that no number can be written that takes memory to hold."""
DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LONGEST_TEXT: Final = 20_000
YES_NO: Final = ("yes", "no")


class Kind(StrEnum):
    """What sort of answer a question takes."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    SEVERAL = "several"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Range:
    """A number known to lie between two bounds; both are the same when it is known exactly."""

    low: Decimal
    high: Decimal

    @classmethod
    def exactly(cls, number: int | Decimal) -> Range:
        return cls(Decimal(number), Decimal(number))


Value = str | frozenset[str] | Range | date
"""A yes or no and a choice are their word; several are a set of words; texts are themselves."""


@dataclass(frozen=True, slots=True)
class Domain:
    """The values a name may take: its kind and, for choices, its options."""

    kind: Kind
    options: tuple[str, ...] = ()
    currency: str = ""


class ValueRefused(ValueError):
    """A value outside its domain: a code for translation and a sentence."""

    def __init__(self, code: str, says: str) -> None:
        self.code = code
        self.says = says
        super().__init__(says)


def read_value(domain: Domain, raw: object) -> Value:
    """Turn what was typed or sent into a value of the domain, or say why not."""
    return READERS[domain.kind](domain, raw)


def plain_value(domain: Domain, value: Value) -> object:
    """The value as plain data that `read_value` reads back to the same value."""
    if isinstance(value, frozenset):
        return [option for option in domain.options if option in value]
    if isinstance(value, Range):
        if value.low == value.high:
            return plain_number(value.low)
        return {"min": plain_number(value.low), "max": plain_number(value.high)}
    return value.isoformat() if isinstance(value, date) else value


def plain_number(number: Decimal) -> int | str:
    """Whole numbers as numbers, others as text: floating point is not the same twice."""
    if number == number.to_integral_value():
        return int(number)
    return format(number.normalize(), "f")


def _choice(domain: Domain, raw: object) -> str:
    if isinstance(raw, bool) and domain.kind is Kind.YES_NO:
        return "yes" if raw else "no"
    if isinstance(raw, str) and raw in domain.options:
        return raw
    guess = did_you_mean(raw, domain.options) if isinstance(raw, str) else ""
    offered = ", ".join(domain.options)
    raise ValueRefused("not_an_option", f"{_shown(raw)} is not one of: {offered}{guess}")


def _several(domain: Domain, raw: object) -> frozenset[str]:
    if not isinstance(raw, list | tuple | set | frozenset):
        raise ValueRefused("not_a_list", f"{_shown(raw)} is not a list; write [{_shown(raw, '')}]")
    if not raw:
        raise ValueRefused("nothing_chosen", "nothing is chosen; choose one or say why unknown")
    chosen = frozenset(_choice(domain, one) for one in raw)
    if len(chosen) < len(raw):
        raise ValueRefused("chosen_twice", "an option is chosen twice; name each once")
    return chosen


def _range(_domain: Domain, raw: object) -> Range:
    if not isinstance(raw, Mapping):
        return Range.exactly(_number(raw))
    if set(raw) != {"min", "max"}:
        raise ValueRefused("not_a_range", "a range has two keys, min and max")
    low, high = _number(raw["min"]), _number(raw["max"])
    if low > high:
        raise ValueRefused("range_reversed", "min is more than max; exchange them")
    return Range(low, high)


def _money(domain: Domain, raw: object) -> Range:
    if isinstance(raw, Mapping) and set(raw) == {"amount", "currency"}:
        if raw["currency"] != domain.currency:
            raise ValueRefused("other_currency", f"give the amount in {domain.currency}")
        return _range(domain, raw["amount"])
    return _range(domain, raw)


def _number(raw: object) -> Decimal:
    written = "" if isinstance(raw, bool) else str(raw) if _numeric(raw) else ""
    if not NUMBER.fullmatch(written):
        raise ValueRefused("not_a_number", f"{_shown(raw)} is not a plain number such as 12 or 2.5")
    return Decimal(written)


def _numeric(raw: object) -> bool:
    # A huge int is refused before str() pays for its digits.
    return isinstance(raw, str | float | Decimal) or (isinstance(raw, int) and abs(raw) < 10**15)


def _text(_domain: Domain, raw: object) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueRefused("no_words", "no words are written")
    if len(raw) > LONGEST_TEXT:
        raise ValueRefused("too_long", f"the text is longer than {LONGEST_TEXT:,} characters")
    return raw.strip()


def _date(_domain: Domain, raw: object) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    if isinstance(raw, str) and DATE.fullmatch(raw):
        try:
            return date.fromisoformat(raw)
        except ValueError:
            pass
    raise ValueRefused("not_a_date", f"{_shown(raw)} is not a date such as 2026-01-31")


def _shown(raw: object, quote: str = '"') -> str:
    if isinstance(raw, str):
        return f"{quote}{raw[:40]}{quote}"
    if isinstance(raw, float | Decimal) or (isinstance(raw, int) and _numeric(raw)):
        return str(raw)
    return "this"


READERS: Final[Mapping[Kind, Callable[[Domain, object], Value]]] = {
    Kind.YES_NO: _choice,
    Kind.CHOICE: _choice,
    Kind.SEVERAL: _several,
    Kind.NUMBER: _range,
    Kind.MONEY: _money,
    Kind.TEXT: _text,
    Kind.DATE: _date,
}

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
LONGEST_LINK: Final = 500
MOST_LINKS: Final = 20
MOST_PARTIES: Final = 50
KEY: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
SCHEME: Final = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}:(?=\S)|(java|vb)script:", re.ASCII | re.IGNORECASE
)
"""The beginning of an address. “Note: page 3” is none, but a browser forgives some such spaces."""
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
    PLACE = "place"
    """A place of the register, by its key."""
    PARTY = "party"
    """Parties of the register, by their keys."""
    PEOPLE = "people"
    """People counted by sex and age band."""
    EVIDENCE = "evidence"
    """Where it is written: addresses, and references such as the number of a file."""


UNREAD: Final = frozenset({Kind.TEXT, Kind.PLACE, Kind.PARTY, Kind.EVIDENCE})
"""Kinds that people read and no rule does: a Ruling notes only that they are answered."""
CELLS: Final = ("girls", "boys", "women", "men", "older_women", "older_men", "not_known")
"""Under 18, 18 to 59, 60 and over, by sex; and those of whom sex or age is not known."""


@dataclass(frozen=True, slots=True)
class Range:
    """A number known to lie between two bounds; both are the same when it is known exactly."""

    low: Decimal
    high: Decimal

    @classmethod
    def exactly(cls, number: int | Decimal) -> Range:
        return cls(Decimal(number), Decimal(number))


@dataclass(frozen=True, slots=True)
class People:
    """How many, by sex and age band, in the order of `CELLS`. A cell left out is not known."""

    cells: tuple[tuple[str, Range], ...]


Value = str | frozenset[str] | tuple[str, ...] | Range | People | date
"""A yes or no and a choice are their word; several are a set of words; texts are themselves.

A place is its key, parties are the set of theirs, evidence is its links in their order.
"""


@dataclass(frozen=True, slots=True)
class Domain:
    """The values a name may take: its kind and, for choices, its options."""

    kind: Kind
    options: tuple[str, ...] = ()
    currency: str = ""
    counted: bool = False
    """Whether a number counts things: whole, and never fewer than none."""


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
    match value:
        case frozenset():
            return [option for option in (domain.options or sorted(value)) if option in value]
        case tuple():
            return list(value)
        case People(cells):
            return {cell: plain_range(count) for cell, count in cells}
        case Range():
            return plain_range(value)
        case date():
            return value.isoformat()
    return value


def plain_range(value: Range) -> object:
    if value.low == value.high:
        return plain_number(value.low)
    return {"min": plain_number(value.low), "max": plain_number(value.high)}


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


def _count(domain: Domain, raw: object) -> Range:
    """How many: a number or a range, of what cannot be halved."""
    found = _range(domain, raw)
    if found.low < 0:
        raise ValueRefused("less_than_none", "there are never fewer than 0")
    if any(each != each.to_integral_value() for each in (found.low, found.high)):
        raise ValueRefused("not_whole", "a count is a whole number; write a range if not sure")
    return found


def _amount(domain: Domain, raw: object) -> Range:
    return _count(domain, raw) if domain.counted else _range(domain, raw)


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


def _place(_domain: Domain, raw: object) -> str:
    return _key(raw, "a place")


def _parties(_domain: Domain, raw: object) -> frozenset[str]:
    listed = [raw] if isinstance(raw, str) else raw
    if not isinstance(listed, list | tuple | set | frozenset):
        raise ValueRefused("not_a_list", f"{_shown(raw)} is not a list of parties")
    if not listed:
        raise ValueRefused("nothing_chosen", "nothing is chosen; choose one or say why unknown")
    if len(listed) > MOST_PARTIES:
        raise ValueRefused("too_many", f"name {MOST_PARTIES} parties at most")
    return frozenset(_key(each, "a party") for each in listed)


def _key(raw: object, what: str) -> str:
    if isinstance(raw, str) and KEY.fullmatch(raw):
        return raw.lower()
    raise ValueRefused("not_a_key", f"{_shown(raw)} is not the key of {what} in the register")


def _people(domain: Domain, raw: object) -> People:
    if not isinstance(raw, Mapping):
        says = f"{_shown(raw)} is not a count by sex and age; write {{girls: 2, men: 14}}"
        raise ValueRefused("not_a_count", says)
    strange = [str(cell) for cell in raw if cell not in CELLS]
    if strange:
        says = f'"{strange[0][:40]}" is not counted apart{did_you_mean(strange[0], CELLS)}'
        raise ValueRefused("not_a_count", says)
    given = {cell: raw[cell] for cell in CELLS if raw.get(cell) not in (None, "")}
    if not given:
        raise ValueRefused("nothing_counted", "nobody is counted; write 0 where there is nobody")
    return People(tuple((cell, _count(domain, count)) for cell, count in given.items()))


def read_links(raw: object) -> tuple[str, ...]:
    """Where something is written: each an http(s) address or a reference people understand."""
    listed = [raw] if isinstance(raw, str) else raw
    if not isinstance(listed, list | tuple):
        raise ValueRefused("not_a_list", f"{_shown(raw)} is not a list of links")
    links = tuple(dict.fromkeys(_link(each) for each in listed))
    if not links:
        raise ValueRefused("no_link", "no evidence is named")
    if len(links) > MOST_LINKS:
        raise ValueRefused("too_many", f"name {MOST_LINKS} pieces of evidence at most")
    return links


def _evidence(_domain: Domain, raw: object) -> tuple[str, ...]:
    return read_links(raw)


def _link(raw: object) -> str:
    link = raw.strip() if isinstance(raw, str) else ""
    if not link or len(link) > LONGEST_LINK or not link.isprintable():
        says = f"a piece of evidence is one line of up to {LONGEST_LINK} characters"
        raise ValueRefused("not_a_link", says)
    if SCHEME.match(link) and not link.lower().startswith(("http://", "https://")):
        raise ValueRefused("not_a_link", f"{_shown(link)} is not an address that a page may open")
    return link


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
    Kind.NUMBER: _amount,
    Kind.MONEY: _money,
    Kind.TEXT: _text,
    Kind.DATE: _date,
    Kind.PLACE: _place,
    Kind.PARTY: _parties,
    Kind.PEOPLE: _people,
    Kind.EVIDENCE: _evidence,
}

"""Reads the text of a rule into an Expression, or says what is wrong and where."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple, NoReturn

from primum.core.protocol.expression import And, Comparison, Constant, Expression, Not, Op, Or
from primum.core.protocol.nodes import did_you_mean
from primum.core.protocol.values import CELLS, NUMBER, UNREAD, Domain, Kind

LONGEST: Final = 2_000
DEEPEST: Final = 40
RESERVED: Final = frozenset({"and", "or", "not", "in", "unknown"})
ORDERED: Final = frozenset({Kind.NUMBER, Kind.MONEY, Kind.DATE})

Names = Mapping[str, Domain | None]
"""What a rule may name. None: defined, but its definition is itself mistaken; ask nothing of it."""


@dataclass(frozen=True, slots=True)
class ExpressionMistake:
    """What is wrong at one character of an expression, counted from 0."""

    offset: int
    says: str


class ExpressionError(Exception):
    """An expression that cannot be used, with every mistake up to where it stops making sense."""

    def __init__(self, mistakes: tuple[ExpressionMistake, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("; ".join(f"{m.offset + 1}: {m.says}" for m in mistakes))


def parse(text: str, names: Names) -> Expression:
    """Read one expression over `names`. Raises ExpressionError and nothing else."""
    if len(text) > LONGEST:
        says = f"the rule is longer than {LONGEST:,} characters; split it into several rules"
        raise ExpressionError((ExpressionMistake(LONGEST, says),))
    parser = _Parser(_tokens(text), names)
    return parser.whole()


class _Token(NamedTuple):
    kind: str
    text: str
    offset: int


_TOKEN: Final = re.compile(
    r"""(?P<space>\s+)
      | (?P<date>\d{4}-\d{2}-\d{2})
      | (?P<number>-?\d+(\.\d+)?)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*)
      | (?P<op>==|!=|<=|>=|<|>)
      | (?P<mark>[()\[\],])""",
    re.VERBOSE | re.ASCII,
)
_INSTEAD: Final = {
    "=": "write == to compare",
    "&": "write and",
    "|": "write or",
    "!": "write not, or != to compare",
    '"': "write words without quotes",
    "'": "write words without quotes",
}


def _stop(offset: int, says: str) -> NoReturn:
    raise ExpressionError((ExpressionMistake(offset, says),))


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            _stop(at, _strange(text[at]))
        if found.lastgroup is not None and found.lastgroup != "space":
            tokens.append(_Token(found.lastgroup, found.group(), at))
        at = found.end()
    tokens.append(_Token("end", "", len(text)))
    return tokens


def _strange(character: str) -> str:
    if character in _INSTEAD:
        return f"{character} has no meaning here; {_INSTEAD[character]}"
    if character.isascii():
        return f"{character!r} has no meaning here"
    called = unicodedata.name(character, "a character without a name")
    return f"{called} has no meaning here; names are plain ASCII letters"


class _Parser:
    """Recursive descent over the tokens. Mistakes of meaning gather; one of grammar stops it."""

    def __init__(self, tokens: list[_Token], names: Names) -> None:
        self.tokens = tokens
        self.names = names
        self.at = 0
        self.mistakes: list[ExpressionMistake] = []

    def whole(self) -> Expression:
        try:
            expression = self.joined(0)
            self.expect_end()
        except ExpressionError as stopped:
            raise ExpressionError((*self.mistakes, *stopped.mistakes)) from None
        if self.mistakes:
            raise ExpressionError(tuple(self.mistakes))
        return expression

    def next(self) -> _Token:
        token = self.tokens[self.at]
        self.at += token.kind != "end"
        return token

    def ahead(self, *texts: str) -> bool:
        return self.tokens[self.at].text in texts

    def take(self, text: str) -> bool:
        taken = self.ahead(text)
        self.at += taken
        return taken

    def expect(self, text: str) -> None:
        if not self.take(text):
            token = self.tokens[self.at]
            _stop(token.offset, f"{_named(token)}: a {text} is missing here")

    def expect_end(self) -> None:
        token = self.tokens[self.at]
        if token.kind != "end":
            says = f"{_named(token)}: the rule should end here; join two comparisons with and, or"
            _stop(token.offset, says)

    def wrong(self, offset: int, says: str) -> None:
        self.mistakes.append(ExpressionMistake(offset, says))

    def joined(self, depth: int) -> Expression:
        parts = [self.negated(depth)]
        word = "and" if self.ahead("and") else "or"
        while self.take(word):
            parts.append(self.negated(depth))
        if self.ahead("and", "or"):
            says = "and beside or: put brackets round the part that belongs together"
            _stop(self.tokens[self.at].offset, says)
        if len(parts) == 1:
            return parts[0]
        return And(tuple(parts)) if word == "and" else Or(tuple(parts))

    def negated(self, depth: int) -> Expression:
        if depth > DEEPEST:
            says = f"brackets and nots are nested deeper than {DEEPEST}; split the rule"
            _stop(self.tokens[self.at].offset, says)
        if self.take("not"):
            return Not(self.negated(depth + 1))
        if self.take("("):
            inner = self.joined(depth + 1)
            self.expect(")")
            return inner
        return self.comparison()

    def comparison(self) -> Expression:
        first = self.next()
        if first.kind != "name" or first.text in RESERVED:
            _stop(first.offset, f"{_named(first)}: a comparison starts with a name here")
        negative = self.take("not")
        if negative and not self.ahead("in"):
            _stop(self.tokens[self.at].offset, f"{_named(self.tokens[self.at])}: not needs in here")
        if self.take("in"):
            found = self.listed(first) if self.ahead("[") else self.has(first)
            return Not(found) if negative else found
        op = self.next()
        if op.kind != "op":
            says = f"{first.text} is compared with nothing; write for example {first.text} == yes"
            _stop(first.offset, says)
        return self.compared(first, Op(op.text), op)

    def compared(self, name: _Token, op: Op, written: _Token) -> Comparison:
        domain = self.domain(name)
        constant = self.constant(domain, name.text)
        if domain is not None and domain.kind is Kind.SEVERAL:
            says = f"{name.text} holds several options; write {constant} in {name.text}"
            self.wrong(written.offset, says)
        elif domain is not None and domain.kind not in ORDERED and op.value[0] in "<>":
            says = f"{name.text} has no order; compare it with == or !="
            self.wrong(written.offset, says)
        return Comparison(name.text, op, (constant,))

    def listed(self, name: _Token) -> Comparison:
        domain = self.domain(name)
        bracket = self.next()
        constants = [self.constant(domain, name.text)]
        while self.take(","):
            constants.append(self.constant(domain, name.text))
        self.expect("]")
        if domain is not None and domain.kind not in (Kind.CHOICE, Kind.YES_NO):
            says = f"{name.text} is not a choice; a list [..] only follows a choice"
            self.wrong(bracket.offset, says)
        return Comparison(name.text, Op.ONE_OF, tuple(constants))

    def has(self, option: _Token) -> Comparison:
        name = self.next()
        if name.kind != "name" or name.text in RESERVED:
            _stop(name.offset, f"{_named(name)}: after in comes a [list] or a name")
        domain = self.domain(name)
        if domain is not None and domain.kind is not Kind.SEVERAL:
            says = f"{name.text} does not hold several options; write {name.text} == {option.text}"
            self.wrong(name.offset, says)
        elif domain is not None:
            self.check_option(option, domain, name.text)
        return Comparison(name.text, Op.HAS, (option.text,))

    def domain(self, name: _Token) -> Domain | None:
        if name.text in self.names:
            domain = self.names[name.text]
            if domain is not None and domain.kind in UNREAD | {Kind.PEOPLE}:
                self.wrong(name.offset, f"{name.text} is {_UNREAD[domain.kind]}")
                return None
            return domain
        guess = did_you_mean(name.text, self.names)
        says = f'"{name.text}" is not a question of this protocol nor a registered fact{guess}'
        self.wrong(name.offset, says)
        return None

    def constant(self, domain: Domain | None, name: str) -> Constant:
        token = self.next()
        if token.kind not in ("name", "number", "date") or token.text in RESERVED - {"unknown"}:
            _stop(token.offset, f"{_named(token)}: a constant to compare {name} with is missing")
        if token.text == "unknown":
            says = (
                "no rule asks whether something is unknown; unknown leaves the rule open by itself"
            )
            self.wrong(token.offset, says)
            return token.text
        value, kinds = self.typed(token)
        if domain is None:
            return value
        if domain.kind not in kinds:
            says = f"{token.text} is {_A[token.kind]}, but {name} takes {_TAKES[domain.kind]}"
            self.wrong(token.offset, says)
        elif token.kind == "name":
            self.check_option(token, domain, name)
        return value

    def typed(self, token: _Token) -> tuple[Constant, frozenset[Kind]]:
        if token.kind == "date":
            return self.day(token), frozenset({Kind.DATE})
        if token.kind == "number":
            if NUMBER.fullmatch(token.text):
                return Decimal(token.text), frozenset({Kind.NUMBER, Kind.MONEY})
            self.wrong(token.offset, "the number has too many digits")
            return Decimal(0), frozenset({Kind.NUMBER, Kind.MONEY})
        return token.text, frozenset({Kind.CHOICE, Kind.YES_NO, Kind.SEVERAL})

    def day(self, token: _Token) -> date:
        try:
            return date.fromisoformat(token.text)
        except ValueError:
            self.wrong(token.offset, f"{token.text} is not a day of the calendar")
            return date.min

    def check_option(self, token: _Token, domain: Domain, name: str) -> None:
        if token.text not in domain.options:
            guess = did_you_mean(token.text, domain.options)
            guess = guess or f"; it has {', '.join(domain.options)}"
            self.wrong(token.offset, f'"{token.text}" is not an option of {name}{guess}')


_A: Final = {"name": "a word", "number": "a number", "date": "a date"}
_ASK_BESIDE = "which no rule reads; ask a choice beside it"
_UNREAD: Final = {
    Kind.TEXT: f"answered in words, {_ASK_BESIDE}",
    Kind.PLACE: f"answered with a place, {_ASK_BESIDE}",
    Kind.PARTY: f"answered with parties, {_ASK_BESIDE}",
    Kind.EVIDENCE: f"answered with links, {_ASK_BESIDE}",
    Kind.PEOPLE: f"counted apart; name one of its cells: {', '.join(CELLS)}",
}
_TAKES: Final = {
    Kind.YES_NO: "yes or no",
    Kind.CHOICE: "one of its options",
    Kind.SEVERAL: "some of its options",
    Kind.NUMBER: "a number",
    Kind.MONEY: "an amount",
    Kind.DATE: "a date such as 2026-01-31",
    Kind.TEXT: "words",
    Kind.PLACE: "a place",
    Kind.PARTY: "parties",
    Kind.PEOPLE: "counts",
    Kind.EVIDENCE: "links",
}


def _named(token: _Token) -> str:
    return "the rule ends" if token.kind == "end" else f'"{token.text[:40]}"'

"""Reads single fields out of nodes. A mistake is noted and reading goes on with a stand-in."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final, TypeVar

from primum.core.protocol.expression import names_in
from primum.core.protocol.facts import FACTS
from primum.core.protocol.model import Authority, Condition, Question
from primum.core.protocol.nodes import Mistake, Node, did_you_mean
from primum.core.protocol.parser import RESERVED, ExpressionError, Names, parse
from primum.core.vocabulary import Stakes, Text

ID: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
DASHED: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
DAYS: Final = re.compile(r"(\d{1,4})d", re.ASCII)
HOURS: Final = re.compile(r"(\d{1,4})([dh])", re.ASCII)
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?", re.ASCII)
LONGEST_ID: Final = 60
MOST_MISTAKES: Final = 100
"""Nobody corrects more at once, and each may cost a search for the word that was meant."""
TO_CHECK: Final = "to be checked"

Fields = Mapping[str, Node]
E = TypeVar("E", bound=StrEnum)


ENOUGH: Final = f"there are {MOST_MISTAKES} mistakes or more, and reading stopped; correct these"


class EnoughMistakes(Exception):
    """There are so many mistakes that reading on would help nobody."""


class Notes:
    """The mistakes found so far, and the readers of fields that add to them."""

    def __init__(self, authority: Authority | None = None) -> None:
        self.authority = authority
        self.mistakes: list[Mistake] = []
        self.languages: tuple[str, ...] = ("en",)

    def wrong(self, node: Node, says: str, offset: int | None = None) -> None:
        line, column = (node.line, node.column) if offset is None else node.at(offset)
        self.mistakes.append(Mistake(line, column, says))
        if len(self.mistakes) == MOST_MISTAKES:
            self.mistakes.append(Mistake(1, 1, ENOUGH))
            raise EnoughMistakes

    def mapping(
        self, node: Node, what: str, needs: Collection[str], may: Collection[str] = ()
    ) -> Fields:
        """The fields of a mapping; unknown keys and missing ones are noted."""
        if not isinstance(node.value, Mapping):
            self.wrong(node, f"{what} is written as keys and values: {', '.join(needs or may)}")
            return {}
        known = {*needs, *may}
        fields: dict[str, Node] = {}
        for key, value in node.value.items():
            word = str(key.value)
            if word in known:
                fields[word] = value
            else:
                guess = did_you_mean(word, known) or f"; known keys: {', '.join(sorted(known))}"
                self.wrong(key, f'"{word}" is not a key of {what}{guess}')
        for need in needs:
            if need not in fields:
                self.wrong(node, f"{what} has no {need}; add {need}:")
        return fields

    def sequence(self, node: Node | None, what: str) -> tuple[Node, ...]:
        if node is None:
            return ()
        if not isinstance(node.value, tuple):
            self.wrong(node, f"{what} is a list; write - before each, or [one, two]")
            return ()
        return node.value

    def word(self, node: Node | None, what: str) -> str:
        """A scalar on one line, not empty."""
        words = self.words(node, what)
        if node is not None and "\n" in words:
            self.wrong(node, f"{what} is written on one line")
        return words

    def words(self, node: Node | None, what: str) -> str:
        if node is None:
            return ""
        if not isinstance(node.value, str) or not node.value.strip():
            self.wrong(node, f"{what} is empty; write it or remove the key")
            return ""
        return node.value.strip()

    def id(self, node: Node | None, what: str) -> str:
        """A short name in small ASCII letters; what cannot be one is noted, and stands as empty."""
        word = self.word(node, what)
        if node is None or not word:
            return ""
        if not ID.fullmatch(word) or len(word) > LONGEST_ID:
            odd = "" if word.isascii() else did_you_mean(word, ())
            says = f'"{word[:40]}" cannot be {what}; use small letters, digits and _{odd}'
            self.wrong(node, says)
            return ""
        if word in RESERVED:
            self.wrong(node, f'"{word}" is a word of the rules and cannot be {what}; rename it')
            return ""
        return word

    def ids(self, node: Node | None, what: str) -> tuple[str, ...]:
        """One id or a list of them, without repeats."""
        if node is None:
            return ()
        nodes = (node,) if isinstance(node.value, str) else self.sequence(node, what)
        found: list[str] = []
        for each in nodes:
            word = self.id(each, what)
            if word in found:
                self.wrong(each, f'"{word}" is named twice; name it once')
            elif word:
                found.append(word)
        return tuple(found)

    def once(self, node: Node | None, name: str, found: Collection[str]) -> None:
        if node is not None and name and name in found:
            self.wrong(node, f'"{name}" is already used above; rename one of the two')

    def duties(
        self, node: Node | None, what: str, besides: Collection[str] = ()
    ) -> tuple[str, ...]:
        """Duties, each one the mission has (if it was given) or one of the words `besides`."""
        duties = self.ids(node, f"{what}, a duty")
        if node is None or self.authority is None:
            return duties
        known = {*self.authority.duties, *besides}
        for duty in duties:
            if duty not in known:
                guess = did_you_mean(duty, known) or "; add it to the mission or name another"
                self.wrong(node, f'"{duty}" is not a duty of this mission{guess}')
        return duties

    def duty(self, node: Node | None, what: str, besides: Collection[str] = ()) -> str:
        duties = self.duties(node, what, besides)
        if node is not None and len(duties) > 1:
            self.wrong(node, f"{what} is one duty; name the one that answers for it")
        return duties[0] if duties else ""

    def deciders(self, node: Node | None, stakes: Stakes) -> tuple[str, ...]:
        """The duties named for one stakes; each must be one that may decide there."""
        duties = self.duties(node, f"who decides at {stakes.word} stakes")
        if node is not None and node.value == ():
            self.wrong(node, f"nobody may decide at {stakes.word} stakes; name a duty")
        if node is None or self.authority is None:
            return duties
        allowed = self.authority.deciders.get(stakes, frozenset())
        for duty in duties:
            if duty in self.authority.duties and duty not in allowed:
                instead = ", ".join(sorted(allowed)) or "nobody: add it to the authority table"
                says = f'"{duty}" may not decide at {stakes.word} stakes; these may: {instead}'
                self.wrong(node, says)
        return duties

    def one_of(self, node: Node | None, what: str, words: type[E], stand_in: E) -> E:
        word = self.word(node, what)
        if node is None or not word:
            return stand_in
        try:
            return words(word)
        except ValueError:
            self.wrong(node, _not_one_of(word, what, [str(each) for each in words]))
            return stand_in

    def yes_no(self, node: Node | None, what: str) -> bool:
        word = self.word(node, what)
        if node is not None and word not in ("", "yes", "no"):
            self.wrong(node, f"{what} is yes or no")
        return word == "yes"

    def choose(self, node: Node | None, what: str, words: Collection[str]) -> str:
        word = self.word(node, what)
        if node is not None and word and word not in words:
            self.wrong(node, _not_one_of(word, what, words))
        return word

    def days(self, node: Node | None, what: str, least: int = 0) -> int:
        word = self.word(node, what)
        if node is None or not word:
            return least
        found = DAYS.fullmatch(word)
        if found is None:
            self.wrong(node, f'{what} is a number of days such as 30d, not "{word[:40]}"')
            return least
        days = int(found.group(1))
        if days < least:
            self.wrong(node, f"{what} is one day or more")
        return max(days, least)

    def hours(self, node: Node, what: str) -> int:
        word = self.word(node, what)
        found = HOURS.fullmatch(word)
        if found is None:
            self.wrong(node, f'{what} is a time such as 24h or 5d, not "{word[:40]}"')
            return 1
        hours = int(found.group(1)) * (24 if found.group(2) == "d" else 1)
        if not hours:
            self.wrong(node, f"{what} is one hour or more")
        return max(hours, 1)

    def whole(self, node: Node | None, what: str, most: int) -> int:
        word = self.word(node, what)
        if node is None or not word:
            return 0
        if not word.isascii() or not word.isdecimal() or len(word) > 4 or int(word) > most:
            self.wrong(node, f'{what} is a whole number from 0 to {most}, not "{word[:40]}"')
            return 0
        return int(word)

    def to_check(self, node: Node | None) -> bool:
        return bool(self.choose(node, "wording", [TO_CHECK]))

    def text(self, node: Node | None, what: str) -> Text:
        """A sentence in every language of the protocol and no other."""
        if node is None:
            return {}
        if not isinstance(node.value, Mapping):
            self.wrong(node, f"{what} is written by language; write {{en: ...}}")
            return {}
        text: dict[str, str] = {}
        for key, value in node.value.items():
            language = str(key.value)
            if language in self.languages:
                text[language] = self.words(value, f"{what} in {language}")
            elif LANGUAGE.fullmatch(language):
                says = f'"{language}" is not a language of this protocol; add it to languages'
                self.wrong(key, says)
            else:
                says = "is no language; a sentence with a comma in it needs quotes round the whole"
                self.wrong(key, f'"{language[:40]}" {says}')
        for language in self.languages:
            if language not in text:
                self.wrong(node, f"{what} has no {language} translation; add {language}:")
        return text

    def condition(self, node: Node | None, names: Names) -> Condition | None:
        """An expression over `names`, placed so that each mistake points at its character."""
        if node is None:
            return None
        if not isinstance(node.value, str):
            self.wrong(node, "when is one expression; write it on one line or after |")
            return None
        if node.style in _LOSES_COLUMNS:
            says = f"when is {_LOSES_COLUMNS[node.style]}; write it plain on one line, or after |"
            self.wrong(node, says)
            return None
        try:
            text = node.value.rstrip()
            return Condition(text, parse(text, names))
        except ExpressionError as error:
            for mistake in error.mistakes:
                self.wrong(node, mistake.says, mistake.offset)
            return None

    def before_looks(
        self, node: Node | None, names: Names, asked: Mapping[str, Question]
    ) -> Condition | None:
        """A condition weighed before the decision: it may not wait for an answer given later."""
        condition = self.condition(node, names)
        for name in sorted(names_of(condition)):
            question = asked.get(question_in(name))
            if node is not None and question is not None and not question.section.before:
                says = f'"{name}" is asked at looks, after the decision; ask it before, or drop it'
                self.wrong(node, says)
        return condition

    def at_looks(
        self, node: Node | None, names: Names, asked: Mapping[str, Question]
    ) -> Condition | None:
        """A condition on what a look found: it names what looks ask, and nothing else."""
        condition = self.condition(node, names)
        for name in sorted(names_of(condition)):
            question = asked.get(question_in(name))
            if node is not None and (question is None or question.section.before):
                says = f'"{name}" is not asked at looks; name what a look asks'
                self.wrong(node, says)
        return condition


def question_in(name: str) -> str:
    """The question that a rule names, itself or one cell of it; nothing for a fact."""
    return "" if name in FACTS else name.partition(".")[0]


def names_of(condition: Condition | None) -> frozenset[str]:
    return frozenset() if condition is None else names_in(condition.expression)


_LOSES_COLUMNS: Final = {
    "spread": "spread over several lines",
    "folded": "folded with >, which loses columns",
    "single": "in quotes",
    "double": "in quotes",
}


def _not_one_of(word: str, what: str, words: Collection[str]) -> str:
    guess = did_you_mean(word, words) or f"; it is one of {', '.join(words)}"
    return f'"{word[:40]}" is no {what}{guess}'

"""Positioned nodes to a Protocol, or every mistake in them, each with its place and remedy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from primum.core.protocol.expression import Or
from primum.core.protocol.facts import FACTS
from primum.core.protocol.fields import DASHED, LANGUAGE, Fields, Notes, names_of
from primum.core.protocol.model import (
    Authority,
    Condition,
    Decides,
    LookPlan,
    Option,
    Protocol,
    Question,
    Rule,
    Section,
    StopSpec,
)
from primum.core.protocol.nodes import Mistake, Node, did_you_mean
from primum.core.protocol.offers import Offers
from primum.core.protocol.values import YES_NO, Domain, Kind
from primum.core.vocabulary import Level, Stakes

CURRENCY: Final = re.compile(r"[A-Z]{3}", re.ASCII)
LEVELS: Final = tuple(level.word for level in Level)
PASSABLE: Final = ("nobody", Stakes.HIGH.word, Stakes.LEADERSHIP.word)

NEEDS: Final = (
    ["protocol", "title", "questions", "rules", "assesses", "decides", "lease", "watch"],
    ["review", "languages", "layout", "hard_stops", "effects", "commitments", "looks", "advises"],
)
QUESTION: Final = (
    ["id", "section", "ask", "kind"],
    ["options", "help", "when", "required", "changeable", "cites", "wording", "currency"],
)
RULE: Final = (["id", "when", "level", "says", "cites"], ["audience", "wording"])


def read(root: Node, version: str, authority: Authority | None = None) -> Protocol | list[Mistake]:
    """The protocol written in `root`, or the mistakes in it.

    With `authority`, every duty named must be one of the mission's, and every stakes must be
    decided by duties that may decide there.
    """
    reading = _Reading(root, version, authority)
    protocol = reading.protocol()
    return reading.notes.mistakes or protocol


class _Reading:
    def __init__(self, root: Node, version: str, authority: Authority | None) -> None:
        self.notes = Notes(authority)
        self.root = root
        self.version = version
        self.fields: Fields = {}
        self.asked: dict[str, Question] = {}
        self.places: dict[str, Node] = {}
        self.names: dict[str, Domain | None] = {name: fact.domain for name, fact in FACTS.items()}

    def protocol(self) -> Protocol:
        notes = self.notes
        fields = self.fields = notes.mapping(self.root, "a protocol", *NEEDS)
        notes.languages = self.languages(fields.get("languages"))
        questions = self.questions(fields.get("questions"))
        rules = self.rules(fields.get("rules"))
        offers = Offers(notes, self.names, self.asked)
        looks = offers.looks(fields.get("looks"))
        self.never_asked(looks)
        return Protocol(
            id=self.protocol_id(fields.get("protocol")),
            version=self.version,
            title=notes.text(fields.get("title"), "title"),
            languages=notes.languages,
            review_needed=notes.choose(fields.get("review"), "review", ["needed", "done"])
            == "needed",
            layout=notes.choose(fields.get("layout"), "layout", ["page", "card"]) or "page",
            questions=questions,
            rules=rules,
            hard_stops=self.stops(fields.get("hard_stops"), rules),
            effects=offers.effects(fields.get("effects")),
            commitments=offers.commitments(fields.get("commitments")),
            looks=looks,
            assesses=frozenset(notes.duties(fields.get("assesses"), "assesses")),
            advises=frozenset(notes.duties(fields.get("advises"), "advises")),
            decides=self.decides(fields.get("decides")),
            lease_days=notes.days(fields.get("lease"), "lease", least=1),
            watch_days=notes.days(fields.get("watch"), "watch", least=1),
        )

    def protocol_id(self, node: Node | None) -> str:
        word = self.notes.word(node, "protocol")
        if node is not None and word and not DASHED.fullmatch(word):
            self.notes.wrong(node, f'"{word[:40]}" cannot name a protocol; use small-letters-so')
        return word

    def languages(self, node: Node | None) -> tuple[str, ...]:
        found: list[str] = []
        for each in self.notes.sequence(node, "languages"):
            word = self.notes.word(each, "a language")
            if word and not LANGUAGE.fullmatch(word):
                self.notes.wrong(each, f'"{word[:40]}" is not a language code such as fr')
            elif word and word not in found:
                found.append(word)
        if node is not None and "en" not in found:
            self.notes.wrong(node, "English is missing; add en, the language every reader falls to")
        return tuple(found if "en" in found else ["en", *found])

    def questions(self, node: Node | None) -> tuple[Question, ...]:
        nodes = self.notes.sequence(node, "questions")
        if node is not None and not nodes:
            self.notes.wrong(node, "a protocol asks at least one question")
        conditions: list[tuple[Question, Node]] = []
        for each in nodes:
            fields = self.notes.mapping(each, "a question", *QUESTION)
            question = self.question(fields)
            if "when" in fields:
                conditions.append((question, fields["when"]))
        whens = {question.id: self.asked_when(question, at) for question, at in conditions}
        return tuple(
            replace(question, when=whens.get(question.id)) for question in self.asked.values()
        )

    def question(self, fields: Fields) -> Question:
        notes = self.notes
        name = notes.id(fields.get("id"), "a question id")
        if name in YES_NO:
            notes.wrong(fields["id"], f'"{name}" is an answer; rename the question')
        notes.once(fields.get("id"), name, self.asked)
        domain, options = self.domain(fields)
        question = Question(
            id=name,
            section=notes.one_of(fields.get("section"), "section", Section, Section.BRINGS),
            ask=notes.text(fields.get("ask"), "ask"),
            domain=domain or Domain(Kind.TEXT),
            options=options,
            help=notes.text(fields["help"], "help") if "help" in fields else None,
            required=notes.yes_no(fields.get("required"), "required"),
            changeable=notes.yes_no(fields.get("changeable"), "changeable"),
            cites=notes.word(fields.get("cites"), "cites"),
            wording_to_check=notes.to_check(fields.get("wording")),
        )
        self.asked.setdefault(name, question)
        self.places.setdefault(name, fields.get("id", self.root))
        self.names.setdefault(name, domain)
        return question

    def asked_when(self, question: Question, node: Node) -> Condition | None:
        condition = self.notes.condition(node, self.names)
        order = list(self.asked)
        for name in sorted(names_of(condition)):
            if name in FACTS:
                says = f'"{name}" is a fact; asking or not asking would give it away'
                self.notes.wrong(node, says)
            elif name in order and order.index(name) >= order.index(question.id):
                says = f'"{name}" is asked further down; move it above "{question.id}"'
                self.notes.wrong(node, says)
        return condition

    def never_asked(self, looks: Iterable[LookPlan]) -> None:
        asks = {name for look in looks for name in look.asks}
        for name, question in self.asked.items():
            if name and not question.section.before and name not in asks:
                says = f'"{name}" is asked at no look; add it to the asks of one'
                self.notes.wrong(self.places[name], says)

    def domain(self, fields: Fields) -> tuple[Domain | None, tuple[Option, ...]]:
        """None where the kind or its options cannot be read: rules then ask nothing of it."""
        node = fields.get("kind")
        kind = self.notes.one_of(node, "kind", Kind, Kind.TEXT)
        if node is None or node.value != kind:
            return None, ()
        options = self.options(fields.get("options"), kind, node)
        currency = self.currency(fields, kind)
        words = YES_NO if kind is Kind.YES_NO else tuple(option.id for option in options)
        chosen = kind in (Kind.CHOICE, Kind.SEVERAL)
        return (None if chosen and not words else Domain(kind, words, currency)), options

    def options(self, node: Node | None, kind: Kind, at: Node) -> tuple[Option, ...]:
        chosen = kind in (Kind.CHOICE, Kind.SEVERAL)
        if node is None:
            if chosen:
                self.notes.wrong(at, f"a {kind} has no options; add options:")
            return ()
        if not chosen:
            self.notes.wrong(node, f"a {kind} takes no options; remove them or make it a choice")
            return ()
        read = (self.option(key, label) for key, label in _pairs(node))
        options = tuple(option for option in read if option.id)
        if len({option.id for option in options}) < len(options):
            self.notes.wrong(node, "an option is listed twice; name each once")
        if len(options) < 2:
            self.notes.wrong(node, f"a {kind} has two options or more")
        return options

    def option(self, key: Node, label: Node | None) -> Option:
        name = self.notes.id(key, "an option")
        if label is None:
            return Option(name, {"en": name.replace("_", " ")})
        return Option(name, self.notes.text(label, f"option {name}"))

    def currency(self, fields: Fields, kind: Kind) -> str:
        node = fields.get("currency")
        word = self.notes.word(node, "currency")
        if kind is Kind.MONEY and node is None:
            self.notes.wrong(fields["kind"], "money has no currency; add currency: USD")
        elif node is not None and kind is not Kind.MONEY:
            self.notes.wrong(node, f"a {kind} has no currency; remove it")
        elif node is not None and not CURRENCY.fullmatch(word):
            self.notes.wrong(node, f'"{word[:40]}" is not a currency code such as USD')
        return word

    def rules(self, node: Node | None) -> tuple[Rule, ...]:
        found: dict[str, Rule] = {}
        for each in self.notes.sequence(node, "rules"):
            fields = self.notes.mapping(each, "a rule", *RULE)
            name = self.notes.id(fields.get("id"), "a rule id")
            self.notes.once(fields.get("id"), name, found)
            found.setdefault(name, self.rule(name, fields))
        return tuple(found.values())

    def rule(self, name: str, fields: Fields) -> Rule:
        notes = self.notes
        condition = notes.before_looks(fields.get("when"), self.names, self.asked)
        level = notes.choose(fields.get("level"), "level", LEVELS)
        if level == Level.LOW.word:
            notes.wrong(fields["level"], "every case is low to begin with; write medium or more")
        return Rule(
            id=name,
            when=condition or NEVER,
            level=Level[level.upper()] if level in LEVELS else Level.LOW,
            says=notes.text(fields.get("says"), "says"),
            cites=notes.word(fields.get("cites"), "cites"),
            audience=frozenset(notes.duties(fields.get("audience"), "audience")),
            wording_to_check=notes.to_check(fields.get("wording")),
        )

    def stops(self, node: Node | None, rules: Iterable[Rule]) -> tuple[StopSpec, ...]:
        by_id = {rule.id: rule for rule in rules}
        found: dict[str, StopSpec] = {}
        for each in self.notes.sequence(node, "hard_stops"):
            fields = self.notes.mapping(each, "a hard stop", ["rule", "passable_by"], ["says"])
            name = self.notes.id(fields.get("rule"), "a rule id")
            passable = self.notes.choose(fields.get("passable_by"), "passable_by", PASSABLE)
            self.notes.once(fields.get("rule"), name, found)
            if name and name not in by_id:
                guess = did_you_mean(name, by_id) or "; name a rule listed under rules"
                self.notes.wrong(fields["rule"], f'"{name}" is not a rule of this protocol{guess}')
            says = self.notes.text(fields["says"], "says") if "says" in fields else None
            said = says or (by_id[name].says if name in by_id else {})
            found.setdefault(name, StopSpec(name, _stakes(passable), said))
        return tuple(found.values())

    def decides(self, node: Node | None) -> Decides:
        if node is None:
            return {}
        words = [stakes.word for stakes in Stakes]
        fields = self.notes.mapping(node, "decides", (), words)
        decides: dict[Stakes, frozenset[str]] = {}
        for stakes in Stakes:
            duties = self.notes.deciders(fields.get(stakes.word), stakes)
            if not duties and stakes.word not in fields:
                says = f"nobody may decide at {stakes.word} stakes; add {stakes.word}: and a duty"
                self.notes.wrong(node, says)
            decides[stakes] = frozenset(duties)
        return decides


NEVER: Final = Condition("", Or(()))
"""Stands in for a condition that could not be read."""


def _pairs(node: Node) -> list[tuple[Node, Node | None]]:
    """Options written as a list of ids, or as ids with their labels."""
    if isinstance(node.value, Mapping):
        return list(node.value.items())
    return [(each, None) for each in node.value] if isinstance(node.value, tuple) else []


def _stakes(passable: str) -> Stakes | None:
    return Stakes[passable.upper()] if passable in PASSABLE[1:] else None

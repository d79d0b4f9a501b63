"""Reads the questions of a protocol or of a shared library."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from primum.core.protocol.facts import FACTS
from primum.core.protocol.fields import Fields, Notes, names_of, question_in
from primum.core.protocol.model import LookPlan, Option, Question, Section
from primum.core.protocol.nodes import Node, did_you_mean, nearest
from primum.core.protocol.values import CELLS, YES_NO, Domain, Kind

CURRENCY: Final = re.compile(r"[A-Z]{3}", re.ASCII)
ORDERED: Final = (Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.PEOPLE)
OWN: Final = ["when", "required", "changeable", "material", "worse", "read_by"]
"""What may be said of a question anew where it is taken from a library."""

QUESTION: Final = (
    ["id", "section", "ask", "kind"],
    ["options", "help", "cites", "wording", "currency", *OWN],
)
TAKEN: Final = (["use"], ["section", *OWN])


@dataclass(frozen=True, slots=True)
class Library:
    """Questions that several protocols share. One improvement shows in all of them."""

    id: str
    languages: tuple[str, ...]
    questions: Mapping[str, Question]


class Asking:
    """The questions read so far, and every name that rules may use."""

    def __init__(self, notes: Notes, libraries: Mapping[str, Library] | None) -> None:
        self.notes = notes
        self.libraries = libraries
        self.asked: dict[str, Question] = {}
        self.places: dict[str, Node] = {}
        self.names: dict[str, Domain | None] = {name: fact.domain for name, fact in FACTS.items()}
        self.missed = False
        """Whether a question was to be taken from a library and could not be found there."""

    def questions(self, node: Node | None) -> None:
        nodes = self.notes.sequence(node, "questions")
        if node is not None and not nodes:
            what = "library" if self.libraries is None else "protocol"
            self.notes.wrong(node, f"a {what} asks at least one question")
        conditions: list[tuple[Question, Node]] = []
        for each in nodes:
            taken = isinstance(each.value, Mapping) and any(k.value == "use" for k in each.value)
            fields = self.notes.mapping(each, "a question", *(TAKEN if taken else QUESTION))
            question = self.taken(fields) if taken else self.written(fields)
            if question is None:
                continue
            self.keep(question, fields.get("id") or fields.get("use") or each)
            if "when" in fields:
                conditions.append((question, fields["when"]))
            elif question.when is not None:
                self.follows(question, fields["use"])
        for question, at in conditions:
            when = self.notes.condition(at, self.names)
            self.asked[question.id] = replace(self.asked[question.id], when=when)
        for question, at in conditions:
            self.in_order(self.asked[question.id], at)

    def keep(self, question: Question, at: Node) -> None:
        self.notes.once(at, question.id, self.asked)
        self.asked.setdefault(question.id, question)
        self.places.setdefault(question.id, at)
        # A count has names for its cells alone; whoever names it as a whole is told of them.
        for name, domain in {question.id: question.domain, **question.names}.items():
            if question.id:
                self.names.setdefault(name, domain)

    def written(self, fields: Fields) -> Question:
        notes = self.notes
        name = notes.id(fields.get("id"), "a question id")
        if name in YES_NO:
            notes.wrong(fields["id"], f'"{name}" is an answer; rename the question')
        domain, options = self.domain(fields)
        if domain is None and name:
            # Asked of nothing: a rule that names it is not blamed for the question's own mistake.
            self.names.setdefault(name, None)
        question = Question(
            id=name,
            section=notes.one_of(fields.get("section"), "section", Section, Section.BRINGS),
            ask=notes.text(fields.get("ask"), "ask"),
            domain=domain or Domain(Kind.TEXT),
            options=options,
            help=notes.text(fields["help"], "help") if "help" in fields else None,
            cites=notes.word(fields.get("cites"), "cites"),
            wording_to_check=notes.to_check(fields.get("wording")),
        )
        return self.said_of(question, fields, ordered=domain is None or domain.kind in ORDERED)

    def taken(self, fields: Fields) -> Question | None:
        """A question of a shared library, named `library.question`."""
        node = fields.get("use")
        if node is None:
            return None
        word = self.notes.word(node, "use")
        library, dot, name = word.partition(".")
        shared = self.library(node, library) if dot else None
        if word and not dot:
            says = f'"{word[:40]}" names no question; write the library, a point and the question'
            self.notes.wrong(node, says)
        if shared is not None and name not in shared.questions:
            guess = did_you_mean(name, shared.questions)
            says = f'"{name[:40]}" is not a question of the library {library}{guess}'
            self.notes.wrong(node, says)
        if shared is None or name not in shared.questions:
            # Whatever was meant, what names it is not to blame.
            self.missed = True
            near = nearest(name, shared.questions) if shared is not None else ""
            for meant in {name or word, near} - {""}:
                self.names |= dict.fromkeys((meant, *(f"{meant}.{cell}" for cell in CELLS)))
            return None
        lacking = [each for each in self.notes.languages if each not in shared.languages]
        if lacking:
            says = f"the library {library} has no {lacking[0]} translation; add it there"
            self.notes.wrong(node, says)
        question = replace(shared.questions[name], library=library)
        return self.said_of(question, fields, ordered=question.kind in ORDERED)

    def library(self, node: Node, name: str) -> Library | None:
        if self.libraries is None:
            self.notes.wrong(node, "a library takes no question from another; write it out")
            return None
        if name not in self.libraries:
            guess = did_you_mean(name, self.libraries)
            guess = guess or "; add a file of that name to the libraries"
            self.notes.wrong(node, f'"{name[:40]}" is not a library of questions{guess}')
        return self.libraries.get(name)

    def said_of(self, question: Question, fields: Fields, *, ordered: bool) -> Question:
        """What a protocol says of a question, its own or a shared one."""
        notes = self.notes
        if "section" in fields:
            section = notes.one_of(fields["section"], "section", Section, Section.BRINGS)
            question = replace(question, section=section)
        if "read_by" in fields:
            duties = frozenset(notes.duties(fields["read_by"], "read_by"))
            question = replace(question, read_by=duties)
        if "worse" in fields:
            worse = notes.choose(fields["worse"], "worse", ["more", "less"])
            if not ordered:
                notes.wrong(fields["worse"], f"a {question.kind} has no more or less; remove it")
            question = replace(question, worse=worse)
        return replace(
            question,
            required=self.flag(fields, "required", question.required),
            changeable=self.flag(fields, "changeable", question.changeable),
            material=self.flag(fields, "material", question.material),
        )

    def flag(self, fields: Fields, name: str, before: bool) -> bool:
        return self.notes.yes_no(fields[name], name) if name in fields else before

    def follows(self, question: Question, at: Node) -> None:
        """A shared question shown only for the answer to another brings the other with it."""
        shared = (self.libraries or {})[question.library].questions
        for name in sorted({question_in(name) for name in names_of(question.when)}):
            if name not in self.asked and self.missed:
                continue
            if name not in self.asked:
                says = f'"{question.id}" depends on "{name}"; use that question too, above it'
                self.notes.wrong(at, says)
            elif self.asked[name].domain != shared[name].domain:
                says = f'"{question.id}" depends on "{name}" of {question.library}, and another'
                self.notes.wrong(at, f"{says} question has that name here; rename it")

    def in_order(self, question: Question, node: Node) -> None:
        """Whether all that the condition of a question names is asked before it."""
        order = list(self.asked)
        for name in sorted(names_of(question.when)):
            asks = question_in(name)
            if not asks:
                says = f'"{name}" is a fact; asking or not asking would give it away'
                self.notes.wrong(node, says)
            elif asks in order and order.index(asks) >= order.index(question.id):
                self.notes.wrong(node, self._too_low(asks, question.id))
            elif asks in order and question.section.before > self.asked[asks].section.before:
                says = (
                    f'"{name}" is asked at looks, after "{question.id}"; ask it before, or drop it'
                )
                self.notes.wrong(node, says)

    def _too_low(self, asks: str, name: str) -> str:
        if asks == name:
            return f'a cycle: "{name}" waits for its own answer'
        if name in self._waits_for(asks):
            return f'a cycle: "{name}" is asked after "{asks}", which is asked after "{name}"'
        return f'"{asks}" is asked further down; move it above "{name}"'

    def _waits_for(self, name: str) -> set[str]:
        """Every question that one must be asked after, all the way up."""
        found: set[str] = set()
        todo = [name]
        while todo:
            asked = self.asked.get(todo.pop())
            above = {question_in(each) for each in names_of(asked.when if asked else None)}
            todo += above - found
            found |= above
        return found

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


def with_material(questions: Iterable[Question], used: Iterable[str]) -> Sequence[Question]:
    """A question that any condition names is material, whatever is said of it."""
    named = {question_in(name) for name in used}
    return [replace(q, material=q.material or q.id in named) for q in questions]


def _pairs(node: Node) -> list[tuple[Node, Node | None]]:
    """Options written as a list of ids, or as ids with their labels."""
    if isinstance(node.value, Mapping):
        return list(node.value.items())
    return [(each, None) for each in node.value] if isinstance(node.value, tuple) else []

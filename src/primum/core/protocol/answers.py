"""Answers to a protocol's questions: reading them, and how complete they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from primum.core.protocol.expression import holds, open_names
from primum.core.protocol.model import Protocol, Question, Section
from primum.core.protocol.nodes import did_you_mean
from primum.core.protocol.values import (
    LONGEST_TEXT,
    People,
    Value,
    ValueRefused,
    plain_value,
    read_links,
    read_value,
)


@dataclass(frozen=True, slots=True)
class Answers:
    """What is known, and why the rest is not. A question in neither was not answered yet."""

    known: Mapping[str, Value] = field(default_factory=dict)
    because: Mapping[str, str] = field(default_factory=dict)
    """Question -> why it is unknown, in the answerer's words."""
    evidence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Question -> what the answer rests on."""

    @property
    def names(self) -> Mapping[str, Value]:
        """What rules may name: the answers, and each cell of a count as `question.cell`."""
        return {**self.known, **cells_of(self.known)}


def cells_of(known: Mapping[str, Value]) -> Mapping[str, Value]:
    """The cells of every count among `known`, each by a name of its own."""
    return {
        f"{name}.{cell}": count
        for name, value in known.items()
        if isinstance(value, People)
        for cell, count in value.cells
    }


@dataclass(frozen=True, slots=True)
class AnswerMistake:
    """One answer that cannot be taken: a code for translation and a sentence."""

    question: str
    code: str
    says: str


class AnswerError(Exception):
    """Answers that cannot be taken, with every mistake. Nothing else about them is wrong."""

    def __init__(self, mistakes: tuple[AnswerMistake, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(f"{m.question}: {m.says}" for m in mistakes))


@dataclass(frozen=True, slots=True)
class Completeness:
    """How far the answers go; all a proposer is told. Says nothing of what they mean."""

    asked: int
    answered: int
    """Known, or unknown with a reason."""
    unknown: tuple[str, ...]
    """Answered "I don't know, because ..."."""
    unanswered: tuple[str, ...]
    missing: tuple[str, ...]
    """Required and unanswered."""

    @property
    def complete(self) -> bool:
        return not self.missing


def read_answers(protocol: Protocol, raw: Mapping[str, object]) -> Answers:
    """Take answers by question id; None is none. Raises AnswerError with all that are wrong.

    An answer is a value, or `{"unknown": why}`. Either may come with what it rests on:
    `{"answer": value, "evidence": [link, …]}`, `{"unknown": why, "evidence": [link, …]}`.
    """
    known: dict[str, Value] = {}
    because: dict[str, str] = {}
    evidence: dict[str, tuple[str, ...]] = {}
    mistakes: list[AnswerMistake] = []
    for name, given in raw.items():
        if name not in protocol.by_id:
            says = f"this is not a question of this protocol{did_you_mean(name, protocol.by_id)}"
            mistakes.append(AnswerMistake(name, "no_such_question", says))
            continue
        try:
            answer, links = _apart(given)
            if links:
                evidence[name] = links
            if isinstance(answer, Mapping) and "unknown" in answer:
                because[name] = _reason(answer)
            elif answer is not None:
                known[name] = read_value(protocol.by_id[name].domain, answer)
        except ValueRefused as refused:
            mistakes.append(AnswerMistake(name, refused.code, refused.says))
    if mistakes:
        raise AnswerError(tuple(mistakes))
    return Answers(known, because, evidence)


def read_what_can_be(protocol: Protocol, raw: Mapping[str, object]) -> Answers:
    """The answers as far as they can be read: one mistyped number hides none of the others."""
    try:
        return read_answers(protocol, raw)
    except AnswerError as error:
        wrong = {mistake.question for mistake in error.mistakes}
        sound = {name: value for name, value in raw.items() if name not in wrong}
        return read_answers(protocol, sound)


def plain_answers(protocol: Protocol, answers: Answers) -> dict[str, object]:
    """The answers as plain data that `read_answers` reads back to the same answers."""
    plain: dict[str, object] = {}
    for question in protocol.questions:
        given: dict[str, object] = {}
        if question.id in answers.known:
            given["answer"] = plain_value(question.domain, answers.known[question.id])
        elif question.id in answers.because:
            given["unknown"] = answers.because[question.id]
        if question.id in answers.evidence:
            given["evidence"] = list(answers.evidence[question.id])
        if given:
            plain[question.id] = given["answer"] if set(given) == {"answer"} else given
    return plain


def _apart(given: object) -> tuple[object, tuple[str, ...]]:
    """An answer, and the evidence that came with it."""
    if not isinstance(given, Mapping) or not {"answer", "evidence"} & set(given):
        return given, ()
    strange = sorted(str(key) for key in set(given) - {"answer", "unknown", "evidence"})
    if strange:
        says = f'"{strange[0][:40]}" does not belong here; write answer or unknown, and evidence'
        raise ValueRefused("not_an_answer", says)
    links = read_links(given["evidence"]) if given.get("evidence") else ()
    if "unknown" in given:
        return {name: value for name, value in given.items() if name != "evidence"}, links
    return given.get("answer"), links


def asked(
    protocol: Protocol, answers: Answers, sections: Collection[Section] | None = None
) -> tuple[Question, ...]:
    """The questions to put: those of `sections` (all before the decision) not surely beside it."""
    put = protocol.before
    if sections is not None:
        put = tuple(q for q in protocol.questions if q.section in sections)
    beside = unasked(protocol.gated, answers.names)
    return tuple(question for question in put if question.id not in beside)


def unasked(questions: Iterable[Question], names: Mapping[str, Value]) -> Collection[str]:
    """Those of these questions, in their order, that are beside the point.

    A question is when its condition is false, or could only come true by an answer to a question
    that is beside the point itself: nobody will ever give that answer, and one given earlier, when
    it was asked, no longer counts here.
    """
    known = dict(names)
    beside: set[str] = set()
    silent: set[str] = set()
    for question in questions:
        if question.when is None:
            continue
        said = holds(question.when.expression, known)
        if said is None and open_names(question.when.expression, known) <= silent:
            said = False
        if said is False:
            beside.add(question.id)
            silent |= set(question.names)
            for name in question.names:
                known.pop(name, None)
    return beside


def completeness(
    protocol: Protocol, answers: Answers, sections: Collection[Section] | None = None
) -> Completeness:
    """How many of the questions asked before the decision (or of `sections`) are answered."""
    questions = asked(protocol, answers, sections)
    unknown = tuple(q.id for q in questions if q.id in answers.because)
    unanswered = tuple(
        q.id for q in questions if q.id not in answers.known and q.id not in answers.because
    )
    required = {q.id for q in questions if q.required}
    return Completeness(
        asked=len(questions),
        answered=len(questions) - len(unanswered),
        unknown=unknown,
        unanswered=unanswered,
        missing=tuple(name for name in unanswered if name in required),
    )


def _reason(given: Mapping[str, object]) -> str:
    because = given["unknown"]
    if set(given) != {"unknown"} or not isinstance(because, str) or not because.strip():
        raise ValueRefused("no_reason", "say in a few words why it is unknown")
    if len(because) > LONGEST_TEXT:
        raise ValueRefused("too_long", f"the text is longer than {LONGEST_TEXT:,} characters")
    return because.strip()

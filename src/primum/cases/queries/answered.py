"""Answers as a page shows them, and what was changed in them after a Ruling was seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from primum.cases.models import Assessment
from primum.core.protocol import Kind, Protocol, Question
from primum.core.vocabulary import Text
from primum.people.sight import Viewer, require
from primum.register import queries as register

__all__ = ["Edit", "Shown", "edits", "names_in", "shown_answers"]

Names = Mapping[str, Text | str]
"""Keys of parties and places, written out, and what they are called."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer: what was said, or why it is not known, and what it rests on."""

    said: tuple[Text | str, ...]
    cells: tuple[tuple[str, str], ...] = ()
    """People by sex and age: cell and count."""
    unknown: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """One answer that was changed after a Ruling for the one before had been shown."""

    ask: Text
    before: Shown | None
    after: Shown | None
    material: bool


def shown_answers(
    viewer: Viewer, rules: Protocol, answers: Mapping[str, object], names: Names | None = None
) -> tuple[tuple[Text, Shown], ...]:
    """Questions with their answers, in the protocol's order."""
    require(viewer)
    return tuple(
        (question.ask, _shown(question, answers[question.id], names or {}))
        for question in rules.questions
        if question.id in answers
    )


def names_in(viewer: Viewer, rules: Protocol, *sets: Mapping[str, object]) -> Names:
    """The names of the parties and places that answers hold by their keys, as far as one sees."""
    require(viewer)
    keys: set[str] = set()
    for question in rules.questions:
        if question.kind in (Kind.PARTY, Kind.PLACE):
            keys |= {key for answers in sets for key in _listed(answers.get(question.id))}
    if not keys:
        return {}
    places: dict[UUID, Text] = dict(register.places(viewer))
    found: dict[str, Text | str] = {str(key): names for key, names in places.items()}
    return found | {str(key): name for key, name in register.names_of(viewer, keys).items()}


def edits(
    viewer: Viewer, rules: Protocol, assessment: Assessment, names: Names | None = None
) -> tuple[Edit, ...]:
    """What changed after a Ruling was first shown, and since the assessment before; grave first."""
    require(viewer)
    known = names or {}
    former = assessment.supersedes.answers if assessment.supersedes else {}
    before: dict[str, object] = {**former, **assessment.edited}
    if not former:
        before = dict(assessment.edited)
    after = assessment.answers
    found: list[Edit] = []
    for question in rules.questions:
        name = question.id
        if (former and before.get(name) != after.get(name)) or name in assessment.edited:
            found.append(
                Edit(
                    ask=question.ask,
                    before=_maybe(question, before.get(name), known),
                    after=_maybe(question, after.get(name), known),
                    material=question.material,
                )
            )
    return tuple(sorted(found, key=lambda edit: not edit.material))


def _maybe(question: Question, given: object, names: Names) -> Shown | None:
    return None if given is None else _shown(question, given, names)


def _shown(question: Question, given: object, names: Names) -> Shown:
    evidence: tuple[str, ...] = ()
    if isinstance(given, Mapping) and {"answer", "evidence", "unknown"} & set(given):
        evidence = tuple(str(link) for link in given.get("evidence") or ())
        if "unknown" in given:
            return Shown((), unknown=str(given["unknown"]), evidence=evidence)
        given = given.get("answer")
    if question.kind is Kind.PEOPLE and isinstance(given, Mapping):
        cells = tuple((str(cell), _count(count)) for cell, count in given.items())
        return Shown((), cells=cells, evidence=evidence)
    labels: dict[str, Text | str] = {option.id: option.label for option in question.options}
    if question.kind in (Kind.PARTY, Kind.PLACE):
        labels |= names
    said = tuple(labels.get(word, word) for word in _listed(given))
    return Shown(said, evidence=evidence)


def _listed(given: object) -> Iterable[str]:
    if isinstance(given, Mapping) and "answer" in given:
        given = given["answer"]
    if given is None:
        return ()
    if isinstance(given, list | tuple):
        return [str(each) for each in given]
    return [_count(given)]


def _count(given: object) -> str:
    if isinstance(given, Mapping) and {"min", "max"} <= set(given):
        return f"{given['min']}–{given['max']}"
    if isinstance(given, Mapping):
        return str(given.get("amount", ""))
    return str(given)

"""Answers to a protocol's questions as a form sends them.

A question `held` sends `q-held` (once, or once for each option chosen), for a number also
`q-held-max`, for people `q-held-girls` and so on; and beside it `q-held-because` (why it is not
known) and `q-held-evidence` (what the answer rests on, one a line).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from primum.core.protocol import CELLS, Kind, Question

UNKNOWN = "?"
THOUSANDS = re.compile(r"-?\d{1,3}([,\u066c]\d{3})+(\.\d+)?", re.ASCII)
BETWEEN = ("–", "-", "…")
Form = Mapping[str, Sequence[str]]


def form_of(post: Iterable[tuple[str, Sequence[object]]]) -> Form:
    """What a request posted, as plain lists of words."""
    return {name: [str(value) for value in values] for name, values in post}


def read(form: Form, questions: Iterable[Question]) -> dict[str, object]:
    """Question id -> answer as `read_answers` takes it; what was left blank is absent."""
    found: dict[str, object] = {}
    for question in questions:
        value = _value(form, question)
        links = _lines(form, f"q-{question.id}-evidence")
        if value is None:
            continue
        if links:
            known = value if isinstance(value, dict) and "unknown" in value else {"answer": value}
            value = {**known, "evidence": links}
        found[question.id] = value
    return found


def _value(form: Form, question: Question) -> object | None:
    name = f"q-{question.id}"
    because = _word(form, f"{name}-because")
    given = [word.strip() for word in form.get(name, ()) if word.strip()]
    value = _of_kind(form, question, [word for word in given if word != UNKNOWN])
    if UNKNOWN in given or (because and value is None):
        return {"unknown": because}
    return value


def _of_kind(form: Form, question: Question, given: list[str]) -> object | None:
    name = f"q-{question.id}"
    match question.kind:
        case Kind.SEVERAL | Kind.PARTY:
            return given or None
        case Kind.EVIDENCE:
            return _lines(form, name) or None
        case Kind.PEOPLE:
            cells = {cell: _count(_word(form, f"{name}-{cell}")) for cell in CELLS}
            return {cell: count for cell, count in cells.items() if count} or None
        case Kind.NUMBER | Kind.MONEY:
            most = _word(form, f"{name}-max")
            if most:
                return {"min": _plain(given[0] if given else ""), "max": _plain(most)}
            return _plain(given[0]) if given else None
        case _:
            return given[0] if given else None


def _count(word: str) -> object:
    """How many: one number, or the least and the most with a dash between."""
    for dash in BETWEEN:
        least, found, most = word.partition(dash)
        if found and least.strip() and most.strip():
            return {"min": _plain(least), "max": _plain(most)}
    return _plain(word)


def _plain(word: str) -> str:
    """A number as typed, without what people put between thousands. 2,5 stays what it is."""
    bare = "".join(str(_digit(c)) for c in word if c not in " \u202f\xa0")
    if THOUSANDS.fullmatch(bare):
        return re.sub(r"[,\u066c]", "", bare)
    return bare if bare[:1].isdecimal() or bare[:1] == "-" else word.strip()


def _digit(character: str) -> int | str:
    # Arabic-Indic and other digits are digits; what is none stays and is refused by its name.
    return int(character) if character.isdecimal() else character


def _word(form: Form, name: str) -> str:
    return next((value.strip() for value in form.get(name, ()) if value.strip()), "")


def _lines(form: Form, name: str) -> list[str]:
    written = "\n".join(form.get(name, ()))
    return [line.strip() for line in written.splitlines() if line.strip()]

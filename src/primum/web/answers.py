"""Answers to a protocol's questions as a form sends them."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import QueryDict

from primum.core.protocol import Kind, Question

UNKNOWN = "?"


def read(form: QueryDict, questions: Iterable[Question]) -> dict[str, object]:
    """Question id -> value or {"unknown": why}; what was left blank is absent."""
    found: dict[str, object] = {}
    for question in questions:
        value = _value(form, question)
        if value is not None:
            found[question.id] = value
    return found


def _value(form: QueryDict, question: Question) -> object | None:
    name = f"q-{question.id}"
    because = form.get(f"{name}-because", "").strip()
    if question.kind is Kind.SEVERAL:
        chosen = [word for word in form.getlist(name) if word]
        if UNKNOWN in chosen or (because and not chosen):
            return {"unknown": because or ""}
        return chosen or None
    word = form.get(name, "").strip()
    if word == UNKNOWN or (because and not word):
        return {"unknown": because or ""}
    return word or None

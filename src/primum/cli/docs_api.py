"""The reference page of the API, written from the schema that is served."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import django
from django.apps import apps

__all__ = ["body", "names"]


def names() -> list[str]:
    """Every operation by its name."""
    return sorted(name for name, *_ in _operations())


def body() -> Iterator[str]:
    """Each operation: its address, what it takes, what it answers; then the shapes they name."""
    yield str(_schema()["info"]["description"])
    yield "## Operations"
    for name, address, operation in sorted(_operations()):
        yield f"### {name}\n\n`{address}`\n\n{_about(operation)}"
        yield "\n".join(_taken(operation))
        yield f"Answers {_answer(operation)}."
    yield "## Shapes\n\nWhat operations take and answer, by the names of the schema."
    for name, shape in sorted(_schema()["components"]["schemas"].items()):
        yield f"### {name}\n\n{_words(shape.get('description', ''))}"
        yield "\n".join(_fields(shape))


def _operations() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, methods in _schema()["paths"].items():
        for method, operation in methods.items():
            yield operation["operationId"], f"{method.upper()} {path}", operation


@cache
def _schema() -> Mapping[str, Any]:
    """The schema itself. Its tables name actions, so Django is set up; no database is asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "primum.site.settings")
    if not apps.ready:
        django.setup()
    from primum.api.machine import schema  # noqa: PLC0415 - after django.setup()
    from primum.api.urls import api  # noqa: PLC0415

    return schema(api)


def _about(operation: Mapping[str, Any]) -> str:
    return "\n\n".join(filter(None, (operation["summary"], operation.get("description"))))


def _taken(operation: Mapping[str, Any]) -> Iterator[str]:
    for each in operation["parameters"]:
        if each["in"] == "query":
            yield f"- `{each['name']}`: {_kind(each['schema'])}"
    sent = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    if sent:
        yield f"- Takes {_kind(sent['schema'])}"


def _answer(operation: Mapping[str, Any]) -> str:
    answers = operation["responses"]
    statuses = ", ".join(str(status) for status in answers if str(status) != "200")
    found = answers.get(200) or answers["200"]
    return f"{_kind(found['content']['application/json']['schema'])}; else {statuses}"


def _fields(shape: Mapping[str, Any]) -> Iterator[str]:
    if "enum" in shape:
        yield f"One of {', '.join(f'`{word}`' for word in shape['enum'])}."
    required = shape.get("required", ())
    for name, of in shape.get("properties", {}).items():
        yield f"- `{name}`: {_kind(of)}{'' if name in required else ' (may be left out)'}"


def _kind(of: Mapping[str, Any]) -> str:
    """A type in a few words."""
    if "$ref" in of:
        name = of["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    for mark, says in KINDS.items():
        if mark in of:
            return says(of[mark])
    return str(of.get("format") or of.get("type") or "anything")


KINDS: Mapping[str, Callable[[Any], str]] = {
    "anyOf": lambda parts: " or ".join(map(_kind, parts)),
    "enum": lambda words: " or ".join(f"`{word}`" for word in words),
    "prefixItems": lambda parts: f"pair of {' and '.join(map(_kind, parts))}",
    "items": lambda part: f"list of {_kind(part)}",
    "additionalProperties": lambda part: f"map to {'anything' if part is True else _kind(part)}",
}
"""What tells a kind of type, and how it is called; the first that is there counts."""


def _words(text: str) -> str:
    return " ".join(text.split("\n\n", maxsplit=1)[0].split())

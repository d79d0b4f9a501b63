"""The letters as they are worded to begin with: one YAML file a kind, in English and French.

The wording is ours. What it says of the policy is from memory and marked so, for its writers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from primum.core.letters import LANGUAGES, PARTS
from primum.core.vocabulary import Text
from primum.exchange.documents.letter import paragraphs_of

FOLDER: Final = Path(__file__).parent / "letters"
KINDS: Final = (
    "policy",
    "concern",
    "formal_notice",
    "final_notice",
    "suspension",
    "resumption",
    "withdrawal",
)
EVERY: Final = "every"
"""The file of what stands in every letter: greeting, farewell, labels."""


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of letter: what it is called, its parts, and what is still to be checked."""

    kind: str
    title: Text
    parts: Mapping[str, Text]
    check: Text


@cache
def template(kind: str) -> Template:
    data = _read(kind)
    return Template(
        kind=kind,
        title=data["title"],
        parts={part: data[part] for part in PARTS},
        check=data["check"],
    )


@cache
def frame() -> Mapping[str, Text]:
    """Greeting, farewell and the labels around a letter's own words."""
    return _read(EVERY)


def filled(kind: str, language: str, values: Mapping[str, str]) -> Mapping[str, str]:
    """The parts of a letter as its writer finds them: names filled in, gaps in double brackets."""
    found = template(kind)
    return {
        part: "\n\n".join(paragraphs_of(found.parts[part][language])) % values for part in PARTS
    }


def _read(kind: str) -> dict[str, Text]:
    path = FOLDER / f"{kind}.yaml"
    # BaseLoader: every scalar stays the text that was written (“no” is Norwegian, not False).
    data: dict[str, Text] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    for name, text in data.items():
        lacking = [code for code in LANGUAGES if not text.get(code, "").strip()]
        if lacking:
            raise ValueError(f"{path.name}: “{name}” is missing in {', '.join(lacking)}.")
    return data

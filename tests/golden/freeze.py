"""Freeze what a way of weighing gives: python -m tests.golden.freeze NUMBER.

Only ever makes a new folder. What is frozen stays as it is.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from primum.core.protocol import (
    Protocol,
    canonical,
    read_answers,
    read_facts,
    ruling_to_json,
    weigh,
)
from primum.protocols import parse

HERE = Path(__file__).parent
MANIFEST = "MANIFEST.sha256"


def folder(semantics: int) -> Path:
    return HERE / f"semantics-{semantics}"


def protocol_of(semantics: int) -> Protocol:
    return parse((folder(semantics) / "protocol.yaml").read_text(encoding="utf-8"))


def cases_of(semantics: int) -> Mapping[str, Mapping[str, Any]]:
    """The answers and facts of each case, by its name."""
    text = (folder(semantics) / "cases.json").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, Any]] = json.loads(text)
    return found


def weighed(protocol: Protocol, case: Mapping[str, Any], semantics: int) -> str:
    """The canonical text of the Ruling on one case."""
    answers, facts = read_answers(protocol, case["answers"]), read_facts(case["facts"])
    return canonical(ruling_to_json(weigh(protocol, answers, facts, semantics))) + "\n"


def manifest(semantics: int) -> str:
    """The digest and the name of every file of a number."""
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(HERE).as_posix()}\n"
        for path in sorted(folder(semantics).iterdir())
        if path.name != MANIFEST
    )


def freeze(semantics: int) -> str:
    """Make the folder of a number; the weigher must know it already. The digest to write down."""
    made = folder(semantics)
    made.mkdir()
    for name in ("protocol.yaml", "cases.json"):
        shutil.copy(folder(semantics - 1) / name, made / name)
    return write(semantics)


def write(semantics: int) -> str:
    """The Ruling of every case, and the manifest; nothing that is there is written over."""
    protocol = protocol_of(semantics)
    for name, case in cases_of(semantics).items():
        _new(folder(semantics) / f"{name}.json", weighed(protocol, case, semantics))
    listed = manifest(semantics)
    _new(folder(semantics) / MANIFEST, listed)
    return hashlib.sha256(listed.encode()).hexdigest()


def _new(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    print(freeze(int(sys.argv[1])))  # noqa: T201

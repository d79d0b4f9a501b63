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
MANIFEST = HERE / "MANIFEST.sha256"


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


def manifest() -> str:
    files = sorted(HERE.glob("semantics-*/*"))
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(HERE).as_posix()}\n"
        for path in files
    )


def freeze(semantics: int) -> str:
    """Make the folder of a number, and the digest of the manifest that then holds."""
    made = folder(semantics)
    made.mkdir()
    for name in ("protocol.yaml", "cases.json"):
        shutil.copy(folder(semantics - 1) / name, made / name)
    write(semantics)
    MANIFEST.write_text(manifest(), encoding="utf-8")
    return hashlib.sha256(MANIFEST.read_bytes()).hexdigest()


def write(semantics: int) -> None:
    """The Ruling of every case; the weigher must know the number already."""
    protocol = protocol_of(semantics)
    for name, case in cases_of(semantics).items():
        path = folder(semantics) / f"{name}.json"
        with path.open("x", encoding="utf-8") as file:
            file.write(weighed(protocol, case, semantics))


if __name__ == "__main__":
    print(freeze(int(sys.argv[1])))  # noqa: T201

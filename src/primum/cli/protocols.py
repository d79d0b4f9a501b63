"""primum protocols: check protocol files, compare two versions, list those that ship."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from primum import protocols
from primum.cli.weigh import LARGEST, open_protocol, sentence
from primum.core.protocol import (
    Authority,
    Library,
    Protocol,
    ProtocolError,
    differences,
    loosened,
)
from primum.core.vocabulary import Because
from primum.protocols import mission


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "protocols", help="check protocol files, compare versions, list those that ship"
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    check = verbs.add_parser("check", help="find every mistake in protocol files")
    check.add_argument("files", nargs="+", metavar="FILE")
    check.add_argument("--mission", help="check the duties named against this mission's posts")
    check.set_defaults(run=run)
    compare = verbs.add_parser("compare", help="say in sentences what changed between two versions")
    compare.add_argument("old", help="the name of a protocol that ships, or a file")
    compare.add_argument("new", help="the name of a protocol that ships, or a file")
    compare.add_argument("--language", default="en", help="the language of the words quoted (en)")
    compare.set_defaults(run=run)
    verbs.add_parser("list", help="list the protocols that ship").set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when all is well; 2 when a file cannot be read.

    1 when a protocol has mistakes, or when the new one of two loosens a hard stop.
    """
    if args.verb == "compare":
        return _compare(args.old, args.new, args.language)
    return _list() if args.verb == "list" else _check(args.files, args.mission)


def _check(files: list[str], mission_name: str | None) -> int:
    try:
        held = mission.authority_of(mission.read(mission_name).posts) if mission_name else None
    except mission.MissionError as error:
        print(error, file=sys.stderr)
        return 2
    worst = 0
    for name in files:
        try:
            with Path(name).open("rb") as file:
                print(f"{name}: {_found(file.read(LARGEST + 1), name, held)}")
        except ProtocolError as error:
            print(error, file=sys.stderr)
            worst = max(worst, 1)
        except OSError as error:
            print(sentence(error), file=sys.stderr)
            worst = 2
    return worst


def _found(data: bytes, name: str, held: Authority | None) -> str:
    """What a protocol or a library holds, when nothing in it is wrong."""
    found = protocols.check(data, name, held)
    if isinstance(found, Library):
        return f"a library of {_count(len(found.questions), 'question')}"
    return _counts(found)


def _compare(old_name: str, new_name: str, language: str) -> int:
    try:
        old, new = open_protocol(old_name), open_protocol(new_name)
    except (ProtocolError, LookupError, OSError) as error:
        print(sentence(error), file=sys.stderr)
        return 2
    changed, looser = differences(old, new), loosened(old, new)
    if old.version == new.version:
        print("The two are the same, byte for byte.")
    elif not changed:
        print("Nothing changed that a reader or a case could notice.")
    for because in changed:
        print(_told(because, language))
    if looser:
        print("\nHard stops loosened, which only the leadership may do, by a dated decision:")
    for because in looser:
        print(f"  - {_told(because, language)}")
    return 1 if looser else 0


def _told(because: Because, language: str) -> str:
    said = {
        name: value.get(language, value["en"]) if isinstance(value, Mapping) else value
        for name, value in because.values.items()
    }
    return because.says % said


def _list() -> int:
    for name in protocols.available():
        protocol = protocols.load(name)
        review = "; translations not yet reviewed" if protocol.review_needed else ""
        print(f"{name}: {protocol.title['en']} ({_counts(protocol)}{review})")
    return 0


def _counts(protocol: Protocol) -> str:
    parts = {
        "question": len(protocol.questions),
        "rule": len(protocol.rules),
        "hard stop": len(protocol.hard_stops),
        "look": len(protocol.looks),
    }
    return ", ".join(_count(count, noun) for noun, count in parts.items())


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"

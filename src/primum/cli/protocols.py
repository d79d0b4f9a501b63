"""primum protocols: check protocol files, and list those that ship."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from primum import protocols
from primum.cli.weigh import LARGEST, sentence
from primum.core.protocol import Protocol, ProtocolError
from primum.protocols import mission


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("protocols", help="check protocol files, list those that ship")
    verbs = parser.add_subparsers(dest="verb", required=True)
    check = verbs.add_parser("check", help="find every mistake in protocol files")
    check.add_argument("files", nargs="+", metavar="FILE")
    check.add_argument("--mission", help="check the duties named against this mission's posts")
    check.set_defaults(run=run)
    verbs.add_parser("list", help="list the protocols that ship").set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when all is well; 1 when a protocol has mistakes; 2 when a file cannot be read."""
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
                protocol = protocols.parse(file.read(LARGEST + 1), name, held)
            print(f"{name}: {_counts(protocol)}")
        except ProtocolError as error:
            print(error, file=sys.stderr)
            worst = max(worst, 1)
        except OSError as error:
            print(sentence(error), file=sys.stderr)
            worst = 2
    return worst


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
    return ", ".join(f"{count} {noun}{'' if count == 1 else 's'}" for noun, count in parts.items())

"""primum replay: weigh stored Rulings again, years later. No database, nothing is kept."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any

from primum.cli.weigh import as_json, bytes_of, open_protocol, sentence
from primum.core.protocol import (
    Mistake,
    Protocol,
    ProtocolError,
    canonical,
    replay,
    ruling_from_json,
    ruling_to_json,
)

SHOWN = 20
LONGEST = 60
NO_RULING = "this is not a Ruling as primum weigh --json prints it"


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("replay", help="weigh stored Rulings again: are they the same?")
    parser.add_argument("protocol", help="the name of a protocol that ships, or a file")
    parser.add_argument(
        "rulings", nargs="+", metavar="RULING", help="a file as primum weigh --json printed it"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when every Ruling is the same; 1 when one is not; 2 when a file cannot be used."""
    try:
        protocol = open_protocol(args.protocol)
    except (ProtocolError, LookupError, OSError) as error:
        print(sentence(error), file=sys.stderr)
        return 2
    return max(_again(protocol, name) for name in args.rulings)


def _again(protocol: Protocol, name: str) -> int:
    try:
        data = bytes_of(Path(name))
        stored = _stored(data, name)
    except (ProtocolError, OSError) as error:
        print(sentence(error), file=sys.stderr)
        return 2
    try:
        found = canonical(ruling_to_json(replay(protocol, stored)))
    except ValueError as error:
        print(f"{name}: cannot be weighed again: {_why(error, protocol, stored)}", file=sys.stderr)
        return 2
    if data.removesuffix(b"\n").decode() == found:
        print(f"{name}: the same, byte for byte")
        return 0
    differences = list(_differences("", stored, json.loads(found)))
    if not differences:
        print(f"{name}: the same Ruling; the file writes it in another way")
        return 0
    print(f"{name}: not the same")
    print("\n".join(f"  - {line}" for line in differences[:SHOWN]))
    if len(differences) > SHOWN:
        print(f"  and {len(differences) - SHOWN} more")
    return 1


def _stored(data: bytes, name: str) -> Mapping[str, Any]:
    """A stored Ruling: all that one holds, and nothing else."""
    stored = as_json(data, Path(name))
    try:
        if isinstance(stored, Mapping) and (
            canonical(ruling_to_json(ruling_from_json(stored))) == canonical(stored)
        ):
            return stored
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        pass
    raise ProtocolError(name, [Mistake(1, 1, NO_RULING)])


def _why(error: ValueError, protocol: Protocol, stored: Mapping[str, Any]) -> str:
    if stored["version"] == protocol.version:
        return sentence(error)
    return (
        f"{sentence(error)}: it names {str(stored['version'])[:12]}, this one is"
        f" {protocol.version[:12]}"
    )


def _differences(where: str, stored: object, found: object) -> Iterator[str]:
    """Each place where two plain values differ, with both."""
    if isinstance(stored, Mapping) and isinstance(found, Mapping):
        for key in sorted({*stored, *found}):
            inside = f"{where}.{key}" if where else str(key)
            yield from _differences(inside, stored.get(key), found.get(key))
    elif isinstance(stored, list) and isinstance(found, list):
        for at, (one, other) in enumerate(zip_longest(stored, found), start=1):
            yield from _differences(f"{where}[{at}]", one, other)
    elif stored != found:
        yield f"{where}: stored {_shown(stored)}, now {_shown(found)}"


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"

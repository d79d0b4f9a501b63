"""primum weigh: what a protocol says of the answers in a file. No database, nothing is kept."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from primum import protocols
from primum.core.protocol import (
    FACTS,
    AnswerError,
    Answers,
    Facts,
    LookPlan,
    Mistake,
    Plan,
    Protocol,
    ProtocolError,
    canonical,
    completeness,
    plan,
    read_answers,
    read_facts,
    ruling_to_json,
    weigh,
)
from primum.core.vocabulary import HardStop, Level, Ruling, Text

LARGEST = 1_000_000
WORDS = {
    "go": "go",
    "go_with_conditions": "go, with conditions",
    "not_yet": "not yet: not enough is known",
    "no": "no",
}


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("weigh", help="weigh the answers in a file by a protocol")
    parser.add_argument("protocol", help="the name of a protocol that ships, or a file")
    parser.add_argument("answers", help="a YAML or JSON file: question or fact, and its answer")
    parser.add_argument("--json", action="store_true", help="print the Ruling as one line of JSON")
    parser.add_argument("--language", default="en", help="the language of the reasons (en)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when a Ruling was given, whatever it says; 2 when a file could not be used."""
    try:
        protocol = open_protocol(args.protocol)
        answers, facts = _given(protocol, Path(args.answers))
    except (ProtocolError, AnswerError, LookupError, OSError, ValueError) as error:
        print(sentence(error), file=sys.stderr)
        return 2
    ruling = weigh(protocol, answers, facts)
    if args.json:
        print(canonical(ruling_to_json(ruling)))
    else:
        proposed = plan(protocol, answers, facts)
        print("\n".join(_lines(protocol, ruling, answers, proposed, args.language)))
    return 0


def open_protocol(name: str) -> Protocol:
    """A protocol that ships, or the one in a file."""
    if name in protocols.available():
        return protocols.load(name)
    path = Path(name)
    if path.is_file():
        return protocols.parse(bytes_of(path), name)
    return protocols.load(name)


def sentence(error: Exception) -> str:
    """What went wrong, without the quotes Python puts round a LookupError."""
    if isinstance(error, OSError):
        return f"{error.filename} cannot be read: {(error.strerror or 'unknown reason').lower()}"
    return str(error.args[0]) if error.args else str(error)


def bytes_of(path: Path) -> bytes:
    """At most one byte more than will be accepted, so that no file fills the memory."""
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _given(protocol: Protocol, path: Path) -> tuple[Answers, Facts]:
    data = bytes_of(path)
    given = _json(data, path) if path.suffix == ".json" else protocols.plain(data, str(path))
    if not isinstance(given, Mapping):
        raise ProtocolError(str(path), [Mistake(1, 1, "write one question a line, as id: answer")])
    facts = {name: value for name, value in given.items() if name in FACTS}
    answers = {name: value for name, value in given.items() if name not in FACTS}
    return read_answers(protocol, answers), read_facts(facts)


def _json(data: bytes, path: Path) -> object:
    return as_json(data, path, number=str)


def as_json(data: bytes, path: Path, number: Callable[[str], object] | None = None) -> object:
    """The JSON in these bytes of a file; `number` may keep numbers as they are written."""
    if len(data) > LARGEST:
        raise ProtocolError(str(path), [Mistake(1, 1, "the file is larger than a megabyte")])
    try:
        text = data.decode()
        return json.loads(text, object_pairs_hook=_once, parse_int=number, parse_float=number)
    except json.JSONDecodeError as error:
        says = f"this is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        raise ProtocolError(str(path), [Mistake(error.lineno, error.colno, says)]) from None
    except (_TwiceError, RecursionError, ValueError) as error:
        # UnicodeDecodeError is one; a number of more digits than Python reads is another.
        says = str(error) if isinstance(error, _TwiceError) else "this is not JSON in UTF-8"
        raise ProtocolError(str(path), [Mistake(1, 1, says)]) from None


class _TwiceError(Exception):
    """A key given twice: which of the two is meant?"""


def _once(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _TwiceError(f'"{key[:40]}" is given twice; keep one')
        found[key] = value
    return found


def _lines(
    protocol: Protocol, ruling: Ruling, answers: Answers, proposed: Plan, language: str
) -> Iterator[str]:
    done = completeness(protocol, answers)
    yield f"{_in(protocol.title, language)} (version {protocol.version[:12]})"
    yield f"Answered: {done.answered} of {done.asked} questions"
    yield f"Level: {_level(ruling.lowest, ruling.highest)}"
    if ruling.expected != (ruling.lowest, ruling.highest):
        yield f"Expected, if what is to be agreed is kept: {_level(*ruling.expected)}"
    yield f"Recommendation: {WORDS[ruling.recommendation]}. A named post decides."
    yield from _block("Because", _reasons(ruling, language, certain=True))
    yield from _block("It could still be that", _reasons(ruling, language, certain=False))
    yield from _block("Hard stops", map(_stop, ruling.hard_stops))
    yield from _block("Open", (_asked(protocol, name, language) for name in ruling.open_questions))
    yield from _block("To be agreed", (_in(c.text, language) for c in proposed.commitments))
    yield from _block("Looks", (_look(look, language) for look in proposed.looks))


def _reasons(ruling: Ruling, language: str, *, certain: bool) -> Iterator[str]:
    for reason in ruling.reasons:
        if reason.certain is certain:
            says = _in(reason.says, language)
            yield f"{reason.level.word}: {says} [{reason.rule}; {reason.cites}]"


def _stop(stop: HardStop) -> str:
    still = "" if stop.certain else " (still open)"
    return f"{stop.rule}: may be passed by {stop.passable_by}{still}"


def _look(look: LookPlan, language: str) -> str:
    start = " from the first delivery" if look.from_delivery else ""
    days = ", ".join(map(str, look.after_days))
    return f"{_in(look.title, language)}: after {days} days{start}"


def _block(title: str, lines: Iterable[str]) -> Iterator[str]:
    lines = list(lines)
    if lines:
        yield f"\n{title}:"
        yield from (f"  - {line}" for line in lines)


def _level(lowest: Level, highest: Level) -> str:
    if lowest == highest:
        return lowest.word
    return f"between {lowest.word} and {highest.word}"


def _asked(protocol: Protocol, name: str, language: str) -> str:
    if name in FACTS:
        return f"{name}: {FACTS[name].meaning}"
    return f"{name}: {_in(protocol.by_id[name].ask, language)}"


def _in(text: Text, language: str) -> str:
    return text.get(language, text["en"])

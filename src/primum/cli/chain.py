"""primum chain: who stands above a unit and below it, on a day or over all time."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

import primum
from primum.core.command import (
    Chain,
    DateError,
    Edge,
    Holding,
    Posted,
    Posting,
    Precision,
    Tie,
    UnitLike,
    chain,
    commanders,
    parse_date,
)
from primum.core.screening import fold
from primum.exchange.chain_svg import draw_chain
from primum.exchange.chain_text import outline, span_words
from primum.exchange.graphml import write_graphml
from primum.exchange.plain import visible
from primum.exchange.sfm import read
from primum.exchange.tables import ExchangeError

SHIPPED = Path(primum.__file__).parent / "demo" / "data"
DEFAULT = "sfm_mali_units"
DATABASE = "db"

NOT_FOUND, NOT_CLEAR = 1, 2
SHOWN = 20
COMPARED = 20_000
"""Names compared for a suggestion, so that a slip in a large register is answered at once."""


@dataclass(frozen=True, slots=True)
class Source:
    """What the command works on, wherever it came from."""

    units: Sequence[UnitLike]
    ties: Sequence[Tie]
    postings: Sequence[Posting] = ()
    people: Mapping[str, str] | None = None
    attributions: Mapping[str, str] = field(default_factory=dict)
    """Whose each unit is, by its id; under no id, whose the whole register is."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """The key that our own pages have for a unit -> its id here."""
    problems: Sequence[object] = ()

    def attribution(self, the_chain: Chain) -> str:
        """Whose the units of a chain are, each publisher once."""
        ids = ("", *(node.id for node in the_chain.nodes))
        return "\n".join(dict.fromkeys(filter(None, map(self.attributions.get, ids))))


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("chain", help="who stands above a unit and below it")
    parser.add_argument("unit", help="its name, another name of it, or its id")
    parser.add_argument("--on", type=_day, metavar="DATE", help="a day, as YYYY-MM-DD")
    parser.add_argument(
        "--register",
        default=DEFAULT,
        metavar="FOLDER",
        help=f"a file or folder, a set that ships ({', '.join(shipped())}) or {DATABASE}; "
        f"{DEFAULT} if not given",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--svg", action="store_true", help="print a drawing")
    form.add_argument("--graphml", action="store_true", help="print GraphML for yEd or Gephi")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when a chain was printed; 1 when no such unit is known; 2 when the question is not clear
    or the register cannot be read."""
    try:
        source = _open(args.register)
    except ExchangeError as error:
        print(error, file=sys.stderr)
        return NOT_CLEAR
    found = find(source.units, source.keys.get(args.unit, args.unit))
    if len(found) != 1:
        _explain(args.unit, found, source.units)
        return NOT_CLEAR if found else NOT_FOUND
    _warn(args.unit, found[0], source)
    the_chain = chain(source.ties, found[0].id, args.on)
    names = {unit.id: unit.name for unit in source.units}
    print(_form(args, the_chain, names, source), end="")
    return 0


def shipped() -> list[str]:
    """The registers that come with the program."""
    return sorted(path.name for path in SHIPPED.glob("sfm_*") if path.is_dir())


def find(units: Sequence[UnitLike], text: str) -> list[UnitLike]:
    """The units that a text may mean, by the first of these that finds any.

    An id; a name as written but for case, spaces, quotes and dashes; another name likewise; then
    names and other names without accents and punctuation.
    """
    found = [unit for unit in units if unit.id == text]
    for loose in (False, True):
        wanted = fold(text, loose=loose)
        if not wanted:
            break
        if not found:
            found = [unit for unit in units if fold(unit.name, loose=loose) == wanted]
        if not found:
            found = [
                unit
                for unit in units
                if any(fold(alias, loose=loose) == wanted for alias in unit.aliases)
            ]
    return found


def closest(units: Sequence[UnitLike], text: str, count: int = 3) -> list[str]:
    """The names most like a text, best first."""
    named = ((name, unit.name) for unit in units for name in (unit.name, *unit.aliases))
    folded: dict[str, str] = {}
    for name, shown in named:
        folded.setdefault(fold(name, loose=True), shown)
    wanted = fold(text[:200], loose=True)
    words = set(wanted.split())
    near = list(folded)
    if len(near) > COMPARED:
        near = [name for name in near if words.intersection(name.split())][:COMPARED]
    matches = get_close_matches(wanted, near, n=count * 4, cutoff=0.5)
    return list(dict.fromkeys(folded[match] for match in matches))[:count]


def _day(text: str) -> date:
    try:
        found = parse_date(text)
    except DateError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if found is None or found.precision is not Precision.DAY:
        raise argparse.ArgumentTypeError(f"“{text}” is not one day: write YYYY-MM-DD.")
    return found.earliest


def _open(register: str) -> Source:
    if register == DATABASE:
        # Only this branch needs a database, and the others must start without one.
        held = import_module("primum.cli.register_db").from_database()
        return Source(
            units=held.units,
            ties=held.ties,
            postings=held.postings,
            people=held.people,
            attributions={unit.id: unit.attribution for unit in held.units},
            keys={unit.key: unit.id for unit in held.units},
        )
    path = Path(register)
    if not path.exists() and register in shipped():
        path = SHIPPED / register
    found = read(path)
    return Source(
        units=found.units,
        ties=found.ties,
        postings=found.postings,
        people={person.id: person.name for person in found.persons},
        attributions={"": found.dataset.attribution},
        problems=found.problems,
    )


def _explain(text: str, found: Sequence[UnitLike], units: Sequence[UnitLike]) -> None:
    def say(line: str) -> None:
        print(line, file=sys.stderr)

    shown = visible(text)[:200]
    if found:
        say(f"“{shown}” may mean {len(found)} units. Give the id of one:")
        for unit in found[:SHOWN]:
            say(f"  {visible(unit.id)}  {visible(unit.name)}")
        if len(found) > SHOWN:
            say(f"  and {len(found) - SHOWN} more")
        return
    say(f"“{shown}” is not among the {len(units):,} units of this register.")
    say("Not found is not the same as does not exist.")
    near = closest(units, text)
    if near:
        say("The closest names:")
        for name in near:
            say(f"  {visible(name)}")


def _warn(text: str, chosen: UnitLike, source: Source) -> None:
    wanted = fold(text)
    others = [
        unit.name
        for unit in source.units
        if unit.id != chosen.id and any(fold(alias) == wanted for alias in unit.aliases)
    ]
    if others and chosen.id != text:
        names = ", ".join(f"“{visible(name)}”" for name in others[:3])
        print(f"This is also another name of {names}.", file=sys.stderr)
    if source.problems:
        count = len(source.problems)
        print(
            f"The register has {count} rows to look at. First: {source.problems[0]}",
            file=sys.stderr,
        )


def _form(
    args: argparse.Namespace, the_chain: Chain, names: Mapping[str, str], source: Source
) -> str:
    if args.graphml:
        return write_graphml(the_chain, names)
    if args.svg:
        return draw_chain(the_chain, names) + "\n"
    posted = commanders(source.postings, the_chain.unit, args.on)
    if args.json:
        told = _as_json(the_chain, names, posted, source)
        return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    parts = [outline(the_chain, names)]
    if source.postings:
        parts.append("\n".join(_in_command(posted, args.on, source)))
    if attribution := source.attribution(the_chain):
        parts.append(attribution)
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _in_command(posted: Sequence[Posted], on: date | None, source: Source) -> Iterator[str]:
    yield "In command:"
    held = [each for each in posted if each.holding is not Holding.UNKNOWN]
    for each in held:
        yield f"  {_commander(each, source)}"
    if not held:
        yield "  none known" + (f" on {on}" if on else "")
    if not held and posted:
        yield f"  last known or nearest: {_commander(posted[0], source)}"


def _commander(each: Posted, source: Source) -> str:
    posting = each.posting
    name = visible((source.people or {}).get(posting.person, posting.person))
    who = f"{visible(posting.rank)} {name}".strip()
    sure = f"{each.holding}, " if each.holding else ""
    trust = f", confidence {visible(posting.confidence).lower()}" if posting.confidence else ""
    return f"{who}: {sure}{span_words(posting.span)}{trust}"


def _as_json(
    the_chain: Chain, names: Mapping[str, str], posted: Iterable[Posted], source: Source
) -> dict[str, object]:
    people = source.people or {}
    return {
        "unit": {"id": the_chain.unit, "name": names[the_chain.unit]},
        "on": the_chain.on.isoformat() if the_chain.on else None,
        "nodes": [
            {
                "id": node.id,
                "name": names.get(node.id, node.id),
                "generation": node.generation,
                "holding": node.holding,
            }
            for node in the_chain.nodes
        ],
        "ties": [_tie(edge) for edge in the_chain.edges],
        "not_settled": [_tie(Edge(tie, Holding.UNKNOWN)) for tie in the_chain.unknown],
        "cut": the_chain.cut,
        "commanders": [
            {"name": people.get(each.posting.person, each.posting.person)} | _posting(each)
            for each in posted
        ],
        "problems": len(source.problems),
        "attribution": source.attribution(the_chain),
    }


def _tie(edge: Edge) -> dict[str, object]:
    tie = edge.tie
    return {
        "superior": tie.superior,
        "subordinate": tie.subordinate,
        "kind": tie.kind,
        **_span(tie),
        "holding": edge.holding,
        "confidence": tie.confidence,
        "sources": list(tie.source_ids),
    }


def _posting(each: Posted) -> dict[str, object]:
    posting = each.posting
    return {
        "role": posting.role,
        "title": posting.title,
        "rank": posting.rank,
        **_span(posting),
        "holding": each.holding,
        "confidence": posting.confidence,
        "sources": list(posting.source_ids),
    }


def _span(claim: Tie | Posting) -> dict[str, object]:
    """Partial dates stay partial: "2010-05" is some day of May."""
    span = claim.span
    return {
        "first_cited": span.first.iso if span.first else None,
        "first_is_start": span.first_is_start,
        "last_cited": span.last.iso if span.last else None,
        "open": str(span.open),
    }

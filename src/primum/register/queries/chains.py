"""Chains of command: one unit's on a day, and the whole network for the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from primum.core import command
from primum.people.sight import Viewer, require
from primum.register import facts
from primum.register.models import Party, PartyName, Source, Tie

__all__ = ["Network", "NetworkUnit", "chain_of", "network"]


@dataclass(frozen=True, slots=True)
class NetworkUnit:
    """A unit by the id its publisher gave it; by our key where none did, or where two gave one."""

    id: str
    key: str
    name: str
    aliases: tuple[str, ...]
    attribution: str


@dataclass(frozen=True, slots=True)
class Network:
    """Every unit, line of command and posting of the register, in the publishers' own ids."""

    units: tuple[NetworkUnit, ...]
    ties: tuple[command.Tie, ...]
    postings: tuple[command.Posting, ...]
    people: Mapping[str, str]


def chain_of(
    viewer: Viewer, unit: UUID, on: date | None
) -> tuple[command.Chain, Mapping[str, str], tuple[command.Posted, ...]]:
    """The chain of command of a unit as of a day, the names in it, and who commanded the unit."""
    require(viewer)
    found = command.chain(facts.ties_around(unit), str(unit), on)
    rows = Tie.objects.filter(lower=unit, kind=Tie.Kind.HOLDS_POST)
    posted = command.commanders([facts.posting(row) for row in rows], str(unit), on)
    named = {node.id for node in found.nodes} | {str(unit)}
    named |= {each.posting.person for each in posted}
    return found, facts.names_of(named), posted


def network(viewer: Viewer) -> Network:
    """The whole register as a reader of a folder would give it: for the command line."""
    require(viewer)
    parties = list(Party.objects.select_related("batch").order_by("name", "id"))
    given = Counter(row.external_id for row in parties)
    ids = {
        str(row.id): row.external_id
        if row.external_id and given[row.external_id] == 1
        else str(row.id)
        for row in parties
    }
    names: dict[UUID, list[str]] = {}
    for party, name in PartyName.objects.order_by("name").values_list("party_id", "name"):
        names.setdefault(party, []).append(name)
    sources = {str(key): cited for key, cited in Source.every.values_list("id", "external_id")}
    ties = Tie.objects.exclude(kind=Tie.Kind.MEMBER_OF).order_by("dataset", "external_id", "id")
    lines, postings = [], []
    for row in ties:
        if row.kind == Tie.Kind.COMMANDS:
            lines.append(_tie(facts.tie(row), ids, sources))
        else:
            postings.append(_posting(facts.posting(row), ids, sources))
    return Network(
        units=tuple(
            NetworkUnit(
                ids[str(row.id)],
                str(row.id),
                row.name,
                tuple(names.get(row.id, ())),
                row.batch.attribution if row.batch else "",
            )
            for row in parties
            if row.kind != Party.Kind.PERSON
        ),
        ties=tuple(lines),
        postings=tuple(postings),
        people={ids[str(row.id)]: row.name for row in parties if row.kind == Party.Kind.PERSON},
    )


def _tie(tie: command.Tie, ids: Mapping[str, str], sources: Mapping[str, str]) -> command.Tie:
    return replace(
        tie,
        superior=ids.get(tie.superior, tie.superior),
        subordinate=ids.get(tie.subordinate, tie.subordinate),
        source_ids=tuple(sources.get(key, key) for key in tie.source_ids),
    )


def _posting(
    posting: command.Posting, ids: Mapping[str, str], sources: Mapping[str, str]
) -> command.Posting:
    return replace(
        posting,
        person=ids.get(posting.person, posting.person),
        unit=ids.get(posting.unit, posting.unit),
        source_ids=tuple(sources.get(key, key) for key in posting.source_ids),
    )

"""Every read of the register. The first argument is the viewer; results are frozen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from primum.core import command
from primum.core.screening import fold
from primum.people.sight import Viewer, require
from primum.register import facts
from primum.register.models import (
    ImportBatch,
    Match,
    Party,
    PartyName,
    Place,
    PublishedSupport,
    Source,
    Tie,
)

__all__ = [
    "PAGE",
    "MatchLine",
    "PartyLine",
    "PartyPage",
    "PostingLine",
    "SourceLine",
    "SupportLine",
    "chain_of",
    "find",
    "former_of",
    "matches",
    "names_of",
    "network",
    "party_page",
    "party_sources",
    "places",
]

PAGE = 50
SHORTEST_SEARCH = 2


@dataclass(frozen=True, slots=True)
class PartyLine:
    """A party in a list."""

    id: UUID
    kind: str
    name: str
    country: str
    publisher: str
    invented: bool

    @property
    def cursor(self) -> str:
        return f"{self.name}~{self.id}"


@dataclass(frozen=True, slots=True)
class PostingLine:
    """Somebody in a unit, or a unit somebody served in: as published, with how sure it is."""

    other: UUID
    name: str
    role: str
    title: str
    rank: str
    first: str
    last: str
    open: str
    confidence: str
    sources: int


@dataclass(frozen=True, slots=True)
class SupportLine:
    """Support that another donor published having given to this name."""

    fiscal_year: str
    program: str
    course: str
    recipient: str
    quantity: str
    cost_usd: Decimal | None
    starts: str
    state: str
    match: UUID


@dataclass(frozen=True, slots=True)
class MatchLine:
    """A question: are these two the same?"""

    id: UUID
    recipient: str
    dataset: str
    party: UUID
    party_name: str
    state: str
    rows: int


@dataclass(frozen=True, slots=True)
class SourceLine:
    title: str
    publication: str
    published_on: str
    url: str
    archive_url: str


@dataclass(frozen=True, slots=True)
class PartyPage:
    """What is known of a party, how sure, from where."""

    id: UUID
    kind: str
    name: str
    aliases: tuple[str, ...]
    country: str
    classification: tuple[str, ...]
    organisation: bool
    contributor_state: str
    invented: bool
    publisher: str
    attribution: str
    imported: datetime | None
    postings: tuple[PostingLine, ...]
    support: tuple[SupportLine, ...]
    support_attribution: str


def find(viewer: Viewer, words: str, kind: str = "", after: str = "") -> tuple[PartyLine, ...]:
    """Parties by any of their names, accents and punctuation folded; one more means a next page."""
    require(viewer)
    rows = Party.objects.all()
    folded = fold(words, loose=True)
    if len(folded) >= SHORTEST_SEARCH:
        named = PartyName.objects.filter(folded__contains=folded).values("party")
        rows = rows.filter(Q(folded__contains=folded) | Q(id__in=named))
    if kind in Party.Kind.values:
        rows = rows.filter(kind=kind)
    name, _, key = after.rpartition("~")
    if name:
        last = _uuid(key)
        rows = rows.filter(Q(name__gt=name) | Q(name=name, id__gt=last)) if last else rows
    return tuple(_line(row) for row in rows.order_by("name", "id")[: PAGE + 1])


def party_page(viewer: Viewer, key: UUID) -> PartyPage | None:
    """One party, or None when there is no such party for this viewer."""
    require(viewer)
    row = Party.objects.select_related("batch").filter(id=key).first()
    if row is None:
        return None
    support, attribution = _support(key)
    return PartyPage(
        id=row.id,
        kind=row.kind,
        name=row.name,
        aliases=tuple(row.names.order_by("name").values_list("name", flat=True)),
        country=row.country,
        classification=tuple(row.classification),
        organisation=row.organisation_id is not None,
        contributor_state=row.contributor_state,
        invented=row.invented,
        publisher=row.publisher,
        attribution=row.batch.attribution if row.batch else "",
        imported=row.batch.started if row.batch else None,
        postings=_postings(row),
        support=support,
        support_attribution=attribution,
    )


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


def network(viewer: Viewer) -> tuple[list[tuple[str, str, tuple[str, ...]]], list[command.Tie]]:
    """Every unit (id, name, other names) and every line of command: for the command line."""
    require(viewer)
    names: dict[str, list[str]] = {}
    for party, name in PartyName.objects.values_list("party_id", "name"):
        names.setdefault(str(party), []).append(name)
    units = Party.objects.exclude(kind=Party.Kind.PERSON).values_list("id", "name")
    listed = [(str(key), name, tuple(names.get(str(key), ()))) for key, name in units]
    return listed, [facts.tie(row) for row in Tie.objects.filter(kind=Tie.Kind.COMMANDS)]


def party_sources(viewer: Viewer, key: UUID) -> tuple[SourceLine, ...]:
    """The sources of every tie of a party, by title."""
    require(viewer)
    rows = Tie.objects.filter(Q(upper=key) | Q(lower=key)).values_list("sources", flat=True)
    cited = {source for sources in rows for source in sources}
    return tuple(
        SourceLine(row.title, row.publication, row.published_on, row.url, row.archive_url)
        for row in Source.objects.filter(id__in=cited).order_by("title", "id")[:500]
    )


def matches(viewer: Viewer, state: str = "proposed") -> tuple[MatchLine, ...]:
    """Matches in a state, with how many published rows each would link."""
    require(viewer)
    rows = Match.objects.filter(state=state).select_related("party").order_by("recipient", "id")
    return tuple(
        MatchLine(
            row.id,
            row.recipient,
            row.dataset,
            row.party_id,
            row.party.name,
            row.state,
            PublishedSupport.objects.filter(dataset=row.dataset, recipient=row.recipient).count(),
        )
        for row in rows[:500]
    )


def names_of(viewer: Viewer, keys: Iterable[object]) -> dict[UUID, str]:
    """Names of parties by their keys, as far as this viewer may see them."""
    require(viewer)
    wanted = [key for word in keys if (key := _uuid(str(word)))]
    return dict(Party.objects.filter(id__in=wanted).values_list("id", "name"))


def former_of(viewer: Viewer, parties: Collection[UUID]) -> frozenset[UUID]:
    """What these parties were before they were renamed or merged, all the way back.

    A renamed or merged unit carries its record with it; a rotated one does not (SETTLED 44).
    """
    require(viewer)
    found: set[UUID] = set()
    edge = set(parties)
    while edge:
        before = Tie.objects.filter(kind=Tie.Kind.RENAMED_TO, lower__in=edge)
        edge = set(before.values_list("upper", flat=True)) - found - set(parties)
        found |= edge
    return frozenset(found)


def places(viewer: Viewer) -> tuple[tuple[UUID, Mapping[str, str]], ...]:
    require(viewer)
    return tuple(Place.objects.order_by("code").values_list("id", "names"))


def _postings(row: Party) -> tuple[PostingLine, ...]:
    person = row.kind == Party.Kind.PERSON
    ties = Tie.objects.filter(
        kind=Tie.Kind.HOLDS_POST, **({"upper": row} if person else {"lower": row})
    )
    rows = ties.select_related("upper", "lower").order_by("-last_cited", "-first_cited", "id")
    return tuple(
        PostingLine(
            other=tie.lower_id if person else tie.upper_id,
            name=tie.lower.name if person else tie.upper.name,
            role=tie.role,
            title=tie.title,
            rank=tie.rank,
            first=tie.first_cited,
            last=tie.last_cited,
            open=tie.open_ended,
            confidence=tie.confidence,
            sources=len(tie.sources),
        )
        for tie in rows[:200]
    )


def _support(party: UUID) -> tuple[tuple[SupportLine, ...], str]:
    """Published support under a name this party is, or might be; each row says which."""
    found: list[SupportLine] = []
    attribution = ""
    for match in Match.objects.filter(party=party).exclude(state=Match.State.REFUSED):
        batch = ImportBatch.objects.filter(dataset=match.dataset).order_by("-started").first()
        if batch is None:
            continue
        rows = PublishedSupport.objects.filter(batch=batch, recipient=match.recipient)
        attribution = batch.attribution
        found += [
            SupportLine(
                row.fiscal_year,
                row.program,
                row.course,
                row.recipient,
                row.quantity,
                row.cost_usd,
                row.starts,
                match.state,
                match.id,
            )
            for row in rows.order_by("-starts", "row")[:500]
        ]
    return tuple(found), attribution


def _line(row: Party) -> PartyLine:
    return PartyLine(row.id, row.kind, row.name, row.country, row.publisher, row.invented)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

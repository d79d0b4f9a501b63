"""Parties: the list, what is known of one, and from where."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from primum.core.screening import fold
from primum.people.sight import Viewer, require
from primum.register.models import Party, PartyName, Place, Source, Tie
from primum.register.paging import key_of, page_of

__all__ = [
    "PartyLine",
    "PartyPage",
    "PostingLine",
    "SourceLine",
    "find",
    "former_of",
    "names_of",
    "party_page",
    "party_sources",
    "places",
    "postings",
    "subordinates",
    "superiors",
]

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


@dataclass(frozen=True, slots=True)
class PostingLine:
    """Somebody in a unit, or a unit somebody served in: as published, with how sure it is."""

    id: UUID
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
class SourceLine:
    """Where a tie of a party comes from, as its publisher cites it."""

    id: UUID
    title: str
    publication: str
    published_on: str
    url: str
    archive_url: str


@dataclass(frozen=True, slots=True)
class PartyPage:
    """What is known of a party, how sure, from where; and how long its lists are."""

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
    unlisted: bool
    """No copy of its publisher's register in view has it any more; our own records keep it."""
    postings: int
    sources: int


def too_short(words: str) -> bool:
    """Words that would match nearly everything: one letter, or nothing but punctuation."""
    return bool(words.strip()) and len(fold(words, loose=True)) < SHORTEST_SEARCH


def find(viewer: Viewer, words: str, kind: str = "", after: str = "") -> tuple[PartyLine, ...]:
    """Parties by any of their names, accents and punctuation folded; one more means a next page.

    Words too short to mean anything find nothing.
    """
    require(viewer)
    if too_short(words):
        return ()
    rows = Party.objects.all()
    folded = fold(words, loose=True)
    if folded:
        named = PartyName.objects.filter(folded__contains=folded).values("party")
        rows = rows.filter(Q(folded__contains=folded) | Q(id__in=named))
    if kind in Party.Kind.values:
        rows = rows.filter(kind=kind)
    return tuple(
        PartyLine(row.id, row.kind, row.name, row.country, row.publisher, row.invented)
        for row in page_of(rows, ("name", "id"), after)
    )


def party_page(viewer: Viewer, key: UUID) -> PartyPage | None:
    """One party, or None when there is no such party for this viewer."""
    require(viewer)
    row = Party.objects.select_related("batch").filter(id=key).first()
    if row is None:
        return None
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
        unlisted=row.batch is not None and not row.claims.exists(),
        postings=_postings(key).count(),
        sources=len(_cited(key)),
    )


def postings(viewer: Viewer, party: UUID, after: str = "") -> tuple[PostingLine, ...]:
    """Who served in a unit, or where a person served, latest first; one more is a next page."""
    require(viewer)
    rows = _postings(party).select_related("upper", "lower")
    return tuple(
        _posting(tie, party) for tie in page_of(rows, ("-last_cited", "-first_cited", "id"), after)
    )


def party_sources(viewer: Viewer, key: UUID, after: str = "") -> tuple[SourceLine, ...]:
    """The sources of every tie of a party, by title; one more means a next page."""
    require(viewer)
    rows = Source.every.filter(id__in=_cited(key))
    return tuple(
        SourceLine(
            row.id,
            row.title or row.external_id,
            row.publication,
            row.published_on,
            row.url,
            row.archive_url,
        )
        for row in page_of(rows, ("title", "id"), after)
    )


def names_of(viewer: Viewer, keys: Iterable[object]) -> dict[UUID, str]:
    """Names of parties by their keys, as far as this viewer may see them."""
    require(viewer)
    wanted = [key for word in keys if (key := key_of(str(word)))]
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


MOST_STEPS = 9
"""No army has more levels of command."""


def superiors(viewer: Viewer, parties: Collection[UUID]) -> frozenset[UUID]:
    """Everything that is said to command these parties, up to the top, whatever the date."""
    require(viewer)
    found: set[UUID] = set()
    edge = set(parties)
    for _ in range(MOST_STEPS):
        above = Tie.objects.filter(kind=Tie.Kind.COMMANDS, lower__in=edge)
        edge = set(above.values_list("upper", flat=True)) - found - set(parties)
        found |= edge
        if not edge:
            break
    return frozenset(found)


def subordinates(viewer: Viewer, parties: Collection[UUID]) -> frozenset[UUID]:
    """Everything that these parties are said to command, down to the last, whatever the date."""
    require(viewer)
    found: set[UUID] = set()
    edge = set(parties)
    for _ in range(MOST_STEPS):
        below = Tie.objects.filter(kind=Tie.Kind.COMMANDS, upper__in=edge)
        edge = set(below.values_list("lower", flat=True)) - found - set(parties)
        found |= edge
        if not edge:
            break
    return frozenset(found)


def places(viewer: Viewer) -> tuple[tuple[UUID, Mapping[str, str]], ...]:
    """Every place of the mission that this viewer may know of."""
    require(viewer)
    return tuple(Place.objects.order_by("code").values_list("id", "names"))


def _postings(party: UUID) -> QuerySet[Tie]:
    # Through both ends: a tie to a party that one does not see is neither shown nor counted.
    rows = Tie.objects.filter(kind=Tie.Kind.HOLDS_POST, upper__gone=None, lower__gone=None)
    return rows.filter(Q(upper=party) | Q(lower=party))


def _posting(tie: Tie, party: UUID) -> PostingLine:
    other = tie.lower if tie.upper_id == party else tie.upper
    return PostingLine(
        id=tie.id,
        other=other.id,
        name=other.name,
        role=tie.role,
        title=tie.title,
        rank=tie.rank,
        first=tie.first_cited,
        last=tie.last_cited,
        open=tie.open_ended,
        confidence=tie.confidence,
        sources=len(tie.sources),
    )


def _cited(party: UUID) -> list[UUID]:
    """The sources that the ties of a party cite, each once and as its newest copy gives it."""
    ties = Tie.objects.filter(Q(upper=party) | Q(lower=party)).values_list("sources", flat=True)
    keys = {source for sources in ties for source in sources}
    cited = Source.every.filter(id__in=keys).values_list("publisher", "external_id", "id")
    found = {(publisher, external): key for publisher, external, key in cited}
    newest = Source.objects.filter(
        publisher__in={publisher for publisher, _ in found},
        external_id__in={external for _, external in found},
    ).values_list("publisher", "external_id", "id")
    found |= {
        (publisher, external): key
        for publisher, external, key in newest
        if (publisher, external) in found
    }
    return list(found.values())

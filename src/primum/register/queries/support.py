"""Published support: who gave what to whom, row by row as its publisher prints it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from primum.core.screening import fold
from primum.people.sight import Viewer, require
from primum.register.models import ImportBatch, Match, PublishedSupport
from primum.register.paging import page_of
from primum.register.queries.parties import too_short

__all__ = [
    "SupportFilter",
    "SupportLine",
    "SupportMatch",
    "SupportSet",
    "support",
    "support_count",
    "support_sets",
    "support_years",
]

LINKED = (Match.State.CONFIRMED, Match.State.PROPOSED)


@dataclass(frozen=True, slots=True)
class SupportFilter:
    """What the list is narrowed to; empty means everything one may see."""

    words: str = ""
    year: str = ""
    dataset: str = ""
    state: str = ""
    """proposed or confirmed: rows whose recipient might be, or is, a unit of the register."""
    party: UUID | None = None


@dataclass(frozen=True, slots=True)
class SupportMatch:
    """That a printed recipient is a party, or might be: a question until a person said yes."""

    id: UUID
    state: str
    party: UUID
    party_name: str


@dataclass(frozen=True, slots=True)
class SupportLine:
    """Support that another donor published having given to this name."""

    id: UUID
    dataset: str
    country: str
    fiscal_year: str
    program: str
    course: str
    recipient: str
    provider: str
    location: str
    quantity: str
    cost_usd: Decimal | None
    starts: str
    ends: str
    file: str
    page: str
    matches: tuple[SupportMatch, ...]


@dataclass(frozen=True, slots=True)
class SupportSet:
    """A published set of such rows, and whose it is: shown wherever its rows are."""

    dataset: str
    title: str
    publisher: str
    attribution: str


def support(viewer: Viewer, wanted: SupportFilter, after: str = "") -> tuple[SupportLine, ...]:
    """Rows of the latest years first; one more than a page means that there is a next one."""
    require(viewer)
    rows = page_of(_rows(wanted), ("-fiscal_year", "row", "id"), after)
    linked = _linked(rows)
    return tuple(_line(row, linked.get((row.dataset, row.recipient), ())) for row in rows)


def support_count(viewer: Viewer, wanted: SupportFilter) -> int:
    """How many rows there are for this viewer."""
    require(viewer)
    return _rows(wanted).count()


def support_years(viewer: Viewer) -> tuple[str, ...]:
    """The years that published rows tell of, latest first."""
    require(viewer)
    rows = PublishedSupport.objects.order_by("-fiscal_year").values_list("fiscal_year", flat=True)
    return tuple(rows.distinct())


def support_sets(viewer: Viewer) -> tuple[SupportSet, ...]:
    """Every published set with a row in view, by title."""
    require(viewer)
    rows = PublishedSupport.objects.filter(batch=OuterRef("id"))
    found: dict[str, SupportSet] = {}
    for batch in ImportBatch.objects.filter(Exists(rows)).order_by("started"):
        found[batch.dataset] = SupportSet(
            batch.dataset, batch.title, batch.publisher, batch.attribution
        )
    return tuple(sorted(found.values(), key=lambda each: (each.title, each.dataset)))


def _rows(wanted: SupportFilter) -> QuerySet[PublishedSupport]:
    if too_short(wanted.words):
        return PublishedSupport.objects.none()
    rows = PublishedSupport.objects.all()
    for word in fold(wanted.words, loose=True).split():
        rows = rows.filter(searched__contains=word)
    if wanted.year:
        rows = rows.filter(fiscal_year=wanted.year)
    if wanted.dataset:
        rows = rows.filter(dataset=wanted.dataset)
    states = [state for state in LINKED if wanted.state in ("", state)]
    if wanted.party or wanted.state:
        linked = Match.objects.filter(
            dataset=OuterRef("dataset"),
            recipient=OuterRef("recipient"),
            state__in=states,
            party__gone=None,
        )
        if wanted.party:
            linked = linked.filter(party=wanted.party)
        rows = rows.filter(Exists(linked))
    return rows


def _linked(
    rows: Iterable[PublishedSupport],
) -> Mapping[tuple[str, str], tuple[SupportMatch, ...]]:
    """The matches of what these rows print, confirmed before proposed; a refused one is none."""
    printed = {row.recipient for row in rows}
    found: dict[tuple[str, str], tuple[SupportMatch, ...]] = {}
    matches = Match.objects.filter(recipient__in=printed, state__in=LINKED, party__gone=None)
    for match in matches.select_related("party").order_by("state", "party__name", "id"):
        key = (match.dataset, match.recipient)
        said = SupportMatch(match.id, match.state, match.party_id, match.party.name)
        found[key] = (*found.get(key, ()), said)
    return found


def _line(row: PublishedSupport, matches: tuple[SupportMatch, ...]) -> SupportLine:
    return SupportLine(
        id=row.id,
        dataset=row.dataset,
        country=row.country_name or row.country,
        fiscal_year=row.fiscal_year,
        program=row.program,
        course=row.course,
        recipient=row.recipient,
        provider=row.provider,
        location=row.location,
        quantity=row.quantity,
        cost_usd=row.cost_usd,
        starts=row.starts,
        ends=row.ends,
        file=row.file,
        page=row.page,
        matches=matches,
    )

"""Lists of activities and reports, page by page, by key and never by counting."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from primum.cases.models import Activity, Line, Note, Report, ReportParty
from primum.core.vocabulary import Stage
from primum.people.sight import Viewer, require
from primum.register import paging
from primum.register.paging import page_of

__all__ = [
    "PAGE",
    "ActivityLine",
    "Filter",
    "NoteLine",
    "ReportLine",
    "activities",
    "activity_title",
    "report_count",
    "report_notes",
    "report_page",
    "reports",
    "reports_at",
    "reports_of",
]

PAGE = paging.PAGE


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """An activity in a list."""

    id: UUID
    title: str
    stage: str
    stage_since: datetime
    lease_end: datetime | None
    owner: UUID
    invented: bool
    parties: tuple[str, ...]
    value_usd: int

    @property
    def cursor(self) -> str:
        """Where the next page starts: after this line."""
        return f"{self.stage_since.isoformat()}~{self.id}"


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report in a list or on its page: a claim, with how sure it is."""

    id: UUID
    kind: str
    what: str
    heard: datetime
    happened_from: date | None
    happened_to: date | None
    confidence: str
    people_min: int | None
    people_max: int | None
    source: str
    independent_sources: int
    invented: bool
    parties: tuple[tuple[UUID, str], ...]
    place: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class NoteLine:
    """Why somebody held a report to be so sure, in their own words."""

    at: datetime
    post: UUID
    text: str


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of activities is narrowed to; empty means everything one may see."""

    words: str = ""
    stage: str = ""
    party: UUID | None = None


def activities(viewer: Viewer, wanted: Filter, after: str = "") -> tuple[ActivityLine, ...]:
    """Newest first; one line more than a page means that there is a next one."""
    require(viewer)
    rows = Activity.objects.all()
    if wanted.words:
        rows = rows.filter(Q(title__icontains=wanted.words) | Q(why__icontains=wanted.words))
    if wanted.stage in list(Stage):
        rows = rows.filter(stage=wanted.stage)
    if wanted.party:
        rows = rows.filter(id__in=Line.objects.filter(party=wanted.party).values("activity"))
    return _listed(_after(rows, after).order_by("-stage_since", "id")[: PAGE + 1])


def activity_title(viewer: Viewer, key: UUID) -> str | None:
    """What an activity is called, or None when there is no such activity for this viewer."""
    require(viewer)
    return Activity.objects.filter(id=key).values_list("title", flat=True).first()


def reports(viewer: Viewer, after: str = "") -> tuple[ReportLine, ...]:
    """Every report that this viewer may know of, newest first; one more means a next page."""
    require(viewer)
    rows = Report.objects.select_related("place")
    return _reports(page_of(rows, ("-heard", "id"), after))


def reports_of(viewer: Viewer, party: UUID, after: str = "") -> tuple[ReportLine, ...]:
    """Reports that name this party, as far as this viewer may know, newest first."""
    require(viewer)
    return _reports(page_of(_naming(party), ("-heard", "id"), after))


def reports_at(viewer: Viewer, places: Collection[UUID]) -> tuple[ReportLine, ...]:
    """Reports of what happened at these places, as far as this viewer may know, newest first."""
    require(viewer)
    rows = Report.objects.filter(place__in=places).select_related("place")
    return _reports(rows.order_by("-heard", "id"))


def report_count(viewer: Viewer, party: UUID) -> int:
    """How many there are for this viewer."""
    require(viewer)
    return _naming(party).count()


def report_page(viewer: Viewer, key: UUID) -> ReportLine | None:
    """One report, or None when there is no such report for this viewer."""
    require(viewer)
    found = _reports(Report.objects.select_related("place").filter(id=key))
    return found[0] if found else None


def report_notes(viewer: Viewer, key: UUID) -> tuple[NoteLine, ...]:
    """The reasons of those who said how sure a report is, newest first, as far as one may read."""
    require(viewer)
    rows = Note.objects.filter(case=key, kind="grade").order_by("-at", "id")
    return tuple(NoteLine(*row) for row in rows.values_list("at", "by__post_id", "text"))


def _after(rows: QuerySet[Activity], cursor: str) -> QuerySet[Activity]:
    since, _, key = cursor.partition("~")
    try:
        moment, last = datetime.fromisoformat(since), UUID(key)
    except ValueError:
        return rows
    if moment.tzinfo is None:
        return rows
    return rows.filter(Q(stage_since__lt=moment) | Q(stage_since=moment, id__gt=last))


def _listed(rows: QuerySet[Activity]) -> tuple[ActivityLine, ...]:
    found = list(rows)
    lines: dict[UUID, list[Line]] = {}
    for line in Line.objects.filter(activity__in=found).select_related("party"):
        lines.setdefault(line.activity_id, []).append(line)
    return tuple(
        ActivityLine(
            id=row.id,
            title=row.title,
            stage=row.stage,
            stage_since=row.stage_since,
            lease_end=row.lease_end,
            owner=row.owner_id,
            invented=row.invented,
            parties=tuple(sorted({line.party.name for line in lines.get(row.id, ())})),
            value_usd=sum(line.value_usd for line in lines.get(row.id, ())),
        )
        for row in found
    )


def _naming(party: UUID) -> QuerySet[Report]:
    return Report.objects.filter(named__party=party).select_related("place")


def _reports(rows: Iterable[Report]) -> tuple[ReportLine, ...]:
    found = list(rows)
    named: dict[UUID, list[tuple[UUID, str]]] = {}
    links = ReportParty.objects.filter(report__in=found).select_related("party")
    for link in links.order_by("party__name", "party_id"):
        named.setdefault(link.report_id, []).append((link.party_id, link.party.name))
    return tuple(_report(row, tuple(named.get(row.id, ()))) for row in found)


def _report(row: Report, parties: tuple[tuple[UUID, str], ...]) -> ReportLine:
    return ReportLine(
        id=row.id,
        kind=row.kind,
        what=row.what,
        heard=row.heard,
        happened_from=row.happened_from,
        happened_to=row.happened_to,
        confidence=row.confidence,
        people_min=row.people_min,
        people_max=row.people_max,
        source=row.source,
        independent_sources=row.independent_sources,
        invented=row.invented,
        parties=parties,
        place=row.place.names if row.place else None,
    )

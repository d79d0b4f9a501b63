"""Lists of activities and reports, page by page, by key and never by counting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from primum.cases.models import Activity, Line, Report, ReportParty
from primum.core.vocabulary import Stage
from primum.people.sight import Viewer, require

__all__ = [
    "PAGE",
    "ActivityLine",
    "Filter",
    "ReportLine",
    "activities",
    "activities_of",
    "report_page",
    "reports_of",
]

PAGE = 50


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


def activities_of(viewer: Viewer, party: UUID) -> tuple[ActivityLine, ...]:
    """Every activity with a line for this party."""
    require(viewer)
    own = Line.objects.filter(party=party).values("activity")
    return _listed(Activity.objects.filter(id__in=own).order_by("-stage_since", "id")[:200])


def reports_of(viewer: Viewer, party: UUID) -> tuple[ReportLine, ...]:
    """Reports that name this party, as far as this viewer may know, newest first."""
    require(viewer)
    rows = Report.objects.filter(named__party=party).order_by("-heard", "id")[:200]
    return tuple(_report(row) for row in rows)


def report_page(viewer: Viewer, key: UUID) -> ReportLine | None:
    require(viewer)
    row = Report.objects.filter(id=key).first()
    return _report(row) if row else None


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


def _report(row: Report) -> ReportLine:
    named = ReportParty.objects.filter(report=row).select_related("party")
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
        parties=tuple((link.party_id, link.party.name) for link in named),
    )

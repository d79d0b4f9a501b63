"""Samples of an audit: cases by chance, with what shows whether the right kind was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from primum.cases import facts
from primum.cases.models import Activity, Governing, Line, Sample
from primum.core.vocabulary import Text
from primum.people.sight import Viewer, require

__all__ = ["SampleCase", "SamplePage", "sample", "samples"]

NEWEST = 5


@dataclass(frozen=True, slots=True)
class SampleCase:
    """A case as the auditor judges it: why, under which protocols, what, and what is exempt."""

    id: UUID
    title: str
    why: str
    invented: bool
    protocols: tuple[Text, ...]
    lines: tuple[tuple[str, str], ...]
    exempt: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SamplePage:
    """One sample. `cases` are those of it that this viewer sees."""

    at: datetime
    post: UUID
    drawn: int
    population: int
    cases: tuple[SampleCase, ...]


def samples(viewer: Viewer) -> tuple[tuple[UUID, datetime], ...]:
    """The newest samples, whoever drew them."""
    require(viewer)
    return tuple(Sample.objects.order_by("-at").values_list("id", "at")[:NEWEST])


def sample(viewer: Viewer, key: UUID) -> SamplePage | None:
    """One sample, or None when there is none such for this viewer."""
    require(viewer)
    row = Sample.objects.select_related("by").filter(id=key).first()
    if row is None:
        return None
    return SamplePage(
        at=row.at,
        post=row.by.post_id,
        drawn=len(row.activities),
        population=row.population,
        cases=_cases(row.activities),
    )


def _cases(keys: list[UUID]) -> tuple[SampleCase, ...]:
    rows = Activity.objects.filter(id__in=keys).order_by("title", "id")
    lines: dict[UUID, list[Line]] = {}
    for line in Line.objects.filter(activity__in=keys).order_by("number"):
        lines.setdefault(line.activity_id, []).append(line)
    titles: dict[UUID, list[Text]] = {}
    for each in Governing.objects.filter(activity__in=keys).select_related("protocol"):
        titles.setdefault(each.activity_id, []).append(facts.protocol_of(each.protocol).title)
    return tuple(
        SampleCase(
            id=row.id,
            title=row.title,
            why=row.why,
            invented=row.invented,
            protocols=tuple(titles.get(row.id, ())),
            lines=tuple((line.kind, line.what) for line in lines.get(row.id, ())),
            exempt=tuple(
                (line.exempt, line.exempt_because) for line in lines.get(row.id, ()) if line.exempt
            ),
        )
        for row in rows
    )

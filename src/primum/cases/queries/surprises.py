"""What harm was foreseen: reports to match, surprises for the steward, and the count of both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from primum.cases import facts, hands
from primum.cases.effects import LIVE_STAGES
from primum.cases.models import (
    Activity,
    Effect,
    EffectReport,
    Line,
    ProtocolVersion,
    Report,
    Sign,
    Surprise,
)
from primum.cases.queries.effects import EffectLine, effects_page, waits_for_reading
from primum.core.vocabulary import Text
from primum.people import door
from primum.people.sight import Viewer, require

__all__ = [
    "CaseToMatch",
    "EffectsDesk",
    "Foresight",
    "SurpriseLine",
    "cases_running",
    "cases_to_match",
    "effects_desk",
    "foresight",
    "reports_to_match",
    "surprise_page",
    "surprises",
]

MATCH = EffectReport.Kind.MATCH
MOST = 50


@dataclass(frozen=True, slots=True)
class CaseToMatch:
    """A case that a report of harm may have come of, and the harms foreseen in it."""

    activity: UUID
    title: str
    harms: tuple[EffectLine, ...]
    matched: UUID | None
    """The effect it was matched with; a surprise has one too."""


@dataclass(frozen=True, slots=True)
class SurpriseLine:
    """What the steward learns of a harm that nobody foresaw."""

    id: UUID
    protocol: UUID
    title: Text
    kinds: tuple[str, ...]
    order: int
    how: str
    at: datetime
    answer: str
    version: UUID | None
    words: str
    texts: tuple[tuple[UUID, datetime], ...]
    """Later texts of the protocol, of which one may ask for it now."""


@dataclass(frozen=True, slots=True)
class Foresight:
    """Of the harms this viewer knows of, how many were foreseen; and what nobody has looked for."""

    seen: int
    foreseen: int
    not_matched: int
    signs_open: int


@dataclass(frozen=True, slots=True)
class EffectsDesk:
    """What effects ask of a post today."""

    readings: tuple[tuple[UUID, str], ...]
    reports: tuple[tuple[UUID, datetime], ...]
    surprises: tuple[SurpriseLine, ...]

    @property
    def any(self) -> bool:
        return bool(self.readings or self.reports or self.surprises)


def effects_desk(viewer: Viewer, now: datetime) -> EffectsDesk:
    """Second readings, reports to match, and for the steward the harms no protocol asked for."""
    require(viewer)
    return EffectsDesk(
        readings=waits_for_reading(viewer, now),
        reports=reports_to_match(viewer, now) if "assesses" in viewer.duties else (),
        surprises=surprises(viewer) if "steward" in viewer.duties else (),
    )


def cases_running(viewer: Viewer) -> tuple[tuple[UUID, str], ...]:
    """The approved cases this viewer sees, newest first: what a filer may link a report to."""
    require(viewer)
    rows = Activity.objects.filter(stage__in=LIVE_STAGES).order_by("-stage_since", "id")
    return tuple(rows.values_list("id", "title")[:MOST])


def cases_to_match(viewer: Viewer, report: UUID, now: datetime) -> tuple[CaseToMatch, ...]:
    """The cases that a report of harm may have come of, as far as this viewer may judge them."""
    require(viewer)
    row = Report.objects.filter(id=report, kind="harm").first()
    if row is None:
        return ()
    actor = door.actor(viewer, now)
    links = EffectReport.objects.filter(report=report, kind=MATCH)
    matched = dict(links.values_list("activity", "effect"))
    return tuple(
        CaseToMatch(case.id, case.title, _harms(viewer, case.id, now), matched.get(case.id))
        for case in _cases(row)[:MOST]
        if not hands.is_own_case(actor, case, now)
    )


def reports_to_match(viewer: Viewer, now: datetime) -> tuple[tuple[UUID, datetime], ...]:
    """Reports of harm that came of some case, perhaps, and that nobody has matched there: oldest
    first."""
    require(viewer)
    unmatched = Activity.objects.filter(
        Q(stage__in=LIVE_STAGES, lines__party__in=OuterRef("parties")) | Q(id=OuterRef("activity")),
        ~Exists(
            EffectReport.objects.filter(
                activity=OuterRef("id"), report=OuterRef(OuterRef("id")), kind=MATCH
            )
        ),
    )
    rows = Report.objects.filter(Exists(unmatched), kind="harm").exclude(confidence="refuted")
    found = rows.order_by("heard", "id").values_list("id", "heard").distinct()
    return tuple(found[:MOST])


def surprises(viewer: Viewer) -> tuple[SurpriseLine, ...]:
    """Those that wait for the steward's answer, oldest first, as far as this viewer may know."""
    require(viewer)
    rows = Surprise.objects.filter(answered=None).select_related("protocol").order_by("at", "id")
    return tuple(_line(row) for row in rows[:MOST])


def surprise_page(viewer: Viewer, key: UUID) -> SurpriseLine | None:
    """One surprise, or None when there is no such thing for this viewer."""
    require(viewer)
    row = Surprise.objects.select_related("protocol").filter(id=key).first()
    return _line(row) if row else None


def foresight(viewer: Viewer, now: datetime) -> Foresight:
    """Harms foreseen among the harms seen: reports matched, signs seen, and surprises."""
    require(viewer)
    matched = EffectReport.objects.filter(kind=MATCH).exclude(effect__state=Effect.State.SURPRISE)
    signs = Sign.objects.filter(answer="seen", effect__good=False)
    foreseen = set(matched.values_list("effect", flat=True))
    foreseen |= set(signs.values_list("effect", flat=True))
    surprised = Effect.objects.filter(state=Effect.State.SURPRISE).count()
    return Foresight(
        seen=len(foreseen) + surprised,
        foreseen=len(foreseen),
        not_matched=len(reports_to_match(viewer, now)),
        signs_open=Sign.objects.filter(answer="").count(),
    )


def _cases(report: Report) -> QuerySet[Activity]:
    parties = report.named.values("party")
    by_party = Q(id__in=Line.objects.filter(party__in=parties).values("activity"))
    about = Q(stage__in=LIVE_STAGES) & by_party | Q(id=report.activity_id)
    rows = Activity.objects.filter(about).select_related("proposed_by")
    return rows.order_by("-stage_since", "id")


def _harms(viewer: Viewer, activity: UUID, now: datetime) -> tuple[EffectLine, ...]:
    page = effects_page(viewer, activity, now)
    return tuple(line for line in page.every if not line.good) if page else ()


def _line(row: Surprise) -> SurpriseLine:
    later = ProtocolVersion.objects.filter(
        name=row.protocol.name, proposed__gt=row.protocol.proposed
    )
    return SurpriseLine(
        id=row.id,
        protocol=row.protocol_id,
        title=facts.protocol_of(row.protocol).title,
        kinds=tuple(row.kinds),
        order=row.order,
        how=row.how,
        at=row.at,
        answer=row.answer,
        version=row.version_id,
        words=row.words,
        texts=tuple(later.order_by("-proposed").values_list("id", "proposed")),
    )

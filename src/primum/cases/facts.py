"""The bridge from rows to core values, one way."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from django.db import connection
from django.db.models import Q, Sum

from primum.cases.models import (
    Activity,
    Assessment,
    Decision,
    Delivery,
    Line,
    Look,
    ProtocolVersion,
    Report,
    Ruling,
)
from primum.core import authority, protocol
from primum.core import vocabulary as v
from primum.core.lifecycle import CaseState
from primum.people import mission
from primum.people.models import Post
from primum.people.sight import Viewer, require
from primum.protocols import parse
from primum.register import queries as register

YEAR = timedelta(days=365)
CREDIBLE = (Report.Confidence.PLAUSIBLE, Report.Confidence.REASONABLE_GROUNDS)


@lru_cache(maxsize=64)
def _parsed(digest: str, text: str) -> protocol.Protocol:
    return parse(text, f"{digest[:12]}.yaml")


class Published(Protocol):
    """A row or a value that holds a protocol's text and its digest."""

    @property
    def digest(self) -> str: ...
    @property
    def text(self) -> str: ...


def protocol_of(version: Published) -> protocol.Protocol:
    """A published protocol, read once per version: its text never changes."""
    return _parsed(version.digest, version.text)


def governing(activity: UUID) -> tuple[ProtocolVersion, ...]:
    """The protocols an activity stands under, in the order of their names."""
    rows = ProtocolVersion.objects.filter(id__in=_governing_ids(activity))
    return tuple(rows.order_by("name"))


def _governing_ids(activity: UUID) -> Collection[UUID]:
    return list(
        Activity.protocols.through.objects.filter(activity=activity).values_list(
            "protocol_id", flat=True
        )
    )


def latest_assessment(activity: UUID) -> Assessment | None:
    return (
        Assessment.objects.filter(activity=activity)
        .select_related("protocol", "by")
        .order_by("-at")
        .first()
    )


def ruling_for(viewer: Viewer, assessment: Assessment, now: datetime) -> v.Ruling:
    """The Ruling of an assessment on what this viewer may see today."""
    require(viewer)
    read = protocol_of(assessment.protocol)
    answers = protocol.read_answers(read, assessment.answers)
    return protocol.weigh(read, answers, facts_of(viewer, assessment.activity_id, now))


def facts_of(viewer: Viewer, activity: UUID, now: datetime) -> protocol.Facts:
    """The registered facts about an activity's parties, as this viewer may see them."""
    require(viewer)
    parties = Line.objects.filter(activity=activity).values_list("party", flat=True)
    return party_facts(viewer, set(parties), now)


def party_facts(viewer: Viewer, own: Collection[UUID], now: datetime) -> protocol.Facts:
    """The registered facts about the parties of a case, as this viewer may see them.

    The gravest party counts for each fact: one clean unit does not lighten another. What a party
    was before it was renamed or merged counts as its own.
    """
    require(viewer)
    former = register.former_of(viewer, own)
    parties = {*own, *former}
    reports = Report.objects.filter(named__party__in=parties)
    harm = reports.filter(kind="harm", confidence__in=CREDIBLE, heard__gt=now - 2 * YEAR)
    cases = Line.objects.filter(party__in=parties).values("activity")
    missed = Look.objects.filter(
        activity__in=cases, state=Look.State.OPEN, due__lt=now, due__gt=now - YEAR
    ).count()
    breaches = (
        Delivery.objects.filter(line__party__in=parties, happened__gt=now - YEAR)
        .exclude(breach="")
        .count()
    )
    suspended = Decision.objects.filter(
        activity__in=cases, kind="suspend", at__gt=now - 2 * YEAR
    ).exists()
    any_record = reports.exists() or missed or breaches or suspended
    return protocol.read_facts(
        {
            "party.record": "some" if any_record else "none",
            "party.harm_reports_24_months": harm.distinct().count(),
            "party.suspended_24_months": "yes" if suspended else "no",
            "party.looks_missed_12_months": missed,
            "party.breaches_12_months": breaches,
            "party.former_name": "yes" if former else "no",
            "party.grave_allegations": 0,
            "force.baseline": "none",
        }
    )


def size_of(viewer: Viewer, activity: UUID, now: datetime) -> authority.Size:
    """What the case brings, and what its parties were approved for in twelve months before it."""
    require(viewer)
    lines = list(Line.objects.filter(activity=activity))
    parties = {line.party_id for line in lines}
    approved = Decision.objects.filter(
        kind="decide", choice__in=("go", "go_with_conditions"), at__gt=now - YEAR
    ).values("activity")
    year = (
        Line.objects.filter(party__in=parties, activity__in=approved)
        .exclude(activity=activity)
        .aggregate(total=Sum("value_usd"))["total"]
    )
    lately = Decision.objects.filter(
        Q(kind="suspend"), activity__lines__party__in=parties, at__gt=now - 2 * YEAR
    ).exists()
    return authority.Size(
        kinds=frozenset(line.kind for line in lines),
        lethal=any(line.lethal for line in lines),
        people=sum(line.people for line in lines),
        value_usd=sum(line.value_usd for line in lines),
        party_year_usd=year or 0,
        suspended_lately=lately,
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """That an activity was assessed, when, by whom, and whether it was advised on: the engine's."""

    assessment: UUID
    at: datetime
    assessor: UUID
    advised: bool


def judged(activities: Collection[UUID]) -> Mapping[UUID, Judged]:
    """The latest assessment of each of these activities, whether or not the viewer may read it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM judgements(%s::uuid[])", [list(activities)])
        return {row[0]: Judged(*row[1:]) for row in cursor.fetchall()}


def case_state(
    viewer: Viewer, activity: Activity, now: datetime, ruling: v.Ruling | None = None
) -> CaseState:
    """What the table of moves needs to know. Counts come from the engine: sealed rows included."""
    require(viewer)
    rules = [protocol_of(version) for version in governing(activity.id)]
    found = judged([activity.id]).get(activity.id)
    looks, commitments, before, breaches, overdue = counts(activity.id, now)
    return CaseState(
        stage=v.Stage(activity.stage),
        proposer_person=activity.proposed_by.person_id,
        proposer_post=activity.owner_id,
        stakes=stakes_of(activity.id),
        lease_end=activity.lease_end,
        watch_until=activity.watch_until,
        before_suspension=v.Stage(activity.decided_stage or v.Stage.DECIDED),
        assessor=found.assessor if found else None,
        advised=found is not None and found.advised,
        hard_stops=ruling.hard_stops if ruling else (),
        max_lease=timedelta(days=min((rule.lease_days for rule in rules), default=0)),
        watch=timedelta(days=max((rule.watch_days for rule in rules), default=0)),
        open_looks=looks,
        overdue_looks=overdue,
        open_commitments=commitments,
        before_open=before,
        open_breaches=breaches,
    )


def stakes_of(activity: UUID) -> v.Stakes:
    """The computed stakes, for those who may read the assessment; to others the highest.

    So nobody below the leadership moves a case whose assessment is sealed from them.
    """
    assessment = latest_assessment(activity)
    return v.Stakes[assessment.stakes.upper()] if assessment else v.Stakes.LEADERSHIP


def counts(activity: UUID, now: datetime) -> tuple[int, int, int, int, int]:
    """Open looks, open commitments, unmet before-delivery ones, open breaches, overdue looks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM activity_counts(%s, %s)", [activity, now])
        row = cursor.fetchone()
    return tuple(row) if row else (0, 0, 0, 0, 0)


def computed_stakes(viewer: Viewer, activity: UUID, ruling: v.Ruling, now: datetime) -> v.Stakes:
    return authority.stakes(
        ruling.highest,
        bool(ruling.hard_stops),
        size_of(viewer, activity, now),
        mission.current().stakes,
    )


def decider_post(stakes: v.Stakes) -> Post:
    """On whose desk a decision at these stakes lands."""
    return mission.post_with(authority.DECIDER[stakes])


def stored(rulings: Iterable[Ruling]) -> tuple[v.Ruling, ...]:
    """Rulings as they were stored, read back."""
    return tuple(protocol.ruling_from_json(json.loads(ruling.text)) for ruling in rulings)


__all__ = [
    "case_state",
    "computed_stakes",
    "counts",
    "decider_post",
    "governing",
    "judged",
    "latest_assessment",
    "party_facts",
    "protocol_of",
    "ruling_for",
    "size_of",
    "stakes_of",
    "stored",
]

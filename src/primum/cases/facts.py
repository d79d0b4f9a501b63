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

from primum.cases import hands, rungs, standing
from primum.cases.baseline import Baseline, baseline_of
from primum.cases.grave import accountability_facts, grave_allegations
from primum.cases.models import (
    Activity,
    Assessment,
    Delivery,
    Ground,
    Line,
    Look,
    ProtocolVersion,
    Report,
    Ruling,
)
from primum.cases.raising import one_step_up, raised
from primum.cases.sizes import YEAR, sizes_of
from primum.core import authority, protocol
from primum.core import vocabulary as v
from primum.core.lifecycle import CaseState
from primum.people import mission
from primum.people.models import Post
from primum.people.sight import Viewer, require
from primum.protocols import parse
from primum.register import queries as register

OWED = ("look", "unread", "overdue", "commitment", "before", "breach")
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
    if assessment.activity_id is None:
        own = {assessment.party_id} if assessment.party_id else set()
        return protocol.weigh(read, answers, party_facts(viewer, own, now))
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
    suspended = bool(standing.suspended_lately(parties, now))
    baseline = baseline_of(viewer, own, now)
    any_record = reports.exists() or missed or breaches or suspended
    return protocol.read_facts(
        {
            "party.record": "some" if any_record else "none",
            "party.harm_reports_24_months": harm.distinct().count(),
            "party.suspended_24_months": "yes" if suspended else "no",
            "party.looks_missed_12_months": missed,
            "party.breaches_12_months": breaches,
            "party.former_name": "yes" if former else "no",
            "party.grave_allegations": grave_allegations(viewer, parties),
            **accountability_facts(viewer, parties, now),
            "party.intercession": rungs.standing_of(viewer, parties, now),
            "force.baseline": _baseline(baseline),
            "force.baseline_level": (baseline.level or None) if baseline else None,
        }
    )


def _baseline(found: Baseline | None) -> str:
    if found is None:
        return "none"
    return "current" if found.fresh else "stale"


def size_of(viewer: Viewer, activity: UUID, now: datetime) -> authority.Size:
    """What the case brings, and what its parties were approved for in twelve months before it."""
    return sizes_of(viewer, [activity], now)[activity]


@dataclass(frozen=True, slots=True)
class Judged:
    """That an activity was assessed and advised on, when and by whom: the engine's."""

    assessment: UUID
    at: datetime
    assessor: UUID
    advised: bool
    advisers: Collection[UUID] = ()


def judged(activities: Collection[UUID]) -> Mapping[UUID, Judged]:
    """The latest assessment of each of these activities, whether or not the viewer may read it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM judgements(%s::uuid[])", [list(activities)])
        return {row[0]: Judged(*row[1:]) for row in cursor.fetchall()}


def first_assessed(activity: UUID, since: datetime) -> datetime | None:
    """When it was assessed for the first time after `since`, seen or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT first_assessed(%s, %s)", [activity, since])
        row = cursor.fetchone()
    return row[0] if row else None


def barred(activity: Activity, verb: v.Verb, now: datetime) -> frozenset[UUID]:
    """The people who may not judge this case in this way, whatever post they act in."""
    if verb not in hands.JUDGING:
        return frozenset()
    found = judged([activity.id]).get(activity.id)
    own = hands.owners([activity], now)[activity.id]
    return hands.barred(
        verb, own, found.assessor if found else None, frozenset(found.advisers if found else ())
    )


def case_state(
    viewer: Viewer, activity: Activity, now: datetime, ruling: v.Ruling | None = None
) -> CaseState:
    """What the table of moves needs to know. What is owed comes from the engine: every row."""
    require(viewer)
    rules = [protocol_of(version) for version in governing(activity.id)]
    found = judged([activity.id]).get(activity.id)
    due = owed(activity.id, now)
    review = standing.review(activity, found.at if found else None, now)
    return CaseState(
        stage=v.Stage(activity.stage),
        proposer_person=activity.proposed_by.person_id,
        proposer_post=activity.owner_id,
        owners=hands.owners([activity], now)[activity.id],
        stakes=_stakes_at(viewer, activity, review, now),
        lease_end=activity.lease_end,
        watch_until=activity.watch_until,
        before_suspension=v.Stage(activity.decided_stage or v.Stage.DECIDED),
        assessor=found.assessor if found else None,
        advised=found is not None and found.advised,
        advisers=frozenset(found.advisers if found else ()),
        hard_stops=ruling.hard_stops if ruling else (),
        max_lease=timedelta(days=min((rule.lease_days for rule in rules), default=0)),
        watch=timedelta(days=max((rule.watch_days for rule in rules), default=0)),
        open_looks=due["look"],
        unread_looks=due["unread"],
        overdue_looks=due["overdue"],
        open_commitments=due["commitment"],
        before_open=due["before"],
        open_breaches=due["breach"],
        delivered=Delivery.objects.filter(activity=activity).exists(),
        stopped=standing.stopped(activity.id, now),
        left_out=standing.left_out([activity.id], now),
        changed=review.changed,
        renewing=review.renewing,
        reviewed=review.reviewed,
        renewal_looks=review.owed_looks,
        renewal_commitments=review.owed_commitments,
    )


def _stakes_at(
    viewer: Viewer, activity: Activity, review: standing.Review, now: datetime
) -> v.Stakes:
    stakes = stakes_now(viewer, activity, now)
    if not review.reviewed:
        return stakes
    # It waits for a decision as an assessed one does.
    return max(stakes, by_size(size_of(viewer, activity.id, now)))


def stakes_of(activity: UUID) -> v.Stakes:
    """The stakes as last computed, for those who may read the assessment; to others the highest.

    So nobody below the leadership moves a case whose assessment is sealed from them. What they
    rose to by the day of the decision stays with the case.
    """
    assessment = latest_assessment(activity)
    if assessment is None:
        return v.Stakes.LEADERSHIP
    found = v.Stakes[assessment.stakes.upper()]
    found = one_step_up(found) if raised([activity]) else found
    decided = Ground.objects.filter(decision__assessment=assessment).exclude(stakes="")
    words = decided.values_list("stakes", flat=True)
    return max([found, *(v.Stakes[word.upper()] for word in words)])


def stakes_now(viewer: Viewer, activity: Activity, now: datetime) -> v.Stakes:
    """The stakes of a case that waits for its decision, computed again: they add up meanwhile.

    The higher of then and now counts. The level stays that of the assessment: who decides may see
    less, and to whom a party's record is sealed every party looks like one without a record.
    """
    known = stakes_of(activity.id)
    if activity.stage != v.Stage.ASSESSED or known is v.Stakes.LEADERSHIP:
        return known
    return max(known, by_size(size_of(viewer, activity.id, now)))


def by_size(size: authority.Size) -> v.Stakes:
    """The least stakes that a case of this size has, however low its level."""
    return authority.stakes(v.Level.LOW, False, size, mission.current().stakes)


def owed(activity: UUID, now: datetime) -> Mapping[str, tuple[v.Due, ...]]:
    """When everything that is owed falls due, by the engine.

    look, unread (by its second reader), overdue, commitment, before (delivery, not met), breach.
    """
    found: dict[str, list[v.Due]] = {kind: [] for kind in OWED}
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, due, month_only FROM activity_owed(%s, %s)", [activity, now])
        for kind, due, month_only in cursor.fetchall():
            found[kind].append(v.Due(due, month_only))
    return {kind: tuple(sorted(dues)) for kind, dues in found.items()}


def counts(activity: UUID, now: datetime) -> tuple[int, int, int, int, int]:
    """Open looks, open commitments, unmet before-delivery ones, open breaches, overdue looks."""
    found = owed(activity, now)
    kinds = ("look", "commitment", "before", "breach", "overdue")
    looks, commitments, before, breaches, overdue = (len(found[kind]) for kind in kinds)
    return looks, commitments, before, breaches, overdue


def unmet_before(activity: UUID) -> tuple[tuple[datetime, datetime | None], ...]:
    """From when until when something promised before delivery was not met, by the engine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT since, until FROM before_unmet(%s)", [activity])
        return tuple((since, until) for since, until in cursor.fetchall())


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
    "barred",
    "by_size",
    "case_state",
    "computed_stakes",
    "counts",
    "decider_post",
    "first_assessed",
    "governing",
    "judged",
    "latest_assessment",
    "owed",
    "party_facts",
    "protocol_of",
    "ruling_for",
    "size_of",
    "sizes_of",
    "stakes_now",
    "stakes_of",
    "stored",
    "unmet_before",
]

"""Match a report of harm with the effect it came true as, or say that nobody foresaw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db.models import Model

from primum.actions.base import (
    NotThere,
    acting,
    activity_of,
    ask_for,
    digest,
    holding,
    log,
    narrower,
    needs,
    own_case,
    part_seal,
    refuse,
    salt,
)
from primum.actions.once import Key, once, own_key
from primum.cases import facts
from primum.cases.effects import LIVE_STAGES
from primum.cases.models import Activity, Effect, EffectReport, Line, Report, Surprise
from primum.core import effects
from primum.core.vocabulary import Verb
from primum.people import mission
from primum.people.models import Holding
from primum.people.sight import Viewer

MATCHES = frozenset({"assesses", "advises"})


@dataclass(frozen=True, slots=True)
class Matched:
    """Which effect a report shows; where none, how the harm came about, in the matcher's words."""

    report: UUID
    activity: UUID
    effect: UUID | None = None
    order: int = 1
    how: str = ""
    words: str = ""
    key: Key = None
    """Sent twice under one key, it makes one record."""


@once(EffectReport, "matched")
def match_report(*, by: Viewer, now: datetime, matched: Matched) -> UUID:
    """Link the report to the effect. Without one it is a surprise, and the steward learns of it.

    The steward is told the protocol, the kind of activity, the order and the way it came about,
    and nothing of the case or the report.
    """
    with acting(by):
        if not MATCHES & by.duties:
            raise refuse(Verb.ANSWER, "not_your_move", "This step belongs to another post.")
        report = Report.objects.filter(id=matched.report).first()
        if report is None:
            raise NotThere
        row = activity_of(matched.activity)
        if own_case(ask_for(Verb.ASSESS, by, now, row), row):
            raise refuse(Verb.ANSWER, "own_case", "This is your own case. Others match its harm.")
        _check(report, row)
        who = holding(by, now, Verb.ANSWER)
        surprise = None
        if matched.effect is None:
            effect, surprise = _surprise(report, row, who, now, matched)
        else:
            effect = _foreseen(row, matched.effect)
        link = EffectReport(
            id=own_key(by.person, matched.key),
            seal_id=effect.seal_id,
            activity=row,
            effect=effect,
            report=report,
            kind=EffectReport.Kind.MATCH,
            by=who,
            at=now,
        )
        link.save(force_insert=True)
        _log(row, link, report, surprise, digest(report.salt, effect.id, matched.words))
        return link.id


def _log(
    row: Activity, link: EffectReport, report: Report, surprise: Surprise | None, said: str
) -> None:
    """On the case's chain under the report's seal; on the protocol's under the steward's."""
    told = {("activity", row.id): ("match_report", report.seal_id, said)}
    records: dict[UUID, Model] = {row.id: link}
    if surprise is not None:
        case = ("protocol", surprise.protocol_id)
        told[case] = ("surprise", surprise.seal_id, digest(surprise.salt, surprise.how))
        records[surprise.protocol_id] = surprise
    for case in sorted(told, key=lambda each: each[1]):
        verb, seal, words = told[case]
        log(case, verb, records[case[1]], link.at, words=words, seal=seal)


def _check(report: Report, row: Activity) -> None:
    """A harm, and one that may have come of this case: by a party in it, or as its filer says."""
    parties = Line.objects.filter(activity=row).values("party")
    about = report.activity_id == row.id or (
        row.stage in LIVE_STAGES and report.named.filter(party__in=parties).exists()
    )
    if report.kind != "harm" or not about:
        raise refuse(
            Verb.ANSWER, "not_about", "This report is not about harm that may have come of this."
        )
    done = EffectReport.objects.filter(
        report=report, activity=row, kind=EffectReport.Kind.MATCH
    ).exists()
    if done:
        raise refuse(Verb.ANSWER, "matched", "This report has been matched here.")


def _foreseen(row: Activity, key: UUID) -> Effect:
    found = Effect.objects.filter(id=key, activity=row, state__in=Effect.LIVE, good=False).first()
    if found is None:
        raise NotThere
    return found


def _surprise(
    report: Report, row: Activity, who: Holding, now: datetime, matched: Matched
) -> tuple[Effect, Surprise]:
    if matched.how not in effects.MECHANISMS or not 1 <= matched.order <= effects.MOST_ORDER:
        raise refuse(Verb.ANSWER, "no_mechanism", "Say how the harm came about, and how far on.")
    words = needs(matched.words, Verb.ANSWER, "what")
    kinds = Line.objects.filter(activity=row).values_list("kind", flat=True)
    told = Surprise(
        id=uuid4(),
        seal_id=mission.default_seal("surprise"),
        protocol=facts.governing(row.id)[0],
        kinds=sorted(set(kinds)),
        order=matched.order,
        how=matched.how,
        at=now,
        salt=salt(),
    )
    told.save(force_insert=True)
    effect = Effect(
        id=uuid4(),
        seal_id=narrower(report.seal_id, part_seal(row, "assessment")),
        activity=row,
        order=matched.order,
        how=matched.how,
        what=words,
        state=Effect.State.SURPRISE,
        surprise=told,
        by=who,
        at=now,
        salt=salt(),
    )
    effect.save(force_insert=True)
    return effect, told

"""Record a step: what the authorities did about what a report says of a party, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from primum.actions.base import NotThere, Refused, acting, digest, holding, log, refuse, salt
from primum.actions.once import Key, once, own_key
from primum.cases.models import AuthorityStep, Report, ReportParty
from primum.core import promises
from primum.core.vocabulary import Because, Refusal, Verb
from primum.people.sight import Viewer

RECORDS: Final = frozenset({"assesses", "advises", "verifies", "protection_officer"})
"""Duties of the posts that follow findings: due diligence and human rights."""


@dataclass(frozen=True, slots=True)
class NewStep:
    """What was done, when, by which office, and what shows it."""

    report: UUID
    party: UUID
    kind: str
    day: date
    office: str
    evidence: str
    evidenced: bool
    key: Key = None
    """Sent twice under one key, it makes one record."""


@once(AuthorityStep, "step")
def record_step(*, by: Viewer, now: datetime, step: NewStep) -> UUID:
    """Keep what was done. It is seen exactly by those who see the report."""
    with acting(by):
        if not RECORDS & by.duties:
            raise refuse(Verb.ANSWER, "not_your_move", "This step belongs to another post.")
        row = Report.objects.filter(id=step.report).first()
        if row is None or not ReportParty.objects.filter(report=row, party=step.party).exists():
            raise NotThere
        _check(step, now)
        made = AuthorityStep(
            id=own_key(by.person, step.key),
            seal_id=row.seal_id,
            report=row,
            party_id=step.party,
            kind=step.kind,
            day=step.day,
            office=step.office.strip(),
            evidence=step.evidence.strip(),
            evidenced=step.evidenced,
            by=holding(by, now, Verb.ANSWER),
            at=now,
            salt=salt(),
        )
        made.save(force_insert=True)
        said = digest(made.salt, made.kind, made.day, made.office, made.evidence, made.evidenced)
        log(("party", step.party), "record_step", made, now, words=said, seal=row.seal_id)
        return made.id


def _check(step: NewStep, now: datetime) -> None:
    wrong = []
    if step.kind not in promises.STEPS:
        wrong.append(Because("no_step", "Choose what was done, or nothing."))
    if step.day > now.date():
        wrong.append(Because("step_ahead", "A step that is only announced is an undertaking."))
    if not step.office.strip():
        wrong.append(Because("no_office", "Say which office. An office, not a name."))
    if not step.evidence.strip():
        wrong.append(Because("no_evidence", "Say what you saw or were told, and where it stands."))
    if wrong:
        raise Refused(Refusal(Verb.ANSWER, tuple(wrong)))

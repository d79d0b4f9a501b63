"""Grade a report: say how sure it is, with reasons. Only a person does."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from primum.actions.base import (
    NotThere,
    acting,
    digest,
    holding,
    in_order,
    log,
    needs,
    refuse,
    salt,
)
from primum.cases.models import Note, Report, ReportParty
from primum.core.vocabulary import Verb
from primum.people.sight import Viewer

GRADES = frozenset({"assesses", "advises"})


def grade_report(*, by: Viewer, now: datetime, report: UUID, confidence: str, words: str) -> None:
    """Set the confidence; the reasons are kept beside it under the report's own seal."""
    with acting(by):
        if not GRADES & by.duties:
            raise refuse(Verb.ANSWER, "not_your_move", "This step belongs to another post.")
        row = Report.objects.filter(id=report).first()
        if row is None:
            raise NotThere
        if confidence not in Report.Confidence.values:
            raise refuse(Verb.ANSWER, "no_confidence", "Say how sure this is: heard, plausible…")
        said = needs(words, Verb.ANSWER)
        Report.objects.filter(id=report).update(confidence=confidence)
        note = Note(
            id=uuid4(),
            seal_id=row.seal_id,
            case=report,
            kind="grade",
            text=said,
            by=holding(by, now, Verb.ANSWER),
            at=now,
            salt=salt(),
        )
        note.save(force_insert=True)
        words_digest = digest(note.salt, confidence, said)
        parties = ReportParty.objects.filter(report=report).values_list("party_id", flat=True)
        for party in in_order(parties):
            log(("party", party), "grade", row, now, words=words_digest, seal=row.seal_id)

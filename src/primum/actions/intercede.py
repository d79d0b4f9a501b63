"""Intercede: write a step of the ladder, approve it as a second person, record what they answered.

The information it rests on lies apart, under the seal of reports: of those who may read that, the
ones read it who may read every report it links to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID, uuid4

from django.db import connection

from primum.actions.base import (
    NotThere,
    Refused,
    acting,
    chosen_seal,
    digest,
    holding,
    log,
    needs,
    refuse,
    salt,
)
from primum.actions.once import Key, once, own_key
from primum.cases import rungs
from primum.cases.models import (
    Decision,
    Intercession,
    Line,
    Relied,
    ReliedReport,
    Report,
)
from primum.core import authority
from primum.core import intercession as core
from primum.core.vocabulary import Because, Refusal, Verb
from primum.people import door, mission
from primum.people.sight import Viewer
from primum.register.models import Party

E = TypeVar("E", bound=StrEnum)
SEAL = "decider"
"""Under whose usual seal a step lies: those who decide, and human rights."""


@dataclass(frozen=True, slots=True)
class NewRung:
    """A step as somebody writes it. `after` is the step of the same matter that it goes on from."""

    party: UUID
    rung: str
    scope: str
    threshold: str
    relied_on: str
    scope_words: str = ""
    reports: tuple[UUID, ...] = ()
    after: UUID | None = None
    deadline: datetime | None = None
    decision: UUID | None = None
    seal: str = ""
    relied_seal: str = ""
    """A seal's code when the writer narrows who reads what it rests on, reports or none."""
    key: Key = None


@once(Intercession, "step")
def intercede(*, by: Viewer, now: datetime, step: NewRung) -> UUID:
    """Write a step. It stands once a second person has approved it."""
    with acting(by):
        who = holding(by, now, Verb.ADVISE)
        if not Party.objects.filter(id=step.party).exists():
            raise NotThere
        before, decided = _before(step), _decided(step)
        move = _move(step, before, decided, by, now)
        _refuse(core.objections(move))
        made = Intercession(
            id=own_key(by.person, step.key),
            seal_id=chosen_seal(Verb.ADVISE, SEAL, step.seal),
            party_id=step.party,
            rung=move.rung,
            scope=move.scope,
            scope_words=step.scope_words.strip(),
            threshold=step.threshold.strip(),
            deadline=step.deadline if core.LADDER[move.rung].clock else None,
            supersedes=before,
            decision=decided,
            by=who,
            at=now,
            salt=salt(),
        )
        made.save(force_insert=True)
        _withhold(made.id)
        _rest_on(made, step)
        words = digest(
            made.salt, made.rung, made.scope, made.scope_words, made.threshold, step.relied_on
        )
        log(("party", step.party), "intercede", made, now, words=words, seal=made.seal_id)
        return made.id


def approve_intercession(
    *, by: Viewer, now: datetime, intercession: UUID, approves: bool, words: str
) -> None:
    """Let a step stand, or send it back with what is missing. Never by whoever wrote it."""
    with acting(by):
        row = _step(intercession)
        if row.state != Intercession.State.WAITING:
            raise refuse(Verb.DECIDE, "answered", "Somebody has answered this already.")
        actor = door.actor(by, now)
        own = authority.is_own_case(actor, row.by.person_id, row.by.post_id)
        rung = core.Rung(row.rung)
        before = _climbed(row) if approves else frozenset({core.Rung.FORMAL_NOTICE})
        _refuse(
            core.objections_to_approving(rung, before, actor.duties, own=own, reason=words),
            Verb.DECIDE,
        )
        said = words.strip() if approves else needs(words, Verb.DECIDE)
        due = row.deadline or core.answer_due(rung, now, mission.current().clocks)
        state = Intercession.State.APPROVED if approves else Intercession.State.SENT_BACK
        hit = Intercession.objects.filter(id=row.id, state=Intercession.State.WAITING).update(
            state=state,
            judged=now,
            judged_by=holding(by, now, Verb.DECIDE),
            judged_words=said,
            deadline=due,
        )
        if hit != 1:
            raise refuse(Verb.DECIDE, "answered", "Somebody has answered this already.")
        verb = "approve_rung" if approves else "send_back_rung"
        digested = digest(row.salt, state, said)
        log(("party", row.party_id), verb, row, now, words=digested, seal=row.seal_id)


def answer_intercession(
    *, by: Viewer, now: datetime, intercession: UUID, answer: str, words: str, on: date | None
) -> None:
    """Record what the authorities answered, and when. It takes no step back: the next one does."""
    with acting(by):
        row = _step(intercession)
        if not core.WRITES & by.duties and row.by.post_id != by.post:
            raise refuse(Verb.ANSWER, "not_your_move", "This step belongs to another post.")
        if row.state != Intercession.State.APPROVED:
            raise refuse(Verb.ANSWER, "unapproved", "This step is not approved yet.")
        if answer not in core.ANSWERS:
            raise refuse(Verb.ANSWER, "no_answer", "Say what they answered.")
        if on is None or on > now.date():
            raise refuse(Verb.ANSWER, "no_answer_day", "Say on which day they answered.")
        said = needs(words, Verb.ANSWER, "words")
        hit = Intercession.objects.filter(id=row.id, answer="").update(
            answer=answer,
            answer_words=said,
            answered=on,
            answer_by=holding(by, now, Verb.ANSWER),
            answer_at=now,
        )
        if hit != 1:
            raise refuse(Verb.ANSWER, "answered", "Somebody has answered this already.")
        digested = digest(row.salt, answer, on, said)
        log(("party", row.party_id), "answer_rung", row, now, words=digested, seal=row.seal_id)


def _move(
    step: NewRung,
    before: Intercession | None,
    decided: Decision | None,
    by: Viewer,
    now: datetime,
) -> core.Move:
    return core.Move(
        rung=_one_of(core.Rung, step.rung, "no_rung", "Choose the step."),
        before=core.Rung(before.rung) if before else None,
        duties=door.actor(by, now).duties,
        threshold=step.threshold,
        relied_on=step.relied_on,
        scope=_one_of(core.Scope, step.scope, "no_scope", "Say what it is about."),
        scope_words=step.scope_words,
        now=now,
        deadline=step.deadline,
        decision=decided.kind if decided else "",
    )


def _before(step: NewRung) -> Intercession | None:
    """The step that this one goes on from: approved, of the same party, and the last of its matter.

    As far as the writer sees: of a step sealed from them they are told nothing.
    """
    if step.after is None:
        return None
    rows = Intercession.objects.filter(party=step.party, state=Intercession.State.APPROVED)
    found = next((row for row in rungs.heads(rows) if row.id == step.after), None)
    if found is None:
        raise refuse(
            Verb.ADVISE, "not_the_last", "That step has been gone on from. Open the party again."
        )
    return found


def _decided(step: NewRung) -> Decision | None:
    if step.decision is None:
        return None
    cases = Line.objects.filter(party=step.party).values("activity")
    found = Decision.objects.filter(
        Decision.STANDS, id=step.decision, activity__in=cases, kind__in=core.DECISIONS
    ).first()
    if found is None:
        raise refuse(Verb.ADVISE, "no_decision", "This decision is not about that party.")
    return found


def _rest_on(made: Intercession, step: NewRung) -> None:
    """Keep what it rests on, with links to reports that the writer may see.

    The words lie where reports lie, always: where they are not shown, that tells of no report.
    """
    wanted = set(step.reports)
    seen = set(Report.objects.filter(id__in=wanted).values_list("id", flat=True))
    if wanted - seen:
        raise refuse(Verb.ADVISE, "no_report", "One of the reports is not there. Choose again.")
    for report in sorted(seen):
        ReliedReport(seal_id=made.seal_id, intercession=made, report_id=report).save(
            force_insert=True
        )
    Relied(
        id=uuid4(),
        seal_id=chosen_seal(Verb.ADVISE, "report", step.relied_seal),
        intercession=made,
        words=step.relied_on.strip(),
        salt=salt(),
    ).save(force_insert=True)


def _climbed(row: Intercession) -> frozenset[core.Rung]:
    """Every step of this matter before this one, as far as the viewer sees."""
    rows = Intercession.objects.filter(party=row.party_id, state=Intercession.State.APPROVED)
    known = {each.id: each for each in rows}
    return frozenset(core.Rung(each.rung) for each in rungs.climbed(row, known)[:-1])


def _step(key: UUID) -> Intercession:
    found = Intercession.objects.select_related("by").filter(id=key).first()
    if found is None:
        raise NotThere
    return found


def _withhold(key: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT withhold_intercession(%s)", [key])


def _refuse(found: Iterable[Because], verb: Verb = Verb.ADVISE) -> None:
    reasons = tuple(found)
    if reasons:
        raise Refused(Refusal(verb, reasons))


def _one_of(kind: type[E], text: str, code: str, says: str) -> E:
    try:
        return kind(text)
    except ValueError as error:
        raise refuse(Verb.ADVISE, code, says) from error

"""Where a party stands with those who answer for it: matters, their steps, what comes next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from primum.cases import rungs
from primum.cases.models import (
    Decision,
    Intercession,
    Letter,
    Line,
    Relied,
    ReliedReport,
    Report,
)
from primum.core import authority
from primum.core import intercession as core
from primum.people import door
from primum.people.sight import Viewer, require

__all__ = [
    "LetterLink",
    "Matter",
    "Named",
    "Step",
    "StepPage",
    "decisions_about",
    "matters",
    "open_steps",
    "reports_about",
    "step_page",
]


@dataclass(frozen=True, slots=True)
class LetterLink:
    """A letter of a step: what kind it is and how far it has come."""

    id: UUID
    kind: str
    state: str
    sent_on: date | None


@dataclass(frozen=True, slots=True)
class Step:
    """One rung as somebody wrote it, and what became of it."""

    id: UUID
    rung: str
    scope: str
    scope_words: str
    threshold: str
    post: UUID
    at: datetime
    state: str
    judged: datetime | None
    judged_post: UUID | None
    judged_words: str
    deadline: datetime | None
    answer: str
    answer_words: str
    answered: date | None
    activity: UUID | None
    """The case whose Decision it tells of."""
    letters: tuple[LetterLink, ...]

    @property
    def since(self) -> datetime:
        return self.judged or self.at


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter with a party: its steps, newest first. The first is where it stands."""

    steps: tuple[Step, ...]
    next: tuple[str, ...]
    lately: bool
    """False when it is older than two years: no rule counts it any more."""

    @property
    def head(self) -> Step:
        return self.steps[0]


@dataclass(frozen=True, slots=True)
class StepPage:
    """One step for its page, with what this viewer may do about it."""

    step: Step
    party: UUID
    party_name: str
    invented: bool
    before: tuple[Step, ...]
    relied_on: str
    reports: tuple[tuple[UUID, datetime], ...]
    may_approve: bool
    own: bool
    skips_formal: bool
    may_answer: bool
    may_write: bool
    letter: str
    owes_letter: bool


@dataclass(frozen=True, slots=True)
class Named:
    """Something to choose from a list."""

    id: UUID
    title: str
    at: datetime
    kind: str = ""


def matters(viewer: Viewer, party: UUID, now: datetime) -> tuple[Matter, ...]:
    """The matters with this party that this viewer may know of, the latest moved first."""
    require(viewer)
    rows = _approved(party)
    known = {row.id: row for row in rows}
    letters = _letters(rows)
    found = []
    for head in sorted(rungs.heads(rows), key=lambda row: row.judged or row.at, reverse=True):
        steps = [_step(row, letters) for row in reversed(rungs.climbed(head, known))]
        after = tuple(rung.value for rung in core.next_rungs(core.Rung(head.rung)))
        found.append(Matter(tuple(steps), after, rungs.recent(head, now)))
    return tuple(found)


def open_steps(viewer: Viewer, party: UUID) -> tuple[Step, ...]:
    """Steps that wait for a second person's word, and those that were sent back, newest first."""
    require(viewer)
    rows = list(
        Intercession.objects.filter(party=party)
        .exclude(state=Intercession.State.APPROVED)
        .select_related("by", "judged_by", "decision")
        .order_by("-at", "id")
    )
    letters = _letters(rows)
    return tuple(_step(row, letters) for row in rows)


def step_page(viewer: Viewer, key: UUID, now: datetime) -> StepPage | None:
    """One step, or None when there is no such step for this viewer."""
    require(viewer)
    rows = Intercession.objects.select_related("by", "judged_by", "decision", "party")
    row = rows.filter(id=key).first()
    if row is None:
        return None
    actor = door.actor(viewer, now)
    rule = core.LADDER[core.Rung(row.rung)]
    known = {each.id: each for each in [*_approved(row.party_id), row]}
    before = rungs.climbed(row, known)[:-1]
    letters = _letters([row, *before])
    waits = row.state == Intercession.State.WAITING
    own = authority.is_own_case(actor, row.by.person_id, row.by.post_id)
    relied = Relied.objects.filter(intercession=row).first()
    climbed = frozenset(core.Rung(each.rung) for each in before)
    writes = bool(core.WRITES & actor.duties)
    return StepPage(
        step=_step(row, letters),
        party=row.party_id,
        party_name=row.party.name,
        invented=row.party.invented,
        before=tuple(_step(each, letters) for each in reversed(before)),
        relied_on=relied.words if relied else "",
        reports=_linked(row),
        may_approve=waits and bool(rule.approvers & actor.duties) and not own,
        own=own,
        skips_formal=core.skips_formal(core.Rung(row.rung), climbed),
        may_answer=row.state == Intercession.State.APPROVED
        and not row.answer
        and bool(rule.clock)
        and (writes or row.by.post_id == viewer.post),
        may_write=writes and row.state != Intercession.State.SENT_BACK,
        letter=rule.letter,
        owes_letter=rule.needs_letter and not letters.get(row.id),
    )


def decisions_about(viewer: Viewer, party: UUID) -> tuple[Named, ...]:
    """Decisions that stopped, resumed or withdrew support to this party, newest first."""
    require(viewer)
    cases = Line.objects.filter(party=party).values("activity")
    rows = Decision.objects.filter(
        Decision.STANDS, activity__in=cases, kind__in=core.DECISIONS
    ).select_related("activity")
    return tuple(
        Named(row.id, row.activity.title, row.at, row.kind) for row in rows.order_by("-at", "id")
    )


def reports_about(viewer: Viewer, party: UUID) -> tuple[Named, ...]:
    """Reports about this party that this viewer may rest a step on, newest first."""
    require(viewer)
    rows = Report.objects.filter(named__party=party).exclude(confidence=Report.Confidence.REFUTED)
    return tuple(
        Named(row.id, row.what, row.heard, row.confidence) for row in rows.order_by("-heard", "id")
    )


def _approved(party: UUID) -> list[Intercession]:
    rows = Intercession.objects.filter(party=party, state=Intercession.State.APPROVED)
    return list(rows.select_related("by", "judged_by", "decision").order_by("-judged", "id"))


def _letters(rows: Collection[Intercession]) -> Mapping[UUID, list[LetterLink]]:
    found: dict[UUID, list[LetterLink]] = {}
    for row in Letter.objects.filter(intercession__in=rows).order_by("-at", "id"):
        if row.intercession_id:
            link = LetterLink(row.id, row.kind, row.state, row.sent_on)
            found.setdefault(row.intercession_id, []).append(link)
    return found


def _linked(row: Intercession) -> tuple[tuple[UUID, datetime], ...]:
    links: Iterable[tuple[UUID, datetime]] = (
        ReliedReport.objects.filter(intercession=row)
        .order_by("-report__heard", "report")
        .values_list("report", "report__heard")
    )
    return tuple(links)


def _step(row: Intercession, letters: Mapping[UUID, list[LetterLink]]) -> Step:
    return Step(
        id=row.id,
        rung=row.rung,
        scope=row.scope,
        scope_words=row.scope_words,
        threshold=row.threshold,
        post=row.by.post_id,
        at=row.at,
        state=row.state,
        judged=row.judged,
        judged_post=row.judged_by.post_id if row.judged_by else None,
        judged_words=row.judged_words,
        deadline=row.deadline,
        answer=row.answer,
        answer_words=row.answer_words,
        answered=row.answered,
        activity=row.decision.activity_id if row.decision else None,
        letters=tuple(letters.get(row.id, ())),
    )

"""Every read of the API: one small function a question, in front of the query that answers it.

A function takes the viewer, the moment, and the keys of its address by name; one that takes `after`
is a list, page by page. Its docstring is its documentation. Here are a post's own desk, reports
and protocols, and the table; the other subjects have modules of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from primum.api import gates
from primum.api.operations import Read
from primum.api.reads_authorities import AUTHORITIES
from primum.api.reads_cases import CASES
from primum.api.reads_oversight import OVERSIGHT
from primum.api.reads_register import REGISTER
from primum.cases import facts
from primum.cases.queries import (
    allegations,
    due,
    late,
    leadership,
    lists,
    memory,
    policy,
    promises,
    readings,
    surprises,
    telling,
)
from primum.core import authority, protocol
from primum.people import door
from primum.people.sight import Viewer


@dataclass(frozen=True, slots=True)
class Me:
    """Who this token acts as."""

    person: UUID
    post: UUID
    duties: tuple[str, ...]
    sees_to: int


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for this post, soonest first; below, what is late and was passed on to it."""

    decide: tuple[due.DueItem, ...]
    advise: tuple[due.DueItem, ...]
    do: tuple[due.DueItem, ...]
    look: tuple[due.DueItem, ...]
    authorities: tuple[due.DueItem, ...]
    to_read: tuple[telling.ToldLine, ...]
    looks_to_read: tuple[readings.ReadingItem, ...]
    effects: surprises.EffectsDesk
    handover: bool
    late: tuple[late.LateItem, ...]
    last_tick: datetime | None


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report, why somebody held it to be so sure, how it was weighed, what was done about it."""

    report: lists.ReportLine
    notes: tuple[lists.NoteLine, ...]
    weighings: tuple[allegations.AllegationLine, ...]
    steps: tuple[promises.StepLine, ...]


@dataclass(frozen=True, slots=True)
class ProtocolPage:
    """A version as a document, with its questions as they are answered."""

    document: policy.Document
    text: str
    about: str
    questions: tuple[protocol.Question, ...]


@dataclass(frozen=True, slots=True)
class RuleCase:
    """A case in which a rule held."""

    id: UUID
    title: str
    assessed: datetime


@dataclass(frozen=True, slots=True)
class RuleCases:
    """By the name of each rule, the cases in which it held, newest first."""

    rules: Mapping[str, tuple[RuleCase, ...]]


@dataclass(frozen=True, slots=True)
class SurprisePage:
    """A harm that nobody foresaw, and how many of the harms seen were foreseen."""

    surprise: surprises.SurpriseLine
    foresight: surprises.Foresight
    may_answer: bool


def me(viewer: Viewer, _now: datetime) -> Me:
    """Who this token acts as, and what that post may do."""
    return Me(viewer.person, viewer.post, tuple(sorted(viewer.duties)), viewer.sees_to)


def desk(viewer: Viewer, now: datetime) -> Desk:
    """What waits for this post, soonest first."""
    found = due.desk(viewer, now)
    return Desk(
        **found,
        to_read=telling.to_read(viewer, now),
        looks_to_read=readings.waiting(viewer, now),
        effects=surprises.effects_desk(viewer, now),
        handover=memory.has_to_read(viewer, now),
        late=late.passed_on(viewer, now, found),
        last_tick=leadership.last_tick(viewer),
    )


def reports(viewer: Viewer, _now: datetime, after: str) -> Sequence[lists.ReportLine]:
    """Every report that this post may know of, newest first."""
    return lists.reports(viewer, after)


def report(viewer: Viewer, _now: datetime, report: UUID) -> ReportPage | None:
    """One report: a claim, how sure it is and why, how it was weighed."""
    found = lists.report_page(viewer, report)
    if found is None:
        return None
    notes = lists.report_notes(viewer, report)
    weighings = allegations.weighed(viewer, report)
    return ReportPage(found, notes, weighings, promises.steps_of(viewer, report))


def cases_to_match(
    viewer: Viewer, now: datetime, report: UUID
) -> tuple[surprises.CaseToMatch, ...]:
    """The cases a report of harm may have come of, each with the harms foreseen there.

    For the posts that match reports.
    """
    return surprises.cases_to_match(viewer, report, now)


def surprise(viewer: Viewer, now: datetime, surprise: UUID) -> SurprisePage | None:
    """What the steward learns of a harm that nobody foresaw, and what was answered."""
    found = surprises.surprise_page(viewer, surprise)
    if found is None:
        return None
    may = authority.may_with_protocols(door.actor(viewer, now), "propose")
    return SurprisePage(found, surprises.foresight(viewer, now), may and not found.answer)


def protocols(viewer: Viewer, _now: datetime) -> tuple[policy.Version, ...]:
    """The version of each protocol that is in force."""
    return policy.protocols(viewer)


def protocols_waiting(viewer: Viewer, _now: datetime) -> tuple[policy.Version, ...]:
    """Versions that wait for a second post to put them in force."""
    return policy.waiting(viewer)


def protocol_document(viewer: Viewer, _now: datetime, version: UUID) -> ProtocolPage | None:
    """A version as a document: its text, its questions, what changed since the one before."""
    found = policy.document(viewer, version)
    if found is None:
        return None
    rules = facts.protocol_of(found.version)
    return ProtocolPage(found, found.version.text, rules.about, rules.questions)


def protocol_cases(viewer: Viewer, now: datetime, version: UUID) -> RuleCases:
    """The cases in which each rule of a version held, among the Rulings that this post may read."""
    found = policy.cases_of(viewer, version, now)
    return RuleCases(
        {rule: tuple(RuleCase(*each) for each in cases) for rule, cases in found.items()}
    )


READS: Final[tuple[Read, ...]] = (
    Read("me", me),
    Read("desk", desk),
    *CASES,
    Read("reports", reports),
    Read("reports/{report}", report),
    Read("reports/{report}/match", cases_to_match, gates.matches_report),
    Read("surprises/{surprise}", surprise),
    *REGISTER,
    *AUTHORITIES,
    Read("protocols", protocols),
    Read("protocols/waiting", protocols_waiting),
    Read("protocols/{version}", protocol_document),
    Read("protocols/{version}/cases", protocol_cases, gates.sees_protocol),
    *OVERSIGHT,
)

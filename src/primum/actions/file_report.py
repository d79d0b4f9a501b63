"""File a report: anything learnt or heard, above one's own sight if need be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from primum.actions.base import (
    NotThere,
    acting,
    chosen_seal,
    digest,
    holding,
    in_order,
    log,
    named_seal,
    needs,
    refuse,
    salt,
)
from primum.actions.once import Key, once, own_key
from primum.cases.models import Activity, Report, ReportParty
from primum.core.vocabulary import Verb
from primum.people import mission
from primum.people.sight import Viewer
from primum.register.models import Party, Place


@dataclass(frozen=True, slots=True)
class NewReport:
    """A claim: what was heard of whom, when, how sure. The source is a pseudonym, never a name."""

    parties: tuple[UUID, ...]
    what: str
    heard: datetime
    confidence: str
    happened_from: date | None = None
    happened_to: date | None = None
    place: UUID | None = None
    people_min: int | None = None
    people_max: int | None = None
    source: str = ""
    independent_sources: int = 1
    kind: str = "harm"
    activity: UUID | None = None
    """What its filer holds it to come from."""
    seal: str = ""
    """A seal's code when the writer raises it; never below the kind's default."""
    invented: bool = False
    key: Key = None
    """Sent twice under one key, it makes one record."""


@once(Report, "report")
def file_report(*, by: Viewer, now: datetime, report: NewReport) -> UUID:
    """File it. Anyone with a post may; it is withheld from the party it names and its nationals."""
    with acting(by):
        who = holding(by, now, Verb.PROPOSE)
        _check(report, now)
        seal = chosen_seal(Verb.PROPOSE, "report", report.seal)
        made = Report(
            id=own_key(by.person, report.key),
            seal_id=seal,
            kind=report.kind,
            activity_id=report.activity,
            happened_from=report.happened_from,
            happened_to=report.happened_to,
            heard=report.heard,
            place_id=report.place,
            what=needs(report.what, Verb.PROPOSE, "what"),
            people_min=report.people_min,
            people_max=report.people_max,
            confidence=report.confidence,
            source=report.source.strip(),
            independent_sources=report.independent_sources,
            by=who,
            at=now,
            assess_by=now + timedelta(days=mission.clock_days("harm_assess_days")),
            invented=report.invented,
            salt=salt(),
        )
        made.save(force_insert=True)
        parties = in_order(report.parties)
        for party in parties:
            ReportParty(seal_id=seal, report=made, party_id=party).save(force_insert=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT withhold_report(%s)", [made.id])
        words = digest(made.salt, report.what, report.source, report.confidence)
        for party in parties:
            log(("party", party), "report", made, now, words=words, seal=seal)
        return made.id


def raise_seal(*, by: Viewer, now: datetime, report: UUID, seal: str) -> None:
    """Raise the seal of a report, at once and without a decision; lowering is another matter."""
    with acting(by):
        row = Report.objects.filter(id=report).first()
        if row is None:
            raise NotThere
        parties = ReportParty.objects.filter(report=report).values_list("party_id", flat=True)
        wanted = named_seal(Verb.PROPOSE, seal)
        for party in in_order(parties):
            log(("party", party), "raise_seal", row, now, words="", seal=wanted)
        with connection.cursor() as cursor:
            cursor.execute("SELECT raise_seal('report', %s, %s)", [report, wanted])
            done = cursor.fetchone()
        if not done or not done[0]:
            raise refuse(
                Verb.PROPOSE, "not_higher", "That seal is not higher. Lowering needs a decision."
            )


def _check(report: NewReport, now: datetime) -> None:
    if report.confidence not in Report.Confidence.values:
        raise refuse(Verb.PROPOSE, "no_confidence", "Say how sure this is: heard, plausible…")
    if not report.parties:
        raise refuse(Verb.PROPOSE, "no_party", "Say which party this is about.")
    if Party.objects.filter(id__in=report.parties).count() != len(set(report.parties)):
        raise refuse(Verb.PROPOSE, "no_party", "One of the parties is not in the register.")
    if report.place and not Place.objects.filter(id=report.place).exists():
        raise refuse(Verb.PROPOSE, "no_place", "This place is not in the register.")
    if report.activity and not Activity.objects.filter(id=report.activity).exists():
        raise refuse(Verb.PROPOSE, "no_activity", "This case is not in the list. Choose again.")
    if report.heard > now:
        raise refuse(Verb.PROPOSE, "future", "It cannot have been heard in the future.")
    if report.independent_sources < 1:
        raise refuse(Verb.PROPOSE, "no_source", "Somebody said it: there is at least one source.")
    first, last = report.happened_from, report.happened_to
    if first and last and last < first:
        raise refuse(
            Verb.PROPOSE, "ends_before_start", "The last day lies before the first. Check both."
        )
    low, high = report.people_min, report.people_max
    if low is not None and high is not None and high < low:
        raise refuse(Verb.PROPOSE, "range", "The highest count is below the lowest. Check both.")

"""What the authorities promised and did about parties, and what was waived upon it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from primum.cases.grave import findings
from primum.cases.models import Activity, AuthorityStep, Line, Undertaking, Waiver
from primum.core import promises
from primum.core.protocol import Protocol
from primum.core.vocabulary import Ruling
from primum.people import queries as people
from primum.people.sight import Viewer, require
from primum.register.paging import page_of

__all__ = [
    "Filter",
    "PartyPromises",
    "StepLine",
    "UndertakingLine",
    "UndertakingPage",
    "WaiverLine",
    "beside_decision",
    "of_party",
    "steps_of",
    "undertaking_page",
    "undertakings",
    "waiver_missing",
]


@dataclass(frozen=True, slots=True)
class UndertakingLine:
    """An undertaking in a list."""

    id: UUID
    party: UUID
    party_name: str
    invented: bool
    text: str
    promised_by: str
    promised: date
    due: datetime
    state: str
    answered: datetime | None
    words: str
    """Of the last answer."""
    verifier: UUID


@dataclass(frozen=True, slots=True)
class WaiverLine:
    """A waiver, and whether it still counts."""

    id: UUID
    party: UUID
    party_name: str
    undertaking: UUID
    undertaking_text: str
    undertaking_state: str
    activity: UUID | None
    title: str
    line: str
    kind: str
    words: str
    post: UUID
    at: datetime
    until: datetime
    stands: bool
    ended: datetime | None
    ended_words: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """What the authorities did about one report: seen as the report is."""

    report: UUID
    party: UUID
    kind: str
    day: date
    office: str
    evidence: str
    evidenced: bool
    post: UUID
    at: datetime

    @property
    def counts(self) -> bool:
        return promises.Done(self.kind, self.day, self.evidenced).counts


@dataclass(frozen=True, slots=True)
class UndertakingPage:
    """One undertaking with every answer, the waivers that rest on it, and what this viewer may."""

    line: UndertakingLine
    source: str
    report: UUID | None
    grace_until: datetime
    recorded_by: UUID
    at: datetime
    answers: tuple[tuple[datetime, str, UUID, str], ...]
    """When, what, which post, in which words; oldest first."""
    waivers: tuple[WaiverLine, ...]
    may_answer: tuple[str, ...]
    """The answers that this viewer may give today."""
    may_waive: bool
    activities: tuple[tuple[UUID, str], ...]
    """Open requests for the party that a waiver could be for."""


@dataclass(frozen=True, slots=True)
class PartyPromises:
    """The first of a party's undertakings and waivers, and how many there are for this viewer."""

    undertakings: tuple[UndertakingLine, ...]
    all: int
    waivers: tuple[WaiverLine, ...]
    waived: int
    standing: int
    steps: tuple[StepLine, ...]
    accountability: str
    idle_months: int


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to; empty means everything one may see."""

    words: str = ""
    state: str = ""
    party: UUID | None = None


STATES = ("open", "overdue", *promises.UNDERTAKING)
OPEN = Undertaking.State.OPEN
ANSWERED_AFTER: Mapping[str, tuple[str, ...]] = {
    "open": promises.UNDERTAKING,
    "kept": ("broken",),
    "partly_kept": ("kept", "broken"),
    "broken": ("kept", "partly_kept"),
    "lapsed": ("kept", "partly_kept", "broken"),
}


def undertakings(
    viewer: Viewer, wanted: Filter, now: datetime, after: str = ""
) -> tuple[UndertakingLine, ...]:
    """Soonest due first; one line more than a page means that there is a next one."""
    require(viewer)
    rows = Undertaking.objects.select_related("party")
    if wanted.words:
        rows = rows.filter(
            Q(text__icontains=wanted.words)
            | Q(promised_by__icontains=wanted.words)
            | Q(party__name__icontains=wanted.words)
        )
    if wanted.state == "overdue":
        rows = rows.filter(state=OPEN, due__lt=now)
    elif wanted.state in STATES:
        rows = rows.filter(state=wanted.state)
    if wanted.party:
        rows = rows.filter(party=wanted.party)
    return tuple(_line(row) for row in page_of(rows, ("due", "id"), after))


def undertaking_page(viewer: Viewer, key: UUID, now: datetime) -> UndertakingPage | None:
    """One undertaking, or None when there is no such one for this viewer."""
    require(viewer)
    row = Undertaking.objects.select_related("party", "by").filter(id=key).first()
    if row is None:
        return None
    mine = row.verifier_id in people.answers_for(viewer, now)
    may = ANSWERED_AFTER[row.state] if mine else ()
    return UndertakingPage(
        line=_line(row),
        source=row.source,
        report=row.report_id,
        grace_until=row.due + timedelta(days=row.grace_days),
        recorded_by=row.by.post_id,
        at=row.at,
        answers=tuple(
            (
                datetime.fromisoformat(each["at"]),
                each["answer"],
                UUID(each["post"]),
                each["words"],
            )
            for each in row.answers
        ),
        waivers=_waivers(Waiver.objects.filter(undertaking=row), now),
        may_answer=tuple(each for each in may if each != "lapsed" or row.due <= now),
        may_waive="decides_leadership" in viewer.duties and row.state not in promises.FAILED,
        activities=_open_requests(row.party_id),
    )


def of_party(viewer: Viewer, party: UUID, now: datetime, shown: int) -> PartyPromises:
    """What a party's page shows: as far as this viewer may know, and no count of more."""
    require(viewer)
    rows = Undertaking.objects.filter(party=party)
    first = rows.select_related("party").order_by("-at", "id")[:shown]
    waivers = _waivers(Waiver.objects.filter(party=party), now)
    own = findings(viewer, {party}).values()
    return PartyPromises(
        undertakings=tuple(_line(row) for row in first),
        all=rows.count(),
        waivers=waivers[:shown],
        waived=len(waivers),
        standing=sum(each.stands for each in waivers),
        steps=_steps(AuthorityStep.objects.filter(party=party))[:shown],
        accountability=promises.accountability(own),
        idle_months=promises.idle_months(own, now.date()),
    )


def steps_of(viewer: Viewer, report: UUID) -> tuple[StepLine, ...]:
    """What the authorities did about one report, newest first."""
    require(viewer)
    return _steps(AuthorityStep.objects.filter(report=report))


def beside_decision(viewer: Viewer, activity: UUID, now: datetime) -> tuple[WaiverLine, ...]:
    """Waivers for the parties of an activity, for this one or for all, those that count first."""
    require(viewer)
    parties = Line.objects.filter(activity=activity).values("party")
    rows = Waiver.objects.filter(Q(activity=activity) | Q(activity=None), party__in=parties)
    return tuple(sorted(_waivers(rows, now), key=lambda each: not each.stands))


def waiver_missing(
    viewer: Viewer, activity: UUID, rules: Protocol, ruling: Ruling | None, now: datetime
) -> bool:
    """Whether a hard stop that holds takes a waiver beside the decision, and none counts."""
    stops = {stop.rule for stop in ruling.hard_stops if stop.certain} if ruling else set()
    if not any(spec.needs_waiver and spec.rule in stops for spec in rules.hard_stops):
        return False
    given = beside_decision(viewer, activity, now)
    return not any(each.stands and each.kind == promises.WAIVED[0] for each in given)


def _open_requests(party: UUID) -> tuple[tuple[UUID, str], ...]:
    over = ("closed", "withdrawn", "not_done")
    lines = Line.objects.filter(party=party).values("activity")
    rows = Activity.objects.filter(id__in=lines).exclude(stage__in=over)
    return tuple(rows.order_by("-stage_since", "id").values_list("id", "title"))


def _line(row: Undertaking) -> UndertakingLine:
    return UndertakingLine(
        id=row.id,
        party=row.party_id,
        party_name=row.party.name,
        invented=row.party.invented,
        text=row.text,
        promised_by=row.promised_by,
        promised=row.promised,
        due=row.due,
        state=row.state,
        answered=row.answered,
        words=row.answers[-1]["words"] if row.answers else "",
        verifier=row.verifier_id,
    )


def _waivers(rows: QuerySet[Waiver], now: datetime) -> tuple[WaiverLine, ...]:
    found = rows.select_related("party", "undertaking", "activity", "line", "by")
    return tuple(
        WaiverLine(
            id=row.id,
            party=row.party_id,
            party_name=row.party.name,
            undertaking=row.undertaking_id,
            undertaking_text=row.undertaking.text,
            undertaking_state=row.undertaking.state,
            activity=row.activity_id,
            title=row.activity.title if row.activity else "",
            line=row.line.what if row.line else "",
            kind=row.kind,
            words=row.words,
            post=row.by.post_id,
            at=row.at,
            until=row.until,
            stands=row.stands(now),
            ended=row.ended,
            ended_words=row.ended_words,
        )
        for row in found.order_by("-at", "id")
    )


def _steps(rows: QuerySet[AuthorityStep]) -> tuple[StepLine, ...]:
    return tuple(
        StepLine(
            row.report_id,
            row.party_id,
            row.kind,
            row.day,
            row.office,
            row.evidence,
            row.evidenced,
            row.by.post_id,
            row.at,
        )
        for row in rows.select_related("by").order_by("-day", "-at", "id")
    )

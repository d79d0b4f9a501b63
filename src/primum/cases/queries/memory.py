"""What a post knows and whoever comes next must: from its rows, with the leaver's page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from primum.cases import whereabouts
from primum.cases.models import (
    Activity,
    Commitment,
    Decision,
    Entry,
    Ground,
    Handover,
    HandoverRead,
    Look,
    Report,
)
from primum.core.vocabulary import Text
from primum.people import queries
from primum.people.chairs import current
from primum.people.models import Holding
from primum.people.sight import Viewer, require
from primum.register.models import Place

__all__ = ["Chosen", "Coming", "Owed", "Pack", "Page", "Reading", "has_to_read", "pack_of"]

YEAR = timedelta(days=365)
JUDGED = (
    *("assess", "assess_party", "advise", "decide", "go_on", "release"),
    *("suspend", "resume", "withdraw", "weigh_allegation"),
)
"""What counts as a first decision: whatever binds somebody else."""


@dataclass(frozen=True, slots=True)
class Page:
    """The leaver's page of judgement."""

    words: str
    at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Owed:
    """A commitment that the post checks, or that is owed in an activity of its own."""

    activity: UUID
    title: str
    text: Text
    due: datetime
    state: str
    checks: bool


@dataclass(frozen=True, slots=True)
class Coming:
    """A look that the post is to make."""

    activity: UUID | None
    title: str
    says: Text
    due: datetime
    month_only: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """A decision of the post, with its reasons where this viewer may read them."""

    activity: UUID
    title: str
    choice: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Whether somebody who came into the post read before they first decided."""

    name: str
    starts: datetime
    acting: bool
    read: datetime | None
    first: datetime | None
    """Their first decision in the post, as far as this viewer may know of one."""

    @property
    def verdict(self) -> str:
        if self.first is None:
            return "read_in_time" if self.read else "not_read_yet"
        return "read_in_time" if self.read and self.read <= self.first else "decided_unread"


@dataclass(frozen=True, slots=True)
class Pack:
    """The hand-over of a post, as far as its reader may know."""

    post: UUID
    page: Page | None
    earlier: tuple[Page, ...]
    owed: tuple[Owed, ...]
    coming: tuple[Coming, ...]
    decisions: tuple[Chosen, ...]
    contacts: tuple[str, ...]
    """Pseudonyms of whoever spoke to the post; who they are is nowhere here."""
    places: tuple[tuple[UUID, Text], ...]
    readings: tuple[Reading, ...]
    mine: bool
    """The reader sits in the post: they may write its page."""
    to_read: bool
    """And has it still to read."""


def pack_of(viewer: Viewer, post: UUID, now: datetime) -> Pack | None:
    """Everything that is generated, and what its holders wrote; None for all but three posts."""
    require(viewer)
    if post not in queries.overseen(viewer, now):
        return None
    pages = _pages(post)
    return Pack(
        post=post,
        page=pages[0] if pages else None,
        earlier=pages[1:],
        owed=_owed(post),
        coming=_coming(post, post in queries.answers_for(viewer, now)),
        decisions=_decisions(post, now),
        contacts=_contacts(post),
        places=_places(post),
        readings=_readings(post, now),
        mine=post == viewer.post,
        to_read=post == viewer.post and has_to_read(viewer, now),
    )


def has_to_read(viewer: Viewer, now: datetime) -> bool:
    """Whether somebody held this viewer's post before them and they have not read what is left."""
    require(viewer)
    own = Holding.objects.filter(current(now), person=viewer.person, post=viewer.post)
    holding = own.order_by("starts").first()
    if holding is None or not _came_after(holding):
        return False
    return not HandoverRead.objects.filter(by=holding).exists()


def _came_after(holding: Holding) -> bool:
    """Whether somebody else sat there before."""
    before = Holding.objects.filter(post=holding.post_id, starts__lt=holding.starts)
    return before.exclude(person=holding.person_id).exists()


def _pages(post: UUID) -> tuple[Page, ...]:
    rows = Handover.objects.filter(post=post).select_related("by__person").order_by("-at", "id")
    return tuple(Page(row.words, row.at, row.by.person.name) for row in rows)


def _owed(post: UUID) -> tuple[Owed, ...]:
    own = Q(verifier=post) | Q(activity__owner=post)
    rows = Commitment.objects.filter(Commitment.STILL_OWED & own).select_related("activity")
    return tuple(
        Owed(
            row.activity_id,
            row.activity.title,
            row.text,
            row.due,
            row.state,
            row.verifier_id == post,
        )
        for row in rows.order_by("due", "id")
    )


def _coming(post: UUID, looks: bool) -> tuple[Coming, ...]:
    """`looks` is whether the reader makes them: of what comes unannounced others know the month."""
    rows = Look.objects.filter(Look.IN_SIGHT, post=post, state=Look.State.OPEN)
    found = list(rows.select_related(*whereabouts.WITH).order_by("due", "id"))
    lines = [
        Coming(
            row.activity_id,
            whereabouts.case_of(row),
            whereabouts.says_of(row),
            _told(row) if row.unannounced and not looks else row.due,
            row.unannounced and not looks,
        )
        for row in found
    ]
    return tuple(sorted(lines, key=lambda line: (line.due, line.title)))


def _told(row: Look) -> datetime:
    return row.due.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _decisions(post: UUID, now: datetime) -> tuple[Chosen, ...]:
    rows = Decision.objects.filter(Decision.STANDS, post=post, at__gt=now - YEAR)
    found = list(rows.select_related("activity").order_by("-at", "id"))
    grounds = dict(Ground.objects.filter(decision__in=found).values_list("decision", "words"))
    return tuple(
        Chosen(
            row.activity_id,
            row.activity.title,
            row.choice or row.kind,
            row.at,
            grounds.get(row.id, ""),
        )
        for row in found
    )


def _contacts(post: UUID) -> tuple[str, ...]:
    rows = Report.objects.filter(by__post=post).exclude(source="")
    return tuple(rows.order_by("source").values_list("source", flat=True).distinct())


def _places(post: UUID) -> tuple[tuple[UUID, Text], ...]:
    where: set[UUID] = set(_at(Activity.objects.filter(owner=post).values_list("place", flat=True)))
    looks = Look.objects.filter(post=post).values_list("place", flat=True)
    owed = Commitment.objects.filter(verifier=post).values_list("activity__place", flat=True)
    where |= {*_at(looks), *_at(owed)}
    return tuple(Place.objects.filter(id__in=where).order_by("code").values_list("id", "names"))


def _at(keys: Iterable[UUID | None]) -> set[UUID]:
    return {key for key in keys if key is not None}


def _readings(post: UUID, now: datetime) -> tuple[Reading, ...]:
    """Of everybody who came after somebody else, latest first."""
    rows = Holding.objects.filter(post=post, starts__lte=now).select_related("person")
    came = [row for row in rows.order_by("-starts", "id") if _came_after(row)]
    read = dict(HandoverRead.objects.filter(by__in=came).values_list("by", "at"))
    return tuple(
        Reading(row.person.name, row.starts, row.acting, read.get(row.id), _first(row))
        for row in came
    )


def _first(holding: Holding) -> datetime | None:
    lines = Entry.objects.filter(
        post=holding.post_id, person=holding.person_id, verb__in=JUDGED, at__gte=holding.starts
    )
    if holding.ends is not None:
        lines = lines.filter(at__lte=holding.ends)
    return lines.order_by("at").values_list("at", flat=True).first()

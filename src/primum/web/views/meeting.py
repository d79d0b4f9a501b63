"""The leadership's meeting: an agenda made from what is due, and minutes written once."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from primum.actions.hold_meeting import WRITES, NewItem, hold_meeting
from primum.cases.queries import meetings
from primum.people import queries
from primum.web.jinja import shows_leadership
from primum.web.middleware import PageRequest
from primum.web.views.common import (
    Kept,
    Trouble,
    a_key,
    kept,
    once,
    page,
    posted,
    there,
    troubles,
)

BY_HAND = 5
"""Blank lines for what no clock knows of."""


def meeting(request: PageRequest) -> HttpResponse:
    """The agenda as a form, for those who minute; the minutes so far, for all who read them."""
    viewer, trouble = request.viewer, Trouble()
    there(shows_leadership(viewer) or None)
    writes = bool(WRITES & viewer.duties)
    former = _former(request) if writes else None
    agenda = _agenda(request, former) if writes else ()
    if request.method == "POST":
        there(writes or None)
        with troubles(trouble):
            key = hold_meeting(
                by=viewer,
                now=request.now,
                items=[*_spoken_of(request, agenda), *_by_hand(request)],
                supersedes=former.id if former else None,
                key=once(request),
            )
            return HttpResponseRedirect(reverse("minutes", args=[key]))
    return page(
        request,
        "meeting.html",
        trouble,
        agenda=agenda,
        writes=writes,
        meetings=meetings.meetings(viewer),
        former=former,
        typed=kept(request) if request.method == "POST" else _typed(former),
        blanks=range(BY_HAND),
        titles=queries.titles(viewer),
    )


def minutes(request: PageRequest, key: UUID) -> HttpResponse:
    """One meeting as it was minuted, to read and to print."""
    there(shows_leadership(request.viewer) or None)
    found = there(meetings.minutes(request.viewer, key))
    writes = bool(WRITES & request.viewer.duties)
    titles = queries.titles(request.viewer)
    return page(request, "minutes.html", minutes=found, writes=writes, titles=titles)


def _former(request: PageRequest) -> meetings.Minutes | None:
    """The minutes that are being corrected, if any."""
    named = request.GET.get("supersedes", "") or posted(request, "supersedes")
    key = a_key(named)
    return there(meetings.minutes(request.viewer, key)) if key else None


def _agenda(
    request: PageRequest, former: meetings.Minutes | None
) -> tuple[meetings.AgendaItem, ...]:
    if former:
        return meetings.former_agenda(request.viewer, former, request.now)
    return meetings.agenda(request.viewer, request.now)


def _typed(former: meetings.Minutes | None) -> Kept:
    """What the corrected minutes say, to start from."""
    items = former.items if former else ()
    said = Kept({f"words-{item.case}": item.words for item in items if item.case})
    for number, item in enumerate(item for item in items if not item.case):
        said |= {f"title-{number}": item.title, f"said-{number}": item.words}
    return Kept(said)


def _spoken_of(request: PageRequest, agenda: tuple[meetings.AgendaItem, ...]) -> Iterator[NewItem]:
    """What was on the agenda and not left out."""
    for item in agenda:
        if f"on-{item.case}" in request.POST:
            yield NewItem(
                kind=item.kind,
                title=item.title or _("A report of harm"),
                words=posted(request, f"words-{item.case}"),
                case_kind=item.case_kind,
                case=item.case,
                decision=a_key(posted(request, f"decision-{item.case}")),
            )


def _by_hand(request: PageRequest) -> Iterator[NewItem]:
    for number in range(BY_HAND):
        title, words = posted(request, f"title-{number}"), posted(request, f"said-{number}")
        if title or words:
            yield NewItem("by_hand", title, words)

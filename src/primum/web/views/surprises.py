"""What came true: match a report of harm with what was foreseen; answer what was not."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from primum.actions.answer_surprise import answer_surprise
from primum.actions.match_report import MATCHES, Matched, match_report
from primum.cases.queries import lists
from primum.cases.queries import surprises as query
from primum.core import authority
from primum.people import door
from primum.web.middleware import PageRequest
from primum.web.views.common import (
    Trouble,
    a_key,
    a_number,
    done,
    kept,
    once,
    page,
    posted,
    there,
    troubles,
)
from primum.web.views.effects import choices

NOBODY = "nobody"
"""What is chosen where no effect foresaw the harm."""


def match(request: PageRequest, key: UUID) -> HttpResponse:
    """Each case the harm may have come of, with the harms foreseen there."""
    shown = there(lists.report_page(request.viewer, key))
    there(MATCHES & request.viewer.duties or None)
    trouble = Trouble()
    if request.method == "POST":
        wish = _wish(request, key, trouble)
        if wish is not None:
            with troubles(trouble):
                match_report(by=request.viewer, now=request.now, matched=wish)
                says = _("Matched.") if wish.effect else _("Kept. The steward learns of the gap.")
                return done(request, says, "report", key)
    return page(
        request,
        "match_report.html",
        trouble,
        r=shown,
        cases=query.cases_to_match(request.viewer, key, request.now),
        choices=choices,
        form=kept(request),
    )


def _wish(request: PageRequest, report: UUID, trouble: Trouble) -> Matched | None:
    activity, chosen = a_key(posted(request, "activity")), posted(request, "effect")
    if activity is None or not chosen:
        trouble.add("effect", _("Choose which harm it shows, or that nobody foresaw it."))
        return None
    return Matched(
        report=report,
        activity=activity,
        effect=None if chosen == NOBODY else there(a_key(chosen)),
        order=a_number(posted(request, "order"), trouble, "order") or 1,
        how=posted(request, "how"),
        words=posted(request, "words"),
        key=once(request),
    )


def surprise(request: PageRequest, key: UUID) -> HttpResponse:
    """What the steward learns of one, and their answer."""
    shown = there(query.surprise_page(request.viewer, key))
    may = authority.may_with_protocols(door.actor(request.viewer, request.now), "propose")
    trouble = Trouble()
    if request.method == "POST":
        with troubles(trouble):
            answer_surprise(
                by=request.viewer,
                now=request.now,
                surprise=key,
                answer=posted(request, "answer"),
                words=posted(request, "words"),
                version=a_key(posted(request, "version")),
            )
            return done(request, _("Answered."), "desk")
    return page(
        request,
        "surprise.html",
        trouble,
        s=shown,
        may=may and not shown.answer,
        foresight=query.foresight(request.viewer, request.now),
        form=kept(request),
    )

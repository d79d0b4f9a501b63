"""The decision sheet of a leader who does not sign in: printed, signed, kept, confirmed or not."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from primum.actions.sheet import disown_decision
from primum.cases.queries import activity as one
from primum.cases.queries import sheets
from primum.exchange.documents import Sheet, decision_sheet
from primum.people import queries
from primum.web import formats, words
from primum.web.middleware import PageRequest
from primum.web.views.common import (
    Trouble,
    done,
    page,
    post_only,
    posted,
    there,
    troubles,
)

CHOICES = ("no", "not_now", "go_with_conditions", "in_part", "go")
NO_POWERS = "default-src 'none'; sandbox"
"""What somebody else scanned is data: it runs nothing and belongs to no page of ours."""


def sheet(request: PageRequest, key: UUID) -> HttpResponse:
    """A PDF of what this post may see of the case, with room for an answer and a signature."""
    shown = there(one.activity_page(request.viewer, key, request.now))
    there("records_on_behalf" in request.viewer.duties or None)
    titles = queries.titles(request.viewer)
    facts = [
        (_("Why"), shown.head.why),
        (_("Where"), formats.said(shown.head.place) if shown.head.place else "–"),
        (_("When"), f"{formats.day(shown.head.starts)} – {formats.day(shown.head.ends)}"),
        (_("Proposed by"), formats.said(titles[shown.head.owner])),
        (
            _("Decision belongs to"),
            formats.said(titles[shown.decider]) if shown.decider else "–",
        ),
    ]
    lines = [
        (line.what, line.party_name, words.word(line.kind), formats.money(line.value_usd))
        for line in shown.lines
    ]
    pdf = decision_sheet(
        Sheet(
            title=shown.head.title,
            heading=_("Decision sheet"),
            facts=facts,
            lines=lines,
            choices=[words.word(code) for code in CHOICES],
            asks=[_("Why? In your own words."), _("What is the requester told?")],
            sign=[_("Approved until"), _("Name"), _("Signature"), _("Date and time (UTC)")],
            language=get_language() or "en",
            printed=_("Printed at %(at)s") % {"at": formats.moment(request.now)},
        )
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="decision-sheet.pdf"'
    return response


def signed(request: PageRequest, key: UUID, decision: UUID) -> HttpResponse:
    """The signed sheet itself, for those who may read the reasons: to save, never to show here.

    Its kind comes from its bytes and its name from us, whatever its sender called it.
    """
    scan = there(sheets.signed_sheet(request.viewer, key, decision))
    response = HttpResponse(scan.content, content_type=scan.media_type)
    response["Content-Disposition"] = f'attachment; filename="{scan.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NO_POWERS
    return response


@post_only
def disown(request: PageRequest, key: UUID, decision: UUID) -> HttpResponse:
    """“I did not decide this”: as short as “yes”; words are welcome and not asked for."""
    trouble = Trouble()
    with troubles(trouble):
        disown_decision(
            by=request.viewer, now=request.now, decision=decision, words=posted(request, "words")
        )
        says = _("The decision is struck. What it let go ahead has ended; it waits for a decision.")
        return done(request, says, "activity", key)
    return page(request, "refused.html", trouble, back=key)

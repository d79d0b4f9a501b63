"""Words for requesters and recipients, read by a second post before they go."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from primum.actions.tell import check_told, rewrite_told
from primum.cases.queries import telling
from primum.people import queries
from primum.web.middleware import PageRequest
from primum.web.views.common import Trouble, done, kept, page, posted, there, troubles


def told(request: PageRequest, key: UUID) -> HttpResponse:
    """Pass the words on, send them back, or write them anew."""
    shown = there(telling.told_page(request.viewer, key, request.now))
    trouble = Trouble()
    if request.method == "POST":
        with troubles(trouble):
            if shown.mine_to_write:
                rewrite_told(
                    by=request.viewer, now=request.now, told=key, words=posted(request, "words")
                )
                return done(
                    request, _("Written anew. It is read once more before it goes."), "desk"
                )
            passes = posted(request, "verdict") == "pass"
            check_told(
                by=request.viewer,
                now=request.now,
                told=key,
                passes=passes,
                words=posted(request, "words"),
            )
            says = _("Passed on.") if passes else _("Sent back, with your remark.")
            return done(request, says, "desk")
    return page(
        request,
        "told.html",
        trouble,
        t=shown,
        form=kept(request),
        titles=queries.titles(request.viewer),
    )

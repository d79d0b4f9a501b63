"""What did we know, when; and sending a case one step higher."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from primum.actions.raise_stakes import raise_stakes as do_raise
from primum.cases.queries.activity import activity_page
from primum.cases.queries.known import known as as_known
from primum.people import queries
from primum.web.middleware import PageRequest
from primum.web.views.common import (
    Trouble,
    a_day,
    done,
    end_of,
    page,
    post_only,
    posted,
    there,
    troubles,
)


def known(request: PageRequest, key: UUID) -> HttpResponse:
    """A case as of the end of a day, in UTC; without one, as of now."""
    trouble = Trouble()
    day = a_day(request.GET.get("on", ""), trouble, "on")
    on = min(end_of(day) or request.now, request.now)
    found = there(as_known(request.viewer, key, on, request.now))
    titles = queries.titles(request.viewer)
    return page(request, "known.html", trouble, known=found, titles=titles, on=day)


@post_only
def raise_stakes(request: PageRequest, key: UUID) -> HttpResponse:
    there(activity_page(request.viewer, key, request.now))
    trouble = Trouble()
    with troubles(trouble):
        do_raise(by=request.viewer, now=request.now, activity=key, words=posted(request, "words"))
        return done(
            request, _("It goes one step higher. Only your post reads why."), "activity", key
        )
    return page(request, "refused.html", trouble, back=key)

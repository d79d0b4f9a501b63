"""My desk: four short lists, in order of due date. Empty is good and says so."""

from __future__ import annotations

from django.http import HttpResponse

from primum.cases.queries import due, leadership
from primum.people import queries
from primum.register import queries as register
from primum.web.middleware import PageRequest
from primum.web.views.common import page


def desk(request: PageRequest) -> HttpResponse:
    viewer, now = request.viewer, request.now
    matches = register.matches(viewer) if "confirms_matches" in viewer.duties else ()
    return page(
        request,
        "desk.html",
        lists=due.desk(viewer, now),
        matches=matches,
        titles=queries.titles(viewer),
        last_tick=leadership.last_tick(viewer),
    )

"""My desk: short lists in order of due date, what is late below last. Empty is good."""

from __future__ import annotations

from django.http import HttpResponse

from primum.cases.queries import due, late, leadership, memory, readings, surprises, telling
from primum.people import queries
from primum.register import queries as register
from primum.web.middleware import PageRequest
from primum.web.views.common import page


def desk(request: PageRequest) -> HttpResponse:
    viewer, now = request.viewer, request.now
    matches = register.matches(viewer) if "confirms_matches" in viewer.duties else ()
    lists = due.desk(viewer, now)
    return page(
        request,
        "desk.html",
        lists=lists,
        late=late.passed_on(viewer, now, lists),
        matches=matches,
        looks_to_read=readings.waiting(viewer, now),
        to_read=telling.to_read(viewer, now),
        effects=surprises.effects_desk(viewer, now),
        handover=memory.has_to_read(viewer, now),
        titles=queries.titles(viewer),
        last_tick=leadership.last_tick(viewer),
    )

"""The lists that a page shows the first lines of, whole and page by page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django.http import HttpResponse

from primum.cases.queries import activity as one
from primum.cases.queries import lists
from primum.people import queries as people
from primum.people.sight import Viewer
from primum.register import queries
from primum.web.formats import said
from primum.web.middleware import PageRequest
from primum.web.views.common import Listed, one_page, page, there

Fetch = Callable[[Viewer, UUID, str], Sequence[Listed]]


def party_postings(request: PageRequest, key: UUID) -> HttpResponse:
    return _of_party(request, key, "postings", queries.postings)


def party_reports(request: PageRequest, key: UUID) -> HttpResponse:
    return _of_party(request, key, "reports", lists.reports_of)


def party_sources(request: PageRequest, key: UUID) -> HttpResponse:
    return _of_party(request, key, "sources", queries.party_sources)


def party_timeline(request: PageRequest, key: UUID) -> HttpResponse:
    return _of_party(request, key, "timeline", one.entries)


def activity_timeline(request: PageRequest, key: UUID) -> HttpResponse:
    title = there(lists.activity_title(request.viewer, key))
    return _whole(request, key, ("activity", title), ("timeline", one.entries))


def place_timeline(request: PageRequest, key: UUID) -> HttpResponse:
    shown = there(queries.place_page(request.viewer, key))
    return _whole(request, key, ("place", said(shown.names)), ("timeline", one.entries))


def _of_party(request: PageRequest, key: UUID, kind: str, fetch: Fetch) -> HttpResponse:
    shown = there(queries.party_page(request.viewer, key))
    return _whole(request, key, ("party", shown.name), (kind, fetch), person=shown.kind == "person")


def _whole(
    request: PageRequest,
    key: UUID,
    about: tuple[str, str],
    part: tuple[str, Fetch],
    *,
    person: bool = False,
) -> HttpResponse:
    kind, fetch = part
    lines, more = one_page(fetch(request.viewer, key, request.GET.get("after", "")))
    return page(
        request,
        "whole.html",
        key=key,
        about=about,
        kind=kind,
        lines=lines,
        more=more,
        person=person,
        titles=people.titles(request.viewer),
    )

"""Matches: “are these two the same?” Only a person says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from primum.actions.answer_match import answer_match
from primum.register import queries
from primum.web.middleware import PageRequest
from primum.web.views.common import (
    Trouble,
    csv_of,
    done,
    every_page,
    one_page,
    page,
    post_only,
    posted,
    there,
    troubles,
)

STATES = ("proposed", "confirmed", "refused")


def matches(request: PageRequest) -> HttpResponse:
    state, q = _wanted(request)
    found = queries.match_page(request.viewer, state, q, request.GET.get("after", ""))
    lines, more = one_page(found)
    return page(
        request,
        "matches.html",
        lines=lines,
        more=more,
        state=state,
        states=STATES,
        q=q,
        may="confirms_matches" in request.viewer.duties,
    )


def match_export(request: PageRequest) -> HttpResponseBase:
    """The list as shown, filters included, every page of it."""
    viewer, (state, q) = request.viewer, _wanted(request)

    def rows() -> Iterator[Sequence[object]]:
        for line in every_page(lambda after: queries.match_page(viewer, state, q, after)):
            yield (line.recipient, line.party_name, line.state, line.rows, line.dataset)

    header = ("printed name", "in the register", "state", "published rows", "published set")
    return csv_of(viewer, "matches", header, rows)


@post_only
def match(request: PageRequest, key: UUID) -> HttpResponse:
    trouble = Trouble()
    with troubles(trouble):
        said = there(posted(request, "same") or None)
        answer_match(by=request.viewer, now=request.now, match=key, same=said == "yes")
        return done(request, _("Your answer is kept. It can be changed."), "matches")
    return page(request, "refused.html", trouble, back=None)


def _wanted(request: PageRequest) -> tuple[str, str]:
    state = request.GET.get("state", "")
    return (state if state in STATES else STATES[0]), request.GET.get("q", "").strip()

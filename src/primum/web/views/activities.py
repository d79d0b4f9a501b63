"""Activities: the list, the page of six questions, and the proposal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from primum.cases.queries import activity as one
from primum.cases.queries import lists, reviewing, stops
from primum.cases.queries.effects import effects_page
from primum.cases.queries.gap import read_by_others
from primum.cases.queries.precedents import precedents
from primum.cases.queries.shapes import ActivityPage
from primum.core.protocol import plan, read_answers
from primum.core.vocabulary import Stage, Verb
from primum.people import queries
from primum.web import steps
from primum.web.middleware import PageRequest
from primum.web.views import stopping
from primum.web.views.common import (
    a_key,
    csv_of,
    page,
    there,
)


def activity_list(request: PageRequest) -> HttpResponse:
    wanted = _wanted(request)
    found = lists.activities(request.viewer, wanted, request.GET.get("after", ""))
    more = found[lists.PAGE - 1].cursor if len(found) > lists.PAGE else ""
    return page(
        request,
        "activities.html",
        lines=found[: lists.PAGE],
        more=more,
        wanted=wanted,
        stages=list(Stage),
        titles=queries.titles(request.viewer),
    )


def _wanted(request: PageRequest) -> lists.Filter:
    return lists.Filter(
        words=request.GET.get("q", "").strip(),
        stage=request.GET.get("stage", ""),
        party=a_key(request.GET.get("party", "")),
    )


def activity_export(request: PageRequest) -> HttpResponseBase:
    """The list as shown, filters included, every page of it."""
    viewer, wanted = request.viewer, _wanted(request)

    def rows() -> Iterator[Sequence[object]]:
        after = ""
        while True:
            found = lists.activities(viewer, wanted, after)
            for line in found[: lists.PAGE]:
                parties = "; ".join(line.parties)
                yield (
                    line.title,
                    line.stage,
                    line.stage_since.isoformat(),
                    parties,
                    line.value_usd,
                )
            if len(found) <= lists.PAGE:
                return
            after = found[lists.PAGE - 1].cursor

    header = ("title", "stage", "since (UTC)", "parties", "value (USD)")
    return csv_of(viewer, "activities", header, rows)


def activity(request: PageRequest, key: UUID) -> HttpResponse:
    shown = there(one.activity_page(request.viewer, key, request.now))
    found = stops.stopped_lines(request.viewer, key, request.now)
    return page(
        request,
        "activity.html",
        a=shown,
        then=_then(request, shown),
        effects=effects_page(request.viewer, key, request.now),
        states={**steps.line_states(shown), **stopping.stopped_states(found)},
        others=read_by_others(request.viewer, key, request.now),
        stops=found,
        reopened=reviewing.reopened_lines(request.viewer, key, request.now),
        may_suspend=stopping.may_suspend(request),
        renewal=reviewing.asked_renewal(request.viewer, key),
        precedents=precedents(request.viewer, key, request.now),
        titles=queries.titles(request.viewer),
    )


def _then(request: PageRequest, shown: ActivityPage) -> Mapping[str, str]:
    """What each next step brings; what a yes opens, for those who may say it."""
    then = dict(steps.consequences(shown, request.now))
    if Verb.DECIDE in shown.moves:
        rules, given = there(one.assessment_form(request.viewer, shown.head.id))
        then["decide"] = steps.opening(rules, plan(rules, read_answers(rules, given)), request.now)
    return then

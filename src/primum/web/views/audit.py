"""The audit: honest counts, each with its list; and a random sample of how kinds were chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from primum.actions.draw_sample import draw_sample
from primum.cases.counts import SECTIONS
from primum.cases.queries import audit as counting
from primum.cases.queries import samples
from primum.people import queries
from primum.web.formats import said
from primum.web.middleware import PageRequest
from primum.web.views.common import Trouble, a_day, csv_of, one_page, page, post_only, there


def audit(request: PageRequest) -> HttpResponse:
    _reader(request)
    trouble = Trouble()
    period = _period(request, trouble)
    return page(
        request,
        "audit.html",
        trouble,
        audit=counting.audit(request.viewer, period, request.now),
        sections=SECTIONS,
        samples=samples.samples(request.viewer),
        **_asked(request),
    )


def audit_list(request: PageRequest, code: str) -> HttpResponse:
    """One count, its parts, and the rows behind it; `?rest` shows what it leaves out."""
    _reader(request)
    viewer, trouble = request.viewer, Trouble()
    period = _period(request, trouble)
    found, parts = there(counting.figure(viewer, code, period, request.now))
    asked = code, "rest" not in request.GET
    after = request.GET.get("after", "")
    lines, following = one_page(
        counting.audit_list(viewer, asked, period, request.now, after),
    )
    return page(
        request,
        "audit_list.html",
        trouble,
        figure=found,
        parts=parts,
        lines=lines,
        following=following,
        counted=asked[1],
        titles=queries.titles(viewer),
        **_asked(request),
    )


def audit_export(request: PageRequest) -> HttpResponseBase:
    """Every count with its parts, as a spreadsheet reads it."""
    _reader(request)
    viewer, now = request.viewer, request.now
    period = _period(request, Trouble())

    def rows() -> Iterator[Sequence[object]]:
        for figure in counting.audit(viewer, period, now).figures.values():
            yield _row(figure, "", "", figure.cell)
            for kind in counting.KINDS:
                for group in counting.groups(viewer, figure, kind, now):
                    yield _row(figure, kind, said(group.name), group.cell)

    header = ("code", "title", "counted by", "by", "group", "counted", "of", "percent", "rest")
    return csv_of(viewer, "audit", header, rows)


@post_only
def sample(request: PageRequest) -> HttpResponse:
    """Draw anew: every sample is another one, and is logged."""
    _reader(request)
    key = draw_sample(by=request.viewer, now=request.now)
    return HttpResponseRedirect(reverse("audit_sample", args=[key]))


def audit_sample(request: PageRequest, key: UUID) -> HttpResponse:
    _reader(request)
    found = there(samples.sample(request.viewer, key))
    titles = queries.titles(request.viewer)
    return page(request, "audit_sample.html", sample=found, titles=titles)


def _reader(request: PageRequest) -> None:
    there(counting.may_audit(request.viewer) or None)


def _asked(request: PageRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in ("since", "until")}


def _period(request: PageRequest, trouble: Trouble) -> counting.Period:
    since = a_day(request.GET.get("since", ""), trouble, "since")
    until = a_day(request.GET.get("until", ""), trouble, "until")
    if since and until and until < since:
        trouble.add("until", _("The last day lies before the first. Check both."))
    return counting.Period(
        since=datetime.combine(since, time(), UTC) if since else None,
        until=datetime.combine(until, time(), UTC) + timedelta(days=1) if until else None,
    )


def _row(figure: counting.Figure, kind: str, name: str, cell: counting.Cell) -> tuple[object, ...]:
    said_of = (figure.code, str(figure.title), figure.by, kind, name)
    return (*said_of, cell.hits, cell.whole, cell.percent, cell.rest)

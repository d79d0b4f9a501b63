"""The month of a post, place by place; its queue, and what it would take to do all of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from primum.cases.queries import plan as planned
from primum.cases.queries import work
from primum.exchange.documents import Listing, Part, printed_list
from primum.people import queries
from primum.web import formats, words
from primum.web.formats import said
from primum.web.middleware import PageRequest
from primum.web.views.common import a_key, csv_of, page, there


def plan(request: PageRequest) -> HttpResponse:
    """What a post must look at in a month: one's own in the month of today, unless asked."""
    viewer = request.viewer
    shown = _plan(request)
    titles = queries.titles(viewer)
    return page(
        request,
        "plan.html",
        plan=shown,
        posts=_choices(request),
        month=f"{shown.month:%Y-%m}",
        before=f"{shown.before:%Y-%m}",
        after=f"{shown.after:%Y-%m}",
        month_said=formats.month(shown.month),
        titles=titles,
    )


def plan_paper(request: PageRequest) -> HttpResponse:
    """The same as PDF, with a box to tick for each."""
    shown = _plan(request)
    titles = queries.titles(request.viewer)
    parts = [
        Part(
            heading=_place(stop),
            lines=[
                *((said(each.says), _look_said(each)) for each in stop.looks),
                *((said(each.text), _check_said(each, titles)) for each in stop.checks),
            ],
            boxes=True,
        )
        for stop in shown.stops
    ]
    return paper_of(
        request,
        "plan",
        _("Looks of %(month)s") % {"month": formats.month(shown.month)},
        [said(titles[shown.post]), *([] if shown.stops else [_("Nothing falls due.")])],
        parts,
    )


def _plan(request: PageRequest) -> planned.MonthPlan:
    asked = request.GET.get("post", "")
    post = a_key(asked) if asked else request.viewer.post
    month = _month(request.GET.get("month", "")) or request.now.date()
    return there(planned.month_plan(request.viewer, there(post), month, request.now))


def _month(text: str) -> date | None:
    """A month as it stands in an address; what is none is the month of today."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if 1990 < found.year < 2100 else None


def _choices(request: PageRequest) -> list[tuple[UUID, str]]:
    """The posts whose month this viewer may open, for a select."""
    mine = queries.overseen(request.viewer, request.now)
    lines = queries.post_lines(request.viewer, request.now)
    return [(line.id, said(line.title)) for line in lines if line.id in mine]


def _place(stop: planned.Halt) -> str:
    if stop.names is None:
        return _("No place that you may see")
    name = said(stop.names)
    return f"{name} ({said(stop.area)})" if stop.area else name


def _look_said(each: planned.LookAt) -> str:
    late = [_("overdue")] if each.overdue else []
    secret = [_("unannounced: tell nobody")] if each.unannounced else []
    return " · ".join([each.title, formats.moment(each.due), *late, *secret])


def _check_said(each: planned.CheckAt, titles: queries.Titles) -> str:
    by = _("checked by") + " " + said(titles[each.verifier])
    return " · ".join([each.title, formats.moment(each.due), by])


def queue(request: PageRequest, key: UUID) -> HttpResponse:
    viewer = request.viewer
    return page(
        request,
        "queue.html",
        q=there(work.queue_of(viewer, key, request.now)),
        titles=queries.titles(viewer),
    )


def queue_export(request: PageRequest, key: UUID) -> HttpResponseBase:
    """One line for each thing that waits: what a staffing officer adds up."""
    viewer = request.viewer
    found = there(work.queue_of(viewer, key, request.now))

    def rows() -> Iterator[Sequence[object]]:
        for task in found.tasks:
            due = f"{task.due:%Y-%m}" if task.month_only else task.due.isoformat()
            answers = ("yes" if each else "no" for each in (task.overdue, task.left))
            yield (task.kind, task.title, due, *answers, task.minutes)

    header = ("what", "about", "due (UTC)", "overdue", "would be left", "minutes assumed")
    return csv_of(viewer, "queue", header, rows)


def queue_paper(request: PageRequest, key: UUID) -> HttpResponse:
    """One page for whoever decides on posts: what waits, and what would be left unlooked."""
    found = there(work.queue_of(request.viewer, key, request.now))
    titles = queries.titles(request.viewer)
    waits = [
        (
            f"{words.word(group.name)}: {group.count}",
            _("overdue: %(overdue)s · would be left: %(left)s · hours: %(hours)s")
            % {"overdue": group.overdue, "left": group.left, "hours": hours(group.minutes)},
        )
        for group in found.groups
    ]
    left = [(task.title, _due(task)) for task in found.unlooked]
    held = [(line.name, _held(line)) for line in found.holders]
    return paper_of(
        request,
        "queue",
        _("Staffing case: %(post)s") % {"post": said(titles[key])},
        queue_lead(found, titles),
        [
            Part(_("What waits"), waits, _("Nothing waits.")),
            Part(_("Left unlooked with the present holders"), left, _("No look.")),
            Part(_("Who held the post"), held, _("Nobody yet.")),
        ],
    )


def queue_lead(found: work.Queue, titles: queries.Titles) -> list[str]:
    """The case in a few sentences."""
    lead = [
        _("Work until %(day)s that you may see: %(hours)s hours, by the mission’s own assumption.")
        % {"day": formats.day(found.until.date()), "hours": hours(found.minutes)},
        _("In the post now: %(count)s. They have %(hours)s hours until then.")
        % {"count": found.seated, "hours": hours(found.capacity)},
        _("Days without anybody in the last year: %(days)s.") % {"days": found.empty_days},
    ]
    if found.falls_to:
        lead.append(_("Its work lies with: %(post)s.") % {"post": said(titles[found.falls_to])})
    return lead


def _due(task: work.Task) -> str:
    return formats.month(task.due) if task.month_only else formats.moment(task.due)


def _held(line: work.HolderLine) -> str:
    until = formats.day(line.ends.date()) if line.ends else _("today")
    held = f"{formats.day(line.starts.date())} – {until}"
    return " · ".join([held, *([_("acting")] if line.acting else [])])


def hours(minutes: int | None) -> str:
    """Minutes as hours with one decimal; a dash where the mission states none."""
    return "–" if minutes is None else f"{minutes / 60:.1f}"


def paper_of(
    request: PageRequest, name: str, title: str, lead: Sequence[str], parts: Sequence[Part]
) -> HttpResponse:
    """A list as a PDF answer."""
    listing = Listing(
        title=title,
        lead=lead,
        parts=parts,
        printed=_("Printed at %(at)s. What you may not see is not on it.")
        % {"at": formats.moment(request.now)},
        language=get_language() or "en",
    )
    response = HttpResponse(printed_list(listing), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response

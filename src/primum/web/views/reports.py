"""Reports: file one in a few taps, read it if you may, raise its seal at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from primum.actions.file_report import NewReport, file_report, raise_seal
from primum.actions.grade_report import GRADES, grade_report
from primum.actions.match_report import MATCHES
from primum.actions.record_step import RECORDS
from primum.actions.weigh_allegation import WEIGHS, weigh_allegation
from primum.cases.queries import allegations, lists, promises
from primum.cases.queries.surprises import cases_running
from primum.core.protocol import credibility
from primum.people import mission
from primum.people import queries as people
from primum.register import queries
from primum.web import words
from primum.web.middleware import PageRequest
from primum.web.views.common import (
    Trouble,
    a_choice,
    a_day,
    a_key,
    a_number,
    done,
    kept,
    once,
    page,
    post_only,
    posted,
    there,
    troubles,
)

CONFIDENCE = ("heard", "plausible", "reasonable_grounds", "cannot_tell")


def new(request: PageRequest) -> HttpResponse:
    """First the party, then what was heard. The writer may be unable to read it afterwards."""
    viewer = request.viewer
    key = a_key(request.GET.get("party", ""))
    about = queries.party_page(viewer, key) if key else None
    if about is None:
        q = request.GET.get("q", "").strip()
        found = queries.find(viewer, q)[: queries.PAGE] if q else ()
        return page(request, "report_party.html", q=q, found=found)
    trouble = Trouble()
    if request.method == "POST":
        wish = _wish(request, about.id, about.invented, trouble)
        if wish is not None:
            with troubles(trouble):
                filed = file_report(by=viewer, now=request.now, report=wish)
                if lists.report_page(viewer, filed):
                    return done(request, _("The report is filed."), "report", filed)
                says = _("The report is filed. Its seal lies above what your post may read.")
                return done(request, says, "desk")
    return page(
        request,
        "report_new.html",
        trouble,
        about=about,
        form=kept(request),
        places=queries.places(viewer),
        running=cases_running(viewer),
        confidence=[(code, words.word(code)) for code in CONFIDENCE],
    )


def report(request: PageRequest, key: UUID) -> HttpResponse:
    return _report(request, there(lists.report_page(request.viewer, key)), Trouble())


def _report(request: PageRequest, shown: lists.ReportLine, trouble: Trouble) -> HttpResponse:
    return page(
        request,
        "report.html",
        trouble,
        r=shown,
        notes=lists.report_notes(request.viewer, shown.id),
        titles=people.titles(request.viewer),
        form=kept(request),
        grades=[(code, words.word(code)) for code in (*CONFIDENCE, "refuted")],
        may_match=bool(MATCHES & request.viewer.duties),
        may_grade=bool(GRADES & request.viewer.duties),
        may_weigh=bool(WEIGHS & request.viewer.duties),
        steps=promises.steps_of(request.viewer, shown.id),
        may_step=bool(RECORDS & request.viewer.duties),
        weighings=allegations.weighed(request.viewer, shown.id),
        routes=[(code, words.word(f"route_{code}")) for code in credibility.ROUTES],
        standards=[(code, words.word(f"standard_{code}")) for code in credibility.STANDARDS],
        factors=[(code, words.word(f"factor_{code}")) for code in credibility.FACTORS],
        speaks=[(code, words.word(f"speaks_{code}")) for code in credibility.SPEAKS],
    )


@post_only
def grade(request: PageRequest, key: UUID) -> HttpResponse:
    shown = there(lists.report_page(request.viewer, key))
    trouble = Trouble()
    with troubles(trouble):
        grade_report(
            by=request.viewer,
            now=request.now,
            report=key,
            confidence=posted(request, "confidence"),
            words=posted(request, "words"),
        )
        return done(request, _("Kept, with your reasons."), "report", key)
    return _report(request, shown, trouble)


@post_only
def weigh(request: PageRequest, key: UUID, party: UUID) -> HttpResponse:
    """Place the report about one party on a route to grave violations, or on none."""
    shown = there(lists.report_page(request.viewer, key))
    there(queries.party_page(request.viewer, party))
    trouble = Trouble()
    factors = {name: posted(request, f"factor-{name}") for name in credibility.FACTORS}
    with troubles(trouble):
        weigh_allegation(
            by=request.viewer,
            now=request.now,
            report=key,
            party=party,
            weighed=credibility.Weighed(
                posted(request, "route"), posted(request, "standard"), factors
            ),
            words=posted(request, "words"),
        )
        return done(request, _("Weighed. The newest weighing counts."), "report", key)
    return _report(request, shown, trouble)


@post_only
def raise_it(request: PageRequest, key: UUID) -> HttpResponse:
    there(lists.report_page(request.viewer, key))
    trouble = Trouble()
    with troubles(trouble):
        raise_seal(by=request.viewer, now=request.now, report=key, seal=mission.raised_seal())
        return done(request, _("The seal is raised."), "desk")
    return page(request, "refused.html", trouble, back=None)


def _wish(request: PageRequest, party: UUID, invented: bool, trouble: Trouble) -> NewReport | None:
    heard_on = a_day(posted(request, "heard"), trouble, "heard")
    what = posted(request, "what")
    if not what:
        trouble.add("what", _("Say what was heard or seen."))
    low = a_number(posted(request, "people_min"), trouble, "people_min")
    high = a_number(posted(request, "people_max"), trouble, "people_max")
    sources = a_number(posted(request, "sources"), trouble, "sources")
    if sources == 0:
        trouble.add("sources", _("Somebody said it: there is at least one source."))
    first = a_day(posted(request, "happened_from"), trouble, "happened_from")
    last = a_day(posted(request, "happened_to"), trouble, "happened_to")
    if first and last and last < first:
        trouble.add("happened_to", _("The last day lies before the first. Check both."))
    place = a_choice(posted(request, "place"), trouble, "place")
    activity = a_choice(posted(request, "activity"), trouble, "activity")
    if trouble:
        return None
    return NewReport(
        parties=(party,),
        what=what,
        heard=_heard(heard_on, request.now),
        confidence=posted(request, "confidence"),
        happened_from=first,
        happened_to=last,
        place=place,
        activity=activity,
        people_min=low,
        people_max=high,
        source=posted(request, "source"),
        independent_sources=sources or 1,
        seal=mission.raised_seal() if "raise" in request.POST else "",
        invented=invented,
        key=once(request),
    )


def _heard(day: date | None, now: datetime) -> datetime:
    """The start of that day. Where today is already tomorrow by the clock of UTC, it is now."""
    if day is None:
        return now
    start = datetime.combine(day, datetime.min.time(), UTC)
    return min(start, now) if start - now < timedelta(days=1) else start

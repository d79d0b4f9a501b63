"""What the authorities promise and do about a party, and what the leadership waives upon it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from primum.actions.answer_undertaking import answer_undertaking
from primum.actions.record_step import RECORDS as RECORDS_STEPS
from primum.actions.record_step import NewStep, record_step
from primum.actions.record_undertaking import RECORDS, NewUndertaking, record_undertaking
from primum.actions.waive import NewWaiver, waive
from primum.actions.waive import end_waiver as do_end_waiver
from primum.cases.queries import lists
from primum.cases.queries import promises as queries
from primum.core import promises
from primum.people import mission
from primum.people import queries as people
from primum.register import queries as register
from primum.web import words
from primum.web.middleware import PageRequest
from primum.web.views.common import (
    Trouble,
    a_choice,
    a_day,
    a_key,
    a_number,
    csv_of,
    done,
    end_of,
    every_page,
    kept,
    once,
    one_page,
    page,
    post_only,
    posted,
    there,
    troubles,
)

MOST_OF_A_REPORT = 80
"""So much of a report's words names it in a list of choices."""


def undertaking_list(request: PageRequest) -> HttpResponse:
    wanted = _wanted(request)
    after = request.GET.get("after", "")
    lines, more = one_page(queries.undertakings(request.viewer, wanted, request.now, after))
    return page(
        request,
        "undertakings.html",
        lines=lines,
        more=more,
        wanted=wanted,
        states=_states(),
        titles=people.titles(request.viewer),
    )


def undertaking_export(request: PageRequest) -> HttpResponseBase:
    """The list as shown, filters included, every page of it."""
    viewer, now, wanted = request.viewer, request.now, _wanted(request)

    def rows() -> Iterator[Sequence[object]]:
        for line in every_page(lambda after: queries.undertakings(viewer, wanted, now, after)):
            answered = line.answered.isoformat() if line.answered else ""
            yield (
                *(line.party_name, line.text, line.promised_by, line.promised.isoformat()),
                *(line.due.isoformat(), line.state, answered, line.words),
            )

    header = ("party", "undertaking", "promised by", "promised", "due (UTC)", "state")
    return csv_of(viewer, "undertakings", (*header, "answered (UTC)", "how we know"), rows)


def _wanted(request: PageRequest) -> queries.Filter:
    return queries.Filter(
        words=request.GET.get("q", "").strip(),
        state=request.GET.get("state", ""),
        party=a_key(request.GET.get("party", "")),
    )


def _states() -> list[tuple[str, str]]:
    plain = [(code, words.word(code)) for code in ("open", "overdue")]
    return [*plain, *((code, words.word(f"answer_{code}")) for code in promises.UNDERTAKING)]


def undertaking_new(request: PageRequest, key: UUID) -> HttpResponse:
    """What the authorities promised about this party, by which office, by when."""
    there(RECORDS & request.viewer.duties or None)
    about = there(register.party_page(request.viewer, key))
    trouble = Trouble()
    if request.method == "POST":
        wish = _new(request, key, trouble)
        if wish is not None:
            with troubles(trouble):
                record_undertaking(by=request.viewer, now=request.now, undertaking=wish)
                return done(request, _("The undertaking is recorded."), "party", key)
    return page(
        request,
        "undertaking_new.html",
        trouble,
        about=about,
        form=kept(request),
        reports=_reports(request, key),
    )


def _reports(request: PageRequest, party: UUID) -> list[tuple[str, str]]:
    """The reports it may answer, as far as this viewer may know of any."""
    found = lists.reports_of(request.viewer, party)
    if not found:
        return []
    named = ((str(r.id), f"{r.heard:%Y-%m-%d} · {r.what[:MOST_OF_A_REPORT]}") for r in found)
    return [("", _("none in particular")), *named]


def _new(request: PageRequest, party: UUID, trouble: Trouble) -> NewUndertaking | None:
    promised = a_day(posted(request, "promised"), trouble, "promised")
    due = end_of(a_day(posted(request, "due"), trouble, "due"))
    grace = a_number(posted(request, "grace"), trouble, "grace")
    report = a_choice(posted(request, "report"), trouble, "report")
    if not trouble.of("promised") and promised is None:
        trouble.add("promised", _("Say on which day it was promised."))
    if not trouble.of("due") and due is None:
        trouble.add("due", _("Say by which day."))
    if trouble or promised is None or due is None:
        return None
    return NewUndertaking(
        party=party,
        text=posted(request, "text"),
        promised_by=posted(request, "promised_by"),
        promised=promised,
        due=due,
        source=posted(request, "source"),
        report=report,
        grace_days=14 if grace is None else grace,
        seal=mission.raised_seal() if "raise" in request.POST else "",
        key=once(request),
    )


def undertaking(request: PageRequest, key: UUID) -> HttpResponse:
    return _undertaking(request, key, Trouble())


def _undertaking(request: PageRequest, key: UUID, trouble: Trouble, form: str = "") -> HttpResponse:
    """The page; after a refusal with `form` open, as it was filled in."""
    shown = there(queries.undertaking_page(request.viewer, key, request.now))
    return page(
        request,
        "undertaking.html",
        trouble,
        u=shown,
        form=kept(request),
        opened=form,
        answers=[(code, words.word(f"answer_{code}")) for code in shown.may_answer],
        kinds=[(code, words.word(f"waived_{code}")) for code in promises.WAIVED],
        requests=[
            ("", _("whatever is asked for this party")),
            *((str(each), title) for each, title in shown.activities),
        ],
        may_end="decides_leadership" in request.viewer.duties,
        titles=people.titles(request.viewer),
    )


@post_only
def answer(request: PageRequest, key: UUID) -> HttpResponse:
    trouble = Trouble()
    with troubles(trouble):
        answer_undertaking(
            by=request.viewer,
            now=request.now,
            undertaking=key,
            answer=posted(request, "answer"),
            words=posted(request, "words"),
        )
        return done(request, _("The answer is recorded."), "undertaking", key)
    return _undertaking(request, key, trouble, "answer")


@post_only
def waiver(request: PageRequest, key: UUID) -> HttpResponse:
    """A waiver upon this undertaking. It opens nothing by itself, and the page says so."""
    there(queries.undertaking_page(request.viewer, key, request.now))
    trouble = Trouble()
    until = end_of(a_day(posted(request, "until"), trouble, "until"))
    activity = a_choice(posted(request, "activity"), trouble, "activity")
    if until is None and not trouble:
        trouble.add("until", _("Say until which day."))
    if until is not None and not trouble:
        with troubles(trouble):
            waive(
                by=request.viewer,
                now=request.now,
                waiver=NewWaiver(
                    undertaking=key,
                    kind=posted(request, "kind"),
                    words=posted(request, "words"),
                    until=until,
                    activity=activity,
                    key=once(request),
                ),
            )
            return done(request, _("The waiver is recorded, and counted."), "undertaking", key)
    return _undertaking(request, key, trouble, "waive")


@post_only
def end_waiver(request: PageRequest, key: UUID, waiver: UUID) -> HttpResponse:
    shown = there(queries.undertaking_page(request.viewer, key, request.now))
    there(next((each for each in shown.waivers if each.id == waiver), None))
    trouble = Trouble()
    with troubles(trouble):
        do_end_waiver(
            by=request.viewer, now=request.now, waiver=waiver, words=posted(request, "words")
        )
        return done(request, _("The waiver is ended."), "undertaking", key)
    return _undertaking(request, key, trouble, str(waiver))


def steps(request: PageRequest, key: UUID, party: UUID) -> HttpResponse:
    """What the authorities did about this report of this party, and one more step."""
    there(RECORDS_STEPS & request.viewer.duties or None)
    shown = there(lists.report_page(request.viewer, key))
    name = there(next((said for each, said in shown.parties if each == party), None))
    trouble = Trouble()
    if request.method == "POST":
        day = a_day(posted(request, "day"), trouble, "day")
        if day is None and not trouble:
            trouble.add("day", _("Say on which day. If nothing was done: as of which day."))
        if day is not None:
            with troubles(trouble):
                record_step(
                    by=request.viewer, now=request.now, step=_step(request, key, party, day)
                )
                return done(request, _("Recorded, under the seal of the report."), "report", key)
    return page(
        request,
        "steps.html",
        trouble,
        r=shown,
        name=name,
        form=kept(request),
        kinds=[(code, words.word(code)) for code in promises.STEPS],
        steps=[s for s in queries.steps_of(request.viewer, key) if s.party == party],
        titles=people.titles(request.viewer),
    )


def _step(request: PageRequest, key: UUID, party: UUID, day: date) -> NewStep:
    return NewStep(
        report=key,
        party=party,
        kind=posted(request, "kind"),
        day=day,
        office=posted(request, "office"),
        evidence=posted(request, "evidence"),
        evidenced=posted(request, "evidenced") == "yes",
        key=once(request),
    )

"""Assess: the protocol's questions with the Ruling beside them, kept while they are answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from primum.actions.assess import Beside
from primum.actions.assess import assess as do_assess
from primum.actions.keep_draft import drop_draft, keep_draft
from primum.cases import facts
from primum.cases.queries import activity as one
from primum.cases.queries import drafts, reviewing
from primum.cases.queries.shapes import ActivityPage
from primum.core import protocol
from primum.core.vocabulary import Ruling, Verb
from primum.register import queries as register
from primum.web import answers, explaining
from primum.web.middleware import PageRequest
from primum.web.views.common import (
    Trouble,
    a_key,
    done,
    once,
    page,
    sent_before,
    there,
    troubles,
)
from primum.web.views.judging import page_for

PURPOSE = "assess"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One case's form: its page, protocol, questions, and what to start from."""

    shown: ActivityPage
    rules: protocol.Protocol
    questions: tuple[protocol.Question, ...]
    former: Mapping[str, object]
    draft: drafts.Kept | None
    old: Mapping[str, object] | None
    """In a review: when the old answers were given, and to which questions."""


def assess(request: PageRequest, key: UUID) -> HttpResponse:
    """Answer for the mission. What is typed is kept; the Ruling is shown to this post alone."""
    if sent_before(request, "assessment"):
        return done(request, _recorded(), "activity", key)
    sheet = _sheet(request, key)
    trouble = Trouble()
    posted = request.method == "POST"
    form: answers.Form = sheet.draft.form if sheet.draft else {}
    if posted:
        form = answers.form_of(request.POST.lists())
        answer = _sent(request, sheet, form, trouble)
        if answer is not None:
            return answer
    given = answers.read(form, sheet.questions) if form else dict(sheet.former)
    return page(
        request,
        "assess.html",
        trouble,
        a=sheet.shown,
        version=sheet.shown.protocols[0][0],
        rules=sheet.rules,
        questions=sheet.questions,
        given=given,
        parties=_parties(sheet, given, request, form),
        old=sheet.old,
        still=form.get("still", ()),
        places=register.places(request.viewer),
        draft_at=sheet.draft.at if sheet.draft and not posted else None,
        kept_at=None,
        **_weighed(request, sheet, given, trouble, form if posted else None),
    )


def _recorded() -> str:
    return _("Assessed. The ruling stands on the page.")


def _sent(
    request: PageRequest, sheet: Sheet, form: answers.Form, trouble: Trouble
) -> HttpResponse | None:
    """What the button that was pressed asks for; None where the form is shown again."""
    key = sheet.shown.head.id
    if "forget" in form:
        drop_draft(by=request.viewer, now=request.now, purpose=PURPOSE, about=key)
        return done(request, _("Started again from the last answers."), "assess", key)
    if "save" in form:
        _keep(request, key, form, None)
        return done(request, _("Kept. Only you see it, until you record it."), "assess", key)
    if {"show", "find"} & set(form):
        return None
    with troubles(trouble):
        do_assess(
            by=request.viewer,
            now=request.now,
            activity=key,
            answers=answers.read(form, sheet.questions),
            beside=Beside(
                _exempt(form),
                sheet.draft.shown if sheet.draft else None,
                tuple(form.get("still", ())),
            ),
            key=once(request),
        )
        drop_draft(by=request.viewer, now=request.now, purpose=PURPOSE, about=key)
        return done(request, _recorded(), "activity", key)
    return None


def beside(request: PageRequest, key: UUID) -> HttpResponse:
    """Keep what is typed and say what the protocol makes of it, for the post that assesses."""
    there(request.method == "POST" or None)
    sheet = _sheet(request, key)
    form = answers.form_of(request.POST.lists())
    given = answers.read(form, sheet.questions)
    context = {"a": sheet.shown, "kept_at": request.now}
    context |= _weighed(request, sheet, given, Trouble(), form)
    return render(request, "beside.html", context)


def explain(request: PageRequest, key: UUID) -> HttpResponse:
    """What would settle the Ruling of the kept answers, and what would lower it."""
    sheet = _sheet(request, key)
    form = sheet.draft.form if sheet.draft else None
    given = answers.read(form, sheet.questions) if form else dict(sheet.former)
    known = protocol.read_what_can_be(sheet.rules, given)
    weighed = facts.facts_of(request.viewer, key, request.now)
    found = protocol.explain(sheet.rules, known, weighed)
    ruling = protocol.weigh(sheet.rules, known, weighed)
    template = "explain.html"
    return page(
        request,
        template,
        key=key,
        x=found,
        open_questions=explaining.questions(sheet.rules, ruling.open_questions),
        asked=explaining.asked(sheet.rules),
        answer=explaining.answer(sheet.rules),
    )


def _sheet(request: PageRequest, key: UUID) -> Sheet:
    shown = page_for(request, key, Verb.ASSESS)
    rules, former = there(one.assessment_form(request.viewer, key))
    asked = tuple(question for question in rules.questions if question.section.before)
    old = reviewing.old_answers(request.viewer, key)
    if old is not None and "assessment_kind" in rules.by_id:
        former = {**former, "assessment_kind": "review"}
    return Sheet(shown, rules, asked, former, drafts.draft(request.viewer, PURPOSE, key), old)


def _weighed(
    request: PageRequest,
    sheet: Sheet,
    given: Mapping[str, object],
    trouble: Trouble,
    form: answers.Form | None,
) -> dict[str, object]:
    """Completeness and Ruling for the answers that can be read; the others wait to be mended.

    A Ruling shown is remembered with the draft: what is changed afterwards is marked.
    """
    known = protocol.read_what_can_be(sheet.rules, given)
    ruling: Ruling | None = None
    if known.known:
        weighed = facts.facts_of(request.viewer, sheet.shown.head.id, request.now)
        ruling = protocol.weigh(sheet.rules, known, weighed)
    if form is not None and not trouble:
        shown = protocol.plain_answers(sheet.rules, known) if ruling else None
        _keep(request, sheet.shown.head.id, form, shown)
    return {"completeness": protocol.completeness(sheet.rules, known), "ruling": ruling}


def _exempt(form: answers.Form) -> list[UUID]:
    """The lines ticked as exempt."""
    return [key for word in form.get("exempt", ()) if (key := a_key(word))]


def _keep(
    request: PageRequest, key: UUID, form: answers.Form, shown: Mapping[str, object] | None
) -> None:
    keep_draft(
        by=request.viewer, now=request.now, purpose=PURPOSE, about=key, form=form, shown=shown
    )


def _parties(
    sheet: Sheet, given: Mapping[str, object], request: PageRequest, form: answers.Form | None
) -> list[tuple[UUID, str]]:
    """The case's own parties, those named already, and those just searched for."""
    found = {line.party: line.party_name for line in sheet.shown.lines}
    for question in sheet.questions:
        if question.kind is not protocol.Kind.PARTY:
            continue
        named = given.get(question.id)
        keys = named if isinstance(named, list) else []
        found |= register.names_of(request.viewer, keys)
        words = "".join((form or {}).get(f"q-{question.id}-find", ())).strip()
        if words:
            found |= {row.id: row.name for row in register.find(request.viewer, words)[:10]}
    return sorted(found.items(), key=lambda pair: pair[1])

"""Assess, advise, decide: the forms of those who judge a proposal."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from primum.actions.advise import advise as do_advise
from primum.actions.assess import assess as do_assess
from primum.actions.decide import NewDecision, check_choice
from primum.actions.decide import decide as do_decide
from primum.actions.sheet import SignedSheet, confirm_decision
from primum.cases.queries import activity as one
from primum.cases.queries import sheets
from primum.cases.queries.shapes import ActivityPage
from primum.core.protocol import plan, read_answers
from primum.core.vocabulary import Verb
from primum.exchange.documents import LARGEST
from primum.people import queries
from primum.web import answers, formats
from primum.web.middleware import PageRequest
from primum.web.views.common import (
    Trouble,
    a_day,
    a_key,
    done,
    end_of,
    kept,
    page,
    post_only,
    posted,
    there,
    troubles,
)


def assess(request: PageRequest, key: UUID) -> HttpResponse:
    """The protocol's questions, answered for the mission by the post that assesses."""
    shown = _page_for(request, key, Verb.ASSESS)
    rules, former = there(one.assessment_form(request.viewer, key))
    asked = [question for question in rules.questions if question.section.before]
    trouble = Trouble()
    given = dict(former)
    if request.method == "POST":
        given = answers.read(request.POST, asked)
        with troubles(trouble):
            do_assess(by=request.viewer, now=request.now, activity=key, answers=given)
            return done(request, _("Assessed. The ruling stands on the page."), "activity", key)
    return page(request, "assess.html", trouble, a=shown, rules=rules, questions=asked, given=given)


def advise(request: PageRequest, key: UUID) -> HttpResponse:
    shown = _page_for(request, key, Verb.ADVISE)
    trouble = Trouble()
    if request.method == "POST":
        with troubles(trouble):
            do_advise(
                by=request.viewer,
                now=request.now,
                activity=key,
                position=posted(request, "position"),
                words=posted(request, "words"),
            )
            return done(request, _("Your advice is recorded."), "activity", key)
    return page(request, "advise.html", trouble, a=shown, form=kept(request))


def decide(request: PageRequest, key: UUID) -> HttpResponse:
    """Four answers of equal weight; a yes asks for its end and its conditions."""
    shown = _page_for(request, key, Verb.DECIDE, on_behalf=True)
    rules, given = there(one.assessment_form(request.viewer, key))
    offers = plan(rules, read_answers(rules, given)).commitments
    trouble = Trouble()
    behalf = Verb.DECIDE not in shown.moves
    if request.method == "POST":
        with troubles(trouble):
            decision = _decision(request, trouble, behalf)
            if not trouble:
                do_decide(by=request.viewer, now=request.now, activity=key, decision=decision)
                return done(request, _("The decision is recorded."), "activity", key)
    return page(
        request,
        "decide.html",
        trouble,
        a=shown,
        form=kept(request),
        offers=offers,
        asked=request.POST.getlist("conditions") if request.POST else [o.id for o in offers],
        longest=rules.lease_days,
        behalf=behalf,
        signers=_signers(request) if behalf else (),
        titles=queries.titles(request.viewer),
    )


@post_only
def confirm(request: PageRequest, key: UUID, decision: UUID) -> HttpResponse:
    trouble = Trouble()
    with troubles(trouble):
        confirm_decision(by=request.viewer, now=request.now, decision=decision)
        return done(request, _("Confirmed."), "activity", key)
    return page(request, "refused.html", trouble, back=key)


def _page_for(
    request: PageRequest, key: UUID, verb: Verb, *, on_behalf: bool = False
) -> ActivityPage:
    """The case, for those whose move this is; to anybody else the form does not exist."""
    shown = there(one.activity_page(request.viewer, key, request.now))
    behalf = on_behalf and "records_on_behalf" in request.viewer.duties
    return there(shown if verb in shown.moves or behalf else None)


def _decision(request: PageRequest, trouble: Trouble, behalf: bool) -> NewDecision:
    choice = check_choice(posted(request, "choice"))
    until = end_of(a_day(posted(request, "until"), trouble, "until"))
    review = end_of(a_day(posted(request, "review_by"), trouble, "review_by"))
    sheet = _sheet(request, trouble) if behalf else None
    return NewDecision(
        choice=choice,
        words=posted(request, "words"),
        told=posted(request, "told"),
        until=until,
        review_by=review,
        conditions=tuple(request.POST.getlist("conditions")),
        on_behalf=sheet,
    )


def _signers(request: PageRequest) -> list[tuple[str, str]]:
    """Nobody to begin with: who signed is read from the paper, never guessed."""
    may = sheets.signers(request.viewer, request.now)
    return [("", ""), *((str(s.holding), f"{formats.said(s.title)} – {s.name}") for s in may)]


def _sheet(request: PageRequest, trouble: Trouble) -> SignedSheet | None:
    upload, chosen = request.FILES.get("sheet"), a_key(posted(request, "signer"))
    may = sheets.signers(request.viewer, request.now)
    signer = next((each for each in may if each.holding == chosen), None)
    if upload is None or signer is None:
        trouble.add("sheet", _("Say who signed, and attach the signed sheet."))
        return None
    content = upload.read(LARGEST + 1)
    return SignedSheet(signer.post, upload.name or "sheet", content, signer.holding)

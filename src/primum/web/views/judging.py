"""Assess, advise, decide: the forms of those who judge a proposal."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from primum.actions.advise import advise as do_advise
from primum.actions.decide import NewDecision, check_choice
from primum.actions.decide import decide as do_decide
from primum.actions.sheet import SignedSheet, confirm_decision
from primum.cases.queries import activity as one
from primum.cases.queries import promises, sheets
from primum.cases.queries.effects import effects_page
from primum.cases.queries.gap import read_by_others
from primum.cases.queries.shapes import ActivityPage
from primum.core.protocol import plan, read_answers
from primum.core.vocabulary import Choice, Verb
from primum.exchange.documents import LARGEST
from primum.people import queries
from primum.web import formats, steps
from primum.web.middleware import PageRequest
from primum.web.views.common import (
    Trouble,
    a_day,
    a_key,
    done,
    end_of,
    kept,
    once,
    page,
    post_only,
    posted,
    sent_before,
    there,
    troubles,
)
from primum.web.views.effects import accepted


def advise(request: PageRequest, key: UUID) -> HttpResponse:
    says = _("Your advice is recorded.")
    if sent_before(request, "advice"):
        return done(request, says, "activity", key)
    shown = page_for(request, key, Verb.ADVISE)
    trouble = Trouble()
    if request.method == "POST":
        with troubles(trouble):
            do_advise(
                by=request.viewer,
                now=request.now,
                activity=key,
                position=posted(request, "position"),
                words=posted(request, "words"),
                key=once(request),
            )
            return done(request, says, "activity", key)
    others = read_by_others(request.viewer, key, request.now)
    titles = queries.titles(request.viewer)
    form = kept(request)
    return page(request, "advise.html", trouble, a=shown, form=form, others=others, titles=titles)


def decide(request: PageRequest, key: UUID) -> HttpResponse:
    """Answers of equal weight; a yes asks for its end and its conditions."""
    says = _("The decision is recorded.")
    if sent_before(request, "decision"):
        return done(request, says, "activity", key)
    shown = page_for(request, key, Verb.DECIDE, on_behalf=True)
    rules, given = there(one.assessment_form(request.viewer, key))
    planned = plan(rules, read_answers(rules, given))
    trouble = Trouble()
    behalf = Verb.DECIDE not in shown.moves
    if request.method == "POST":
        with troubles(trouble):
            decision = _decision(request, trouble, behalf)
            if not trouble:
                do_decide(by=request.viewer, now=request.now, activity=key, decision=decision)
                return done(request, says, "activity", key)
    return page(
        request,
        "decide.html",
        trouble,
        a=shown,
        form=kept(request),
        offers=planned.commitments,
        asked=request.POST.getlist("conditions")
        if request.POST
        else [offer.id for offer in planned.commitments],
        left_out=request.POST.getlist("left_out"),
        then=steps.opening(
            rules, planned, request.now, a_day(posted(request, "until"), Trouble(), "")
        ),
        longest=rules.lease_days,
        waivers=promises.beside_decision(request.viewer, key, request.now),
        waiver_missing=promises.waiver_missing(
            request.viewer, key, rules, shown.ruling, request.now
        ),
        behalf=behalf,
        signers=_signers(request) if behalf else (),
        effects=there(effects_page(request.viewer, key, request.now)),
        titles=queries.titles(request.viewer),
    )


@post_only
def confirm(request: PageRequest, key: UUID, decision: UUID) -> HttpResponse:
    trouble = Trouble()
    with troubles(trouble):
        confirm_decision(by=request.viewer, now=request.now, decision=decision)
        return done(request, _("Confirmed."), "activity", key)
    return page(request, "refused.html", trouble, back=key)


def page_for(
    request: PageRequest, key: UUID, verb: Verb, *, on_behalf: bool = False
) -> ActivityPage:
    """The case, for those whose move this is; to anybody else the form does not exist."""
    shown = there(one.activity_page(request.viewer, key, request.now))
    behalf = on_behalf and "records_on_behalf" in request.viewer.duties
    return there(shown if verb in shown.moves or behalf else None)


def _decision(request: PageRequest, trouble: Trouble, behalf: bool) -> NewDecision:
    until = end_of(a_day(posted(request, "until"), trouble, "until"))
    review = end_of(a_day(posted(request, "review_by"), trouble, "review_by"))
    sheet = _sheet(request, trouble) if behalf else None
    choice = check_choice(posted(request, "choice"))
    return NewDecision(
        choice=choice,
        words=posted(request, "words"),
        told=posted(request, "told"),
        told_recipient=posted(request, "told_recipient"),
        against_words=posted(request, "against_words"),
        until=until,
        review_by=review,
        conditions=tuple(request.POST.getlist("conditions")),
        left_out=_left_out(request, choice),
        accepts=accepted(request),
        on_behalf=sheet,
        key=once(request),
    )


def _left_out(request: PageRequest, choice: Choice) -> tuple[UUID, ...]:
    """The ticked lines; ticked under another answer they say nothing, and stay in the form."""
    if choice is not Choice.IN_PART:
        return ()
    keys = map(a_key, request.POST.getlist("left_out"))
    return tuple(key for key in keys if key is not None)


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

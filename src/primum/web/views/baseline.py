"""The shared assessment of a force as a whole, which requests then stand on."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from primum.actions.assess_party import assess_party
from primum.actions.keep_draft import drop_draft, keep_draft
from primum.cases import facts
from primum.cases.queries import drafts, policy
from primum.core import authority, protocol
from primum.core.vocabulary import Stakes, Verb
from primum.people import door
from primum.register import queries as register
from primum.web import answers
from primum.web.middleware import PageRequest
from primum.web.views.common import Trouble, done, once, page, sent_before, there, troubles

PURPOSE = "baseline"


def baseline(request: PageRequest, key: UUID) -> HttpResponse:
    """The questions about a force, for the posts that assess; to others it does not exist."""
    viewer = request.viewer
    shown, (version, rules) = _asked(request, key)
    says = _("Assessed as a whole. Requests stand on it from now on.")
    if sent_before(request, "assessment"):
        return done(request, says, "party", key)
    trouble = Trouble()
    questions = [question for question in rules.questions if question.section.before]
    draft = drafts.draft(viewer, PURPOSE, key)
    form = draft.form if draft else {}
    if request.method == "POST":
        form = answers.form_of(request.POST.lists())
        if "save" in form:
            keep_draft(by=viewer, now=request.now, purpose=PURPOSE, about=key, form=form)
            return done(request, _("Kept. Only you see it, until you record it."), "party", key)
        with troubles(trouble):
            assess_party(
                by=viewer,
                now=request.now,
                party=key,
                version=version.id,
                answers=answers.read(form, questions),
                key=once(request),
            )
            drop_draft(by=viewer, now=request.now, purpose=PURPOSE, about=key)
            return done(request, says, "party", key)
    return page(
        request,
        "baseline.html",
        trouble,
        p=shown,
        version=version,
        rules=rules,
        questions=questions,
        given=answers.read(form, questions),
        draft_at=draft.at if draft and request.method != "POST" else None,
        places=register.places(viewer),
        parties=[(key, shown.name)],
    )


def _protocol(request: PageRequest) -> tuple[policy.Version, protocol.Protocol] | None:
    """The protocol in force that is about a party."""
    every = ((row, facts.protocol_of(row)) for row in policy.protocols(request.viewer))
    return next(((row, rules) for row, rules in every if rules.about == "party"), None)


def _asked(
    request: PageRequest, key: UUID
) -> tuple[register.PartyPage, tuple[policy.Version, protocol.Protocol]]:
    shown = there(register.party_page(request.viewer, key))
    actor = door.actor(request.viewer, request.now)
    there(authority.may(actor, Verb.ASSESS, Stakes.LEADERSHIP) or None)
    return shown, there(_protocol(request))

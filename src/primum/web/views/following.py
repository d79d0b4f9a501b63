"""Deliver, answer, stop, finish: what happens after a decision. Looks have views of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from primum.actions import answer_commitment as answering
from primum.actions import deliver as delivering
from primum.actions import finish as finishing
from primum.actions import stop as stopping
from primum.actions.go_on import go_on as do_go_on
from primum.actions.release import release as do_release
from primum.actions.reopen import reopen as do_reopen
from primum.cases.queries import activity as one
from primum.cases.queries import commitment as owed
from primum.core import promises
from primum.people import queries
from primum.web import words
from primum.web.middleware import PageRequest
from primum.web.views.common import (
    Trouble,
    a_choice,
    a_day,
    done,
    kept,
    once,
    page,
    post_only,
    posted,
    there,
    troubles,
)


def deliver(request: PageRequest, key: UUID) -> HttpResponse:
    """Deliver under the approval; if refused, say why and offer to record what has happened."""
    shown = there(one.activity_page(request.viewer, key, request.now))
    there(shown.may_deliver or None)
    trouble = Trouble()
    if request.method == "POST":
        line = a_choice(posted(request, "line"), trouble, "line")
        happened = _moment(posted(request, "happened"), trouble)
        if line is None:
            trouble.add("line", _("Say on which line."))
        elif not trouble:
            wish = delivering.NewDelivery(line, posted(request, "what"), once(request))
            with troubles(trouble):
                if happened is None:
                    delivering.deliver(
                        by=request.viewer, now=request.now, activity=key, delivery=wish
                    )
                    return done(request, _("The delivery is recorded."), "activity", key)
                delivering.record_delivery(
                    by=request.viewer,
                    now=request.now,
                    activity=key,
                    delivery=wish,
                    happened=happened,
                )
                return done(request, _("Recorded as it happened."), "activity", key)
    return page(request, "deliver.html", trouble, a=shown, form=kept(request))


@post_only
def answer_breach(request: PageRequest, key: UUID, delivery: UUID) -> HttpResponse:
    trouble = Trouble()
    with troubles(trouble):
        delivering.answer_breach(
            by=request.viewer, now=request.now, delivery=delivery, words=posted(request, "words")
        )
        return done(request, _("The breach is answered."), "activity", key)
    return page(request, "refused.html", trouble, back=key)


def answer(request: PageRequest, key: UUID, commitment: UUID) -> HttpResponse:
    """One commitment: how one can tell, what was answered so far, and the answer of today."""
    shown = there(owed.commitment_page(request.viewer, key, commitment, request.now))
    trouble = Trouble()
    if request.method == "POST":
        with troubles(trouble):
            answering.answer_commitment(
                by=request.viewer,
                now=request.now,
                commitment=commitment,
                answer=posted(request, "answer"),
                words=posted(request, "words"),
                how=posted(request, "how"),
            )
            return done(request, _("The answer is recorded."), "activity", key)
    return page(
        request,
        "commitment.html",
        trouble,
        c=shown,
        form=kept(request),
        answers=[(code.value, words.word(code.value)) for code in answering.ANSWERS],
        hows=[
            ("", ""),
            *((code, words.word(f"how_{code}")) for code in (*promises.HOW, *promises.COULD_NOT)),
        ],
        titles=queries.titles(request.viewer),
    )


@post_only
def release(request: PageRequest, key: UUID, owed: UUID) -> HttpResponse:
    trouble = Trouble()
    with troubles(trouble):
        do_release(
            by=request.viewer,
            now=request.now,
            owed=owed,
            words=posted(request, "words"),
            key=once(request),
        )
        return done(request, _("Released, and counted."), "activity", key)
    return page(request, "refused.html", trouble, back=key)


STOPS: dict[str, Callable[..., UUID]] = {
    "go_on": do_go_on,
    "suspend": stopping.suspend,
    "withdraw": stopping.withdraw,
}
ALONE: dict[str, Callable[..., UUID]] = {
    "close_early": finishing.close_early,
    "reopen": do_reopen,
}
"""Decided with reasons, and nobody else is told."""
ENDS: dict[str, Callable[..., None]] = {"finish": finishing.finish, "close": finishing.close}


def said_right(request: PageRequest) -> dict[str, Any]:
    """What was put right, the proof, who advised: the record of a resumption as a form sends it."""
    return {
        "put_right": posted(request, "words"),
        "evidence": posted(request, "evidence"),
        "advised_by": posted(request, "advised_by"),
        "told": posted(request, "told"),
        "key": once(request),
    }


@post_only
def move(request: PageRequest, key: UUID, verb: str) -> HttpResponse:
    """Suspend, resume, withdraw, reopen, finish, close: one button each, with its words."""
    trouble = Trouble()
    with troubles(trouble):
        if verb in STOPS:
            STOPS[verb](
                by=request.viewer,
                now=request.now,
                activity=key,
                words=posted(request, "words"),
                told=posted(request, "told"),
                key=once(request),
            )
        elif verb in ALONE:
            words = posted(request, "words")
            sent = once(request)
            ALONE[verb](by=request.viewer, now=request.now, activity=key, words=words, key=sent)
        elif verb == "resume":
            righted = stopping.Righted(**said_right(request))
            stopping.resume(by=request.viewer, now=request.now, activity=key, righted=righted)
        else:
            there(ENDS.get(verb))(by=request.viewer, now=request.now, activity=key)
        return done(request, _("Done. The page shows the new stage."), "activity", key)
    shown = one.activity_page(request.viewer, key, request.now)
    return page(request, "refused.html", trouble, back=key, a=shown, form=kept(request))


def _moment(text: str, trouble: Trouble) -> datetime | None:
    """A moment from a form; a wrong one is named. One written with a zone of its own means that."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        says = _("“%(text)s” is no moment. Write it as 2026-03-31T14:00 (UTC).") % {"text": text}
        trouble.add("happened", says)
        return None
    if a_day(found.date().isoformat(), trouble, "happened") is None:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)

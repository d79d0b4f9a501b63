"""Deliver, look, answer, stop, finish: what happens after a decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from primum.actions import answer_commitment as answering
from primum.actions import deliver as delivering
from primum.actions import finish as finishing
from primum.actions import stop as stopping
from primum.actions.go_on import go_on as do_go_on
from primum.actions.look import MADE, NOT_MADE, Seen
from primum.actions.look import look as do_look
from primum.actions.release import release as do_release
from primum.cases.queries import activity as one
from primum.cases.queries.effects import look_signs
from primum.web import answers, words
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
from primum.web.views.effects import signs_of


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


def look(request: PageRequest, key: UUID) -> HttpResponse:
    """The look's own questions, how it was made, what was seen."""
    shown = there(one.look_page(request.viewer, key))
    trouble = Trouble()
    given: dict[str, object] = {}
    if request.method == "POST":
        given = answers.read(answers.form_of(request.POST.lists()), shown.questions)
        with troubles(trouble):
            seen = Seen(
                result=posted(request, "result"),
                method=posted(request, "method"),
                answers=given,
                words=posted(request, "words"),
                signs=signs_of(request),
                key=once(request),
            )
            made = do_look(by=request.viewer, now=request.now, look=key, seen=seen)
            says = _("The look is recorded.") if made else _("Recorded. The look is still owed.")
            return done(request, says, "activity", shown.activity)
    return page(
        request,
        "look.html",
        trouble,
        look=shown,
        given=given,
        signs=look_signs(request.viewer, key),
        form=kept(request),
        methods_in_words=[(code, words.word(code)) for code in shown.methods],
        results_in_words=[(code, words.word(code)) for code in MADE + NOT_MADE],
    )


@post_only
def answer(request: PageRequest, key: UUID, commitment: UUID) -> HttpResponse:
    trouble = Trouble()
    with troubles(trouble):
        answering.answer_commitment(
            by=request.viewer,
            now=request.now,
            commitment=commitment,
            answer=posted(request, "answer"),
            words=posted(request, "words"),
        )
        return done(request, _("The answer is recorded."), "activity", key)
    return page(request, "refused.html", trouble, back=key)


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
    "resume": stopping.resume,
    "withdraw": stopping.withdraw,
}
ENDS: dict[str, Callable[..., None]] = {"finish": finishing.finish, "close": finishing.close}


@post_only
def move(request: PageRequest, key: UUID, verb: str) -> HttpResponse:
    """Suspend, resume, withdraw, finish, close: one button each, with its words."""
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

"""Looks: make one that is due, or one that nobody planned; and read one that somebody else made."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from primum.actions.extra_look import At, extra_look
from primum.actions.look import MADE, NOT_MADE, Seen
from primum.actions.look import look as do_look
from primum.actions.read_look import VERDICTS, read_look
from primum.cases.queries import looks, readings
from primum.cases.queries.effects import look_signs
from primum.core.protocol import Independence, Question
from primum.people import queries
from primum.web import answers, words
from primum.web.middleware import PageRequest
from primum.web.views.common import (
    Trouble,
    a_key,
    done,
    kept,
    once,
    page,
    posted,
    there,
    troubles,
)
from primum.web.views.effects import signs_of


def look(request: PageRequest, key: UUID) -> HttpResponse:
    """The look's own questions, what else the visit serves, how it was made, what was seen."""
    shown = there(looks.look_page(request.viewer, key, request.now))
    trouble = Trouble()
    if request.method == "POST":
        seen = _seen(request, shown, trouble)
        if seen is not None:
            with troubles(trouble):
                made = do_look(by=request.viewer, now=request.now, look=key, seen=seen)
                says = (
                    _("The look is recorded.") if made else _("Recorded. The look is still owed.")
                )
                if shown.activity is None:
                    return done(request, says, "desk")
                return done(request, says, "activity", shown.activity)
    return _form(request, shown, trouble)


def extra(request: PageRequest) -> HttpResponse:
    """A visit that nobody planned, at a place or a party; it may serve looks that are due there."""
    place, party = (a_key(str(request.GET.get(name, ""))) for name in ("place", "party"))
    shown = there(looks.extra_page(request.viewer, place, party, request.now))
    trouble = Trouble()
    if request.method == "POST":
        seen = _seen(request, shown, trouble)
        if seen is not None:
            with troubles(trouble):
                at = At(shown.there.place, shown.there.party)
                extra_look(by=request.viewer, now=request.now, at=at, seen=seen)
                says = (
                    _("The look is recorded.")
                    if seen.result in MADE
                    else _("Recorded. Try again within thirty days: it waits on your desk.")
                )
                return done(request, says, "desk")
    return _form(request, shown, trouble)


def read(request: PageRequest, key: UUID) -> HttpResponse:
    """Read what somebody else saw, and say whether it is enough to rely on."""
    shown = there(readings.reading_page(request.viewer, key, request.now))
    trouble = Trouble()
    if request.method == "POST":
        verdict = posted(request, "verdict")
        with troubles(trouble):
            read_look(
                by=request.viewer,
                now=request.now,
                look=key,
                verdict=verdict,
                words=posted(request, "words"),
            )
            says = (
                _("Recorded. The look counts.")
                if verdict == VERDICTS[0]
                else _("Recorded. The look does not count and is owed again.")
            )
            return done(request, says, "desk")
    return page(
        request,
        "look_second.html",
        trouble,
        look=shown,
        form=kept(request),
        titles=queries.titles(request.viewer),
        verdicts=[(code, words.word(code)) for code in VERDICTS],
    )


def _seen(request: PageRequest, shown: looks.LookForm, trouble: Trouble) -> Seen | None:
    """What the form says was seen; of what was answered, only what a chosen look asks."""
    keys = [a_key(str(each)) for each in request.POST.getlist("also")]
    if None in keys:
        trouble.add("also", _("This is not in the list. Choose again."))
        return None
    also = tuple(key for key in keys if key is not None)
    given = answers.read(answers.form_of(request.POST.lists()), _asked(shown, also))
    return Seen(
        result=posted(request, "result"),
        method=posted(request, "method"),
        answers=given,
        words=posted(request, "words"),
        independence=posted(request, "independence"),
        signs=signs_of(request),
        also=also,
        key=once(request),
    )


def _asked(shown: looks.LookForm, also: Iterable[UUID]) -> list[Question]:
    """The questions of the visit: each once, those of the chosen looks too.

    What a look shows of its questions above stands for all that come after it.
    """
    chosen = set(also)
    wanted = {name for offer in shown.offers if offer.id in chosen for name in offer.asks}
    more = [question for offer in shown.offers for question in offer.more]
    return [*shown.questions, *(question for question in more if question.id in wanted)]


def _form(request: PageRequest, shown: looks.LookForm, trouble: Trouble) -> HttpResponse:
    every = [*shown.questions, *(question for offer in shown.offers for question in offer.more)]
    given = answers.read(answers.form_of(request.POST.lists()), every)
    eyes = (Independence.OWN, *(each for each in Independence if each is not Independence.OWN))
    return page(
        request,
        "look.html",
        trouble,
        look=shown,
        given=given if request.method == "POST" else {},
        form=kept(request),
        signs=look_signs(request.viewer, shown.id) if shown.id else (),
        also={str(each) for each in request.POST.getlist("also")},
        titles=queries.titles(request.viewer),
        methods_in_words=[(code, words.word(code)) for code in shown.methods],
        eyes_in_words=[(each.value, words.word(f"seen_{each.value}")) for each in eyes],
        results_in_words=[(code, words.word(code)) for code in MADE + NOT_MADE],
    )

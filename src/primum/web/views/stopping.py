"""Suspend, lift, renew: what a suspension stops before it is signed, and how one goes on."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from primum.actions import stop as stopping
from primum.actions.renew import ASKED
from primum.actions.renew import renew as do_renew
from primum.cases.queries import activity as one
from primum.cases.queries import stops
from primum.core import authority
from primum.core.vocabulary import Stakes, Verb
from primum.people import door, queries
from primum.register import queries as register
from primum.web import formats
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
from primum.web.views.following import said_right

NARROW_FIRST = ("line", "unit", "commander", "operation", "all")


def may_suspend(request: PageRequest) -> bool:
    """Whether this viewer stops harm: by their own post, or one whose work fell to them."""
    actor = door.actor(request.viewer, request.now)
    return authority.may(actor, Verb.SUSPEND, Stakes.LEADERSHIP)


def stopped_states(found: tuple[stops.StoppedLine, ...]) -> dict[UUID, tuple[str, bool]]:
    """Where each stopped line stands, and that something is wrong with it."""
    says = _("suspended since %(day)s")
    return {each.line: (says % {"day": formats.day(each.since)}, True) for each in found}


def suspend(request: PageRequest, key: UUID) -> HttpResponse:
    """From an activity: choose how widely, see what stops, sign. Signing waits for no preview."""
    there(may_suspend(request) or None)
    shown = there(one.activity_page(request.viewer, key, request.now))
    options = stops.options_of_activity(request.viewer, key, request.now)
    return _suspend(request, options, activity=key, name=shown.head.title)


def suspend_party(request: PageRequest, key: UUID) -> HttpResponse:
    """From a party: a unit by itself, everything under it, or all that an officer commands."""
    there(may_suspend(request) or None)
    shown = there(register.party_page(request.viewer, key))
    options = stops.options_of_party(request.viewer, key, request.now)
    return _suspend(request, options, party=key, name=shown.name)


def _suspend(
    request: PageRequest,
    options: tuple[stops.Option, ...],
    *,
    name: str,
    activity: UUID | None = None,
    party: UUID | None = None,
) -> HttpResponse:
    back = ("activity", activity) if activity else ("party", party)
    says = _("Suspended. Deliveries stop now; who delivers sees since when, not why.")
    if sent_before(request, "stop"):
        return done(request, says, *back)
    asked = posted(request, "scope") or request.GET.get("scope", "")
    chosen = next((each for each in options if each.value == asked), None)
    trouble = Trouble()
    if request.method == "POST":
        wish = _wish(request, chosen, activity, trouble)
        with troubles(trouble):
            if not trouble:
                stopping.suspend_scope(by=request.viewer, now=request.now, stop=wish)
                return done(request, says, *back)
    scope, _colon, named = (chosen.value if chosen else "").partition(":")
    found = a_key(named)
    return page(
        request,
        "suspend.html",
        trouble,
        name=name,
        back=back,
        activity=activity,
        options=sorted(options, key=lambda each: NARROW_FIRST.index(each.scope)),
        chosen=chosen.value if chosen else "",
        preview=stops.preview(request.viewer, scope, found, request.now) if found else None,
        form=kept(request),
        titles=queries.titles(request.viewer),
    )


def _wish(
    request: PageRequest, chosen: stops.Option | None, activity: UUID | None, trouble: Trouble
) -> stopping.NewStop:
    scope, _colon, named = (chosen.value if chosen else "").partition(":")
    key = a_key(named)
    of_party = scope in stopping.OF_PARTY
    return stopping.NewStop(
        scope=scope,
        words=posted(request, "words"),
        activity=activity,
        line=key if scope == "line" else None,
        party=key if of_party else None,
        told=posted(request, "told") if activity else "",
        lifts_when=posted(request, "lifts_when"),
        review_by=end_of(a_day(posted(request, "review_by"), trouble, "review_by")),
        key=once(request),
    )


@post_only
def lift(request: PageRequest, key: UUID) -> HttpResponse:
    """Lift the suspension of a line, a unit, an officer or a force, with its own record."""
    trouble = Trouble()
    with troubles(trouble):
        righted = stopping.Righted(**said_right(request))
        stopping.lift(by=request.viewer, now=request.now, stop=key, righted=righted)
        return done(
            request, _("Lifted. Deliveries may go on where nothing else stops them."), "desk"
        )
    return page(request, "refused.html", trouble, back=None)


def renew(request: PageRequest, key: UUID) -> HttpResponse:
    """Ask to go on beyond the approval's end: what changed since, one question each."""
    says = _("The renewal is asked for. The approval keeps its end until somebody decides.")
    if sent_before(request, "renewal"):
        return done(request, says, "activity", key)
    shown = there(one.activity_page(request.viewer, key, request.now))
    there(shown if Verb.RENEW in shown.moves else None)
    trouble = Trouble()
    if request.method == "POST":
        said = {name: posted(request, name) for name in ASKED}
        for name in (name for name in ASKED if not said[name]):
            trouble.add(name, _("Say what has changed. “Nothing” is an answer too."))
        with troubles(trouble):
            if not trouble:
                do_renew(
                    by=request.viewer,
                    now=request.now,
                    activity=key,
                    changed=said,
                    key=once(request),
                )
                return done(request, says, "activity", key)
    return page(request, "renew.html", trouble, a=shown, form=kept(request))

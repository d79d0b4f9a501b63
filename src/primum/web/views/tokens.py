"""Tokens: what lets a program act in this post. Shown once, listed without their secret."""

from __future__ import annotations

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from primum.actions.tokens import make_token, revoke_token
from primum.people import queries, tokens
from primum.web.middleware import PageRequest
from primum.web.views.common import (
    Kept,
    Trouble,
    a_number,
    done,
    kept,
    page,
    post_only,
    posted,
    troubles,
)


def token_list(request: PageRequest) -> HttpResponse:
    """One's tokens; making one asks for the password again, so that an open screen makes none."""
    sure, trouble = _sure(request), Trouble()
    confirm = f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}"
    made = ""
    if request.method == "POST":
        if not sure:
            return HttpResponseRedirect(confirm)
        days = a_number(posted(request, "days"), trouble, "days")
        if not trouble:
            with troubles(trouble):
                made = make_token(
                    by=request.viewer,
                    now=request.now,
                    name=posted(request, "name"),
                    days=days or 0,
                )
    return page(
        request,
        "account/tokens.html",
        trouble,
        made=made,
        sure=sure,
        confirm=confirm,
        form=kept(request) if trouble else Kept(),
        most=tokens.MOST_DAYS,
        lines=queries.tokens_of(request.viewer, request.now),
        titles=queries.titles(request.viewer),
    )


@post_only
def revoke(request: PageRequest, key: UUID) -> HttpResponse:
    trouble = Trouble()
    with troubles(trouble):
        revoke_token(by=request.viewer, now=request.now, token=key)
        return done(request, _("The token is revoked. Nothing opens with it any more."), "tokens")
    return page(request, "refused.html", trouble, back=None)


def _sure(request: HttpRequest) -> bool:
    """Whether this person has just shown again that it is they."""
    try:
        return bool(_shown_again(request))
    except ReauthenticationRequired:
        return False


@reauthentication_required  # type: ignore[untyped-decorator]  # allauth ships no types
def _shown_again(_request: HttpRequest) -> bool:
    return True

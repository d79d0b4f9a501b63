"""Every page: who looks, what time it is, one transaction, and no page for those without a post."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.module_loading import import_string
from django.views.defaults import bad_request

from primum.people import door
from primum.people.sight import Viewer, seen_by

OPEN = frozenset({"/sign-in/", "/sign-in/second-factor/", "/language/"})
"""Addresses that answer before anybody has signed in: these very ones and nothing below them.

Static files that exist are answered before a request comes here.
"""
ACCOUNT = frozenset(
    {"/sign-out/", "/account/", "/account/act-as/", "/account/password/", "/account/confirm/"}
    | {"/account/confirm/app/", "/account/second-factor/", "/account/second-factor/app/"}
    | {"/account/second-factor/app/remove/", "/account/second-factor/codes/"}
    | {"/account/second-factor/codes/new/"}
)
"""Addresses a signed-in person reaches whatever post they hold."""
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""Nothing comes from elsewhere and no page runs words it was given."""
POST_IN_SESSION = "post"


class PageRequest(HttpRequest):
    """What a page is handed: a request with its viewer and its moment."""

    viewer: Viewer
    now: datetime


class SightMiddleware:
    """Turn a request into a viewer's request, or into the same answer for everybody else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._answer(request)
        response.setdefault("Content-Security-Policy", POLICY)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        request.now = import_string(settings.CLOCK)()  # type: ignore[attr-defined]
        request.viewer = None  # type: ignore[attr-defined]
        if _has_nul(request):
            return bad_request(request, BadRequest())
        if not request.user.is_authenticated:
            if request.path in OPEN:
                return self.get_response(request)
            # One answer for every address, existing or not: nothing to learn from asking.
            return HttpResponseRedirect(settings.LOGIN_URL)
        request.viewer = _viewer(request)  # type: ignore[attr-defined]
        if settings.REQUIRE_TOTP and _lacks_second_factor(request):
            return HttpResponseRedirect("/account/second-factor/")
        response = self.get_response(request)
        response["Cache-Control"] = "no-store, private"
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: Sequence[Any],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """Run the view in one transaction, seen as its viewer; no post, no page."""
        viewer: Viewer | None = request.viewer  # type: ignore[attr-defined]
        if request.path in OPEN | ACCOUNT:
            return None
        if viewer is None:
            raise Http404
        return seen_by(viewer, lambda: view(request, *args, **kwargs))


def _has_nul(request: HttpRequest) -> bool:
    """No keyboard types it, and PostgreSQL keeps no text that holds it."""
    forms = (request.GET, request.POST)
    return any("\0" in value for form in forms for _, values in form.lists() for value in values)


def _viewer(request: HttpRequest) -> Viewer | None:
    wanted = request.session.get(POST_IN_SESSION)
    return door.viewer(
        UUID(str(request.user.pk)),
        request.now,  # type: ignore[attr-defined]
        UUID(wanted) if wanted else None,
    )


def _lacks_second_factor(request: HttpRequest) -> bool:
    return request.path not in OPEN | ACCOUNT and not is_mfa_enabled(request.user)

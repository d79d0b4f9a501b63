"""The door of the API: a token lets in, nothing else does, and no answer is a page.

No session, cookie or form token is read here, so that no other site can act through a browser.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.urls import Resolver404, get_resolver
from django.utils import translation
from django.utils.module_loading import import_string

from primum.api import errors
from primum.people import tokens
from primum.people.sight import Viewer

PREFIX = "/api/"
ADDRESSES = "primum.api.urls"
POLICY = "default-src 'none'; frame-ancestors 'none'"


class ApiMiddleware:
    """Answer everything under /api/ here; hand on everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            found = _answer(request)
        if found.status_code >= 400 and found.get("Content-Type") != "application/json":
            found = _as_error(found)
        found["Cache-Control"] = "no-store, private"
        found["Content-Security-Policy"] = POLICY
        found["Vary"] = "Accept-Language, Authorization"
        return found


def _answer(request: HttpRequest) -> HttpResponse:
    try:
        request.get_host()
        request.now = import_string(settings.CLOCK)()  # type: ignore[attr-defined]
        viewer = _viewer(request)
        if viewer is None:
            return errors.answer("unauthenticated")
        request.viewer = viewer  # type: ignore[attr-defined]
        request.body  # noqa: B018 - read here, where too much of it has an answer of its own
        match = get_resolver(ADDRESSES).resolve(request.path_info)
        found = match.func(request, *match.args, **match.kwargs)
        return found if isinstance(found, HttpResponse) else errors.answer("failed")
    except RequestDataTooBig:
        return errors.answer("too_large")
    except (SuspiciousOperation, UnreadablePostError):
        return errors.answer("malformed")
    except (Resolver404, Http404):
        return errors.answer("not_there")
    except Exception as error:  # noqa: BLE001 - whatever it is, its answer is no page
        return errors.of(error)


def _viewer(request: HttpRequest) -> Viewer | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return tokens.viewer_by(token if scheme.lower() == "bearer" else "", request.now)  # type: ignore[attr-defined]


def _as_error(found: HttpResponse) -> HttpResponse:
    """A bare refusal of the machinery, such as of a method, in our own words."""
    made = errors.answer("no_such_method" if found.status_code == 405 else "failed")
    if "Allow" in found:
        made["Allow"] = found["Allow"]
    return made

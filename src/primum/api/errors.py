"""One error body for everything that was not done: what happened, what was kept, what to do."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from pydantic import BaseModel

from primum.actions.base import NotThere, Refused
from primum.actions.once import KeyReused
from primum.api.says import Said, mistaken, said
from primum.core.protocol import AnswerError, ProtocolError
from primum.register.limits import TooMuch

log = logging.getLogger("primum.api")


class Error(BaseModel):
    """What every answer says that is no answer."""

    error: str
    message: str
    reasons: list[Said]
    kept: str
    do: str


NOTHING = _("Nothing was changed.")
KINDS = {
    "malformed": (
        400,
        _("This cannot be read."),
        _("Send one JSON object in UTF-8, without NUL characters, to the mission's own address."),
    ),
    "unauthenticated": (
        401,
        _("No token, or none that is alive."),
        _("Send “Authorization: Bearer” and a token made on your account page."),
    ),
    "not_there": (
        404,
        _("There is no such thing, or it is not yours to see."),
        _("Check the address and its keys."),
    ),
    "no_such_method": (405, _("This address is not asked in this way."), _("Read the schema.")),
    "refused": (409, _("This was refused."), _("Read the reasons. Change what they name.")),
    "too_large": (413, _("This is larger than may be sent."), _("Send less at a time.")),
    "unreadable": (
        422,
        _("Some of what was sent cannot be taken."),
        _("Correct what the reasons name, and send it again."),
    ),
    "key_reused": (
        422,
        _("Something else was sent under this key before."),
        _("Send something new under a new Idempotency-Key."),
    ),
    "failed": (
        500,
        _("Something went wrong on the server."),
        _("Send the same again under the same Idempotency-Key. If it stays, tell the operator."),
    ),
}
"""Kind -> status, what happened, what to do."""


def answer(kind: str, reasons: Sequence[Said] = ()) -> HttpResponse:
    status, message, do = KINDS[kind]
    body = Error(
        error=kind,
        message=str(message),
        reasons=list(reasons),
        kept=str(NOTHING),
        do=str(do),
    )
    found = HttpResponse(body.model_dump_json(), content_type="application/json", status=status)
    if status == 401:
        found["WWW-Authenticate"] = "Bearer"
    return found


def of(error: Exception) -> HttpResponse:
    """The answer to an error of ours; what nobody foresaw is logged by its kind and place."""
    for kind, says in FORESEEN.items():
        if isinstance(error, kind):
            return says(error)
    log.error("A request to the API failed.", exc_info=error)
    return answer("failed")


def _too_much(error: TooMuch) -> HttpResponse:
    says = gettext("This is too long or too large: %(most)s is the most that fits.")
    wrong = Said(code="too_much", says=says % {"most": error.most}, where=error.name)
    return answer("unreadable", [wrong])


def _data(_error: DataError) -> HttpResponse:
    says = gettext("A text is too long or a number too large. Shorten it.")
    return answer("unreadable", [Said(code="too_much", says=says)])


def _protocol(error: ProtocolError) -> HttpResponse:
    return answer("unreadable", [Said(code="protocol", says=str(error), where="text")])


FORESEEN: Mapping[type[Exception], Callable[[Any], HttpResponse]] = {
    Refused: lambda error: answer("refused", [_reason(each) for each in error.refusal.reasons]),
    AnswerError: lambda error: answer("unreadable", [mistaken(each) for each in error.mistakes]),
    ProtocolError: _protocol,
    TooMuch: _too_much,
    DataError: _data,
    KeyReused: lambda _error: answer("key_reused"),
    NotThere: lambda _error: answer("not_there"),
    Http404: lambda _error: answer("not_there"),
    ValidationError: lambda error: answer("unreadable", [_unread(each) for each in error.errors]),
    # What ninja says of a body that its reader refused.
    HttpError: lambda _error: answer("malformed"),
}
"""Every error that has an answer of its own; the first kind that fits counts."""


def handle(api: NinjaAPI) -> None:
    """Everything that is raised on the way to an answer becomes one body."""

    def heard(_request: HttpRequest, error: Any) -> HttpResponse:
        return of(error)

    for kind in (Exception, Http404, HttpError, ValidationError):
        api.add_exception_handler(kind, heard)


def _reason(because: object) -> Said:
    found = said(because)
    assert isinstance(found, Said)  # noqa: S101 - a refusal holds nothing but reasons
    return found


def _unread(wrong: dict[str, Any]) -> Said:
    where = ".".join(map(str, wrong["loc"][1:])).removeprefix("body.")
    return Said(code=str(wrong["type"]), says=str(wrong["msg"]), where=where)

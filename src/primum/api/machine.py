"""The rows of reads and writes as OpenAPI operations: django-ninja reads, checks and describes."""

from __future__ import annotations

import hashlib
import inspect
import json
import math
from collections.abc import Callable
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Body, Header, NinjaAPI, Path, Query, Router
from ninja.parser import Parser
from ninja.security import HttpBearer
from pydantic import BaseModel
from pydantic.fields import FieldInfo

import primum
from primum.api import errors
from primum.api.operations import MOST, Once, Operation, Read, Write
from primum.api.reads import READS
from primum.api.shapes import IN, shaped
from primum.api.writes import WRITES
from primum.people.sight import seen_by
from primum.register.queries import PAGE


class Asked:
    """Where a parameter is read from. ninja types these for use as defaults alone."""

    PATH: Final[Callable[..., Any]] = Path
    BODY: Final[Callable[..., Any]] = Body
    HEADER: Final[Callable[..., Any]] = Header
    QUERY: Final[Callable[..., Any]] = Query


KEY: Final = "idempotency_key"
ABOUT: Final = (
    "The same actions and questions as the pages, with the same access and the same refusals. "
    "Make a token on your account page and send it as “Authorization: Bearer …”. What your post "
    "may not see does not exist. Lists are read page by page: send `next` as `after`. A write sent "
    "twice under one `Idempotency-Key` is made once. Moments are ISO 8601 with their zone."
)
STATUSES: Final = {401: "unauthenticated", 404: "not_there", 422: "unreadable"}
WRITTEN: Final = {400: "malformed", 409: "refused", 413: "too_large"}


class Reader(Parser):
    """JSON and nothing beside it: no NaN, no NUL, no half of a character, no bottomless nesting."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        found = json.loads(request.body, parse_constant=_no_number)
        _check(found)
        if not isinstance(found, dict):
            raise ValueError("not an object")
        return found


class Bearer(HttpBearer):
    """For the schema: the middleware has let in whoever comes this far."""

    def authenticate(self, request: HttpRequest, token: str) -> object:
        return request.viewer  # type: ignore[attr-defined]


def make() -> NinjaAPI:
    """Every operation of the two tables, behind one door."""
    api = NinjaAPI(
        title="Primum",
        version=primum.__version__,
        description=ABOUT,
        openapi_url=None,
        docs_url=None,
        auth=Bearer(),
        parser=Reader(),
        urls_namespace="api",
    )
    errors.handle(api)
    router = Router()
    for row in (*READS, *WRITES):
        says, _, more = row.about.partition("\n\n")
        router.add_api_operation(
            "/" + "/".join(f"{{uuid:{p[1:]}" if p[:1] == "{" else p for p in row.path.split("/")),
            ["GET" if isinstance(row, Read) else "POST"],
            _view(row),
            response={200: row.answer, **dict.fromkeys(_statuses(row), errors.Error)},
            operation_id=row.id,
            summary=" ".join(says.split()),
            description=" ".join(more.split()) or None,
            tags=[row.path.split("/")[0]],
        )
    api.add_router("", router)
    return api


def schema(api: NinjaAPI) -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = api.get_openapi_schema(path_prefix="api/")
    return found


def _statuses(row: Operation) -> list[int]:
    return sorted({**STATUSES, **(WRITTEN if isinstance(row, Write) else {})})


def _view(row: Operation) -> Callable[..., HttpResponse]:
    """A function that takes what the row takes: ninja reads that from its signature."""

    def view(request: HttpRequest, **given: Any) -> HttpResponse:
        keys: dict[str, UUID] = {name: given.pop(name) for name in row.keys}
        viewer, now = request.viewer, request.now  # type: ignore[attr-defined]
        if isinstance(row, Write):
            body = given.get("body")
            once = _once(request, row, body, given.get(KEY) or "")
            work = partial(row.run, viewer, now, keys, body, once)
        else:
            assert isinstance(row, Read)  # noqa: S101 - there are two kinds of rows
            work = partial(row.run, viewer, now, keys, given)
        found: BaseModel = seen_by(viewer, work)
        # A sentence that is said in the reader's language only now is a string all the same.
        said = found.model_dump_json(fallback=str)
        return HttpResponse(said, content_type="application/json")

    view.__name__ = row.id
    view.__signature__ = inspect.Signature(_parameters(row))  # type: ignore[attr-defined]
    return view


def _parameters(row: Operation) -> list[inspect.Parameter]:
    found: dict[str, tuple[Any, Any]] = {"request": (HttpRequest, inspect.Parameter.empty)}
    found |= {name: (UUID, Asked.PATH(...)) for name in row.keys}
    if isinstance(row, Write):
        if row.body is not None:
            found["body"] = (row.body, Asked.BODY(...))
        header = Asked.HEADER(None, alias="Idempotency-Key", pattern=r"^[!-~]{1,200}$")
        found[KEY] = (str | None, header)
    else:
        found |= {name: _query(of, default) for name, (of, default) in row.laid_open().items()}
    if isinstance(row, Read) and row.paged:
        found["limit"] = (int, Asked.QUERY(PAGE, ge=1, le=MOST))
        found["after"] = (shaped(str, IN), Asked.QUERY(""))
    return [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=of)
        for name, (of, default) in found.items()
    ]


def _query(of: Any, default: Any) -> tuple[Any, Any]:
    if isinstance(default, FieldInfo):
        of, default = default.rebuild_annotation(), default.default
    return of, Asked.QUERY(default)


def _once(request: HttpRequest, row: Write, body: BaseModel | None, key: str) -> Once:
    viewer = request.viewer  # type: ignore[attr-defined]
    sent = body.model_dump(mode="json", exclude_unset=True) if body else {}
    said = json.dumps([str(viewer.post), request.path, key, sent], sort_keys=True)
    return Once(key, hashlib.sha256(said.encode()).hexdigest())


def _check(found: object) -> None:
    """Refuse what PostgreSQL keeps in no text and JSON knows as no number."""
    todo = [found]
    while todo:
        each = todo.pop()
        if isinstance(each, dict):
            todo += [*each, *each.values()]
        elif isinstance(each, list):
            todo += each
        elif isinstance(each, str) and ("\0" in each or not _whole(each)):
            raise ValueError("no text")
        elif isinstance(each, float) and not math.isfinite(each):
            raise ValueError("no number")


def _whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_number(word: str) -> object:
    raise ValueError(word)

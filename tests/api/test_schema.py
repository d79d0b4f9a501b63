"""schemathesis against the schema that is served, as three of the cast."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, reset_queries
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from primum.api.machine import schema
from primum.api.urls import api
from tests.api.world import NAMED, ROWS, token_of
from tests.builders_sealed import undone
from tests.cast import viewer
from tests.web.test_url_table import World, world

pytestmark = pytest.mark.django_db
EXAMPLES = 4
HEADERS = {"Host": "testserver", "Accept-Encoding": "identity"}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def _kept_connection() -> Iterator[None]:
    """The server's end of a request closes the connection that this test's rows hang on."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    request_started.disconnect(reset_queries)
    yield
    request_started.connect(reset_queries)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def operations() -> list[Any]:
    loaded = schemathesis.openapi.from_dict(schema(api))
    loaded.app = WSGIHandler()
    found = [each.ok() for each in loaded.get_all_operations() if isinstance(each, Ok)]
    assert len(found) == len(ROWS)
    return found


@pytest.mark.usefixtures("_kept_connection")
@pytest.mark.parametrize("name", ["nadia", "tomas", "lena"])
def test_every_operation_keeps_to_its_schema(name: str) -> None:
    """No error of the server, no status and no shape that the schema does not say."""
    of, token, tried = world(), token_of(viewer(name)), 0
    for operation in operations():

        def check(case: Any) -> None:
            nonlocal tried
            _aim(case, of)
            with undone():
                case.call_and_validate(
                    headers={**HEADERS, "Authorization": f"Bearer {token}"},
                    checks=CHECKS,
                )
            tried += 1

        bounded = settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        bounded(given(case=operation.as_strategy())(check))()
    assert tried >= len(ROWS)


def _aim(case: Any, of: World) -> None:
    """At records that are there, or nearly every request would end at the same 404."""
    for name in case.path_parameters or {}:
        case.path_parameters[name] = str(of.shown[NAMED.get(name, name)])
    if "code" in (case.query or {}):
        case.query["code"] = "asked_before"
    if "scope" in (case.query or {}):
        case.query["scope"] = f"unit:{of.shown['party']}"
    if isinstance(case.body, dict) and "parties" in case.body:
        case.body["parties"] = [str(of.shown["party"])]

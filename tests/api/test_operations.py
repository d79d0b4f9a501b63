"""Every operation for everybody: the cast, a stranger, and nobody. The table grows by itself."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from importlib import import_module
from itertools import product
from typing import cast
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver

from primum.api.machine import schema
from primum.api.operations import Operation, Read, Write
from primum.api.reads import READS
from primum.api.urls import api, urlpatterns
from primum.api.writes import NOT_HERE, WRITES
from primum.people.models import Holding, Person
from primum.people.sight import viewing
from tests import test_promises
from tests.api.world import (
    BODIES,
    NAMED,
    ROWS,
    address,
    api_of,
    asked,
    key_of,
    token_of,
    with_token,
)
from tests.builders_sealed import patterns, seated, undone
from tests.cast import NAMES, NOW, viewer
from tests.web.test_url_table import ROWS as RECORDS
from tests.web.test_url_table import World, world, written

pytestmark = pytest.mark.django_db
DONE = frozenset({200, 404, 409, 422})


def test_every_action_is_an_operation_or_says_why_not() -> None:
    """A new action has a row in `writes.WRITES`, or a reason in `NOT_HERE`."""
    here = {inspect.unwrap(row.of or row.call) for row in WRITES}
    missing = []
    for module, node in test_promises.VERBS:
        name = f"{module.path.stem}.{node.name}"
        action = getattr(import_module(f"primum.actions.{module.path.stem}"), node.name)
        if (inspect.unwrap(action) in here) == (name in NOT_HERE):
            missing.append(name)
    assert missing == []
    assert all(reason.strip() for reason in NOT_HERE.values())


def test_the_reasons_are_of_actions_that_exist() -> None:
    there = {f"{module.path.stem}.{node.name}" for module, node in test_promises.VERBS}
    assert set(NOT_HERE) <= there


def test_every_operation_has_its_own_name_and_address() -> None:
    rows = [*READS, *WRITES]
    assert len(ROWS) == len(rows) > 50
    assert len({(type(row), row.path) for row in rows}) == len(rows)


def test_every_operation_says_what_it_does() -> None:
    """A sentence of its own, from its function."""
    found = schema(api)
    said = {
        each["operationId"]: each["summary"]
        for path in found["paths"].values()
        for each in path.values()
    }
    assert set(said) == set(ROWS)
    assert [name for name, says in said.items() if not says.endswith(".")] == []
    assert found["openapi"].startswith("3.1")


def test_no_answer_counts_what_it_hides() -> None:
    """No list says how long it is: a total would count what one may not see."""
    for name, shape in schema(api)["components"]["schemas"].items():
        if set(shape.get("properties", {})) >= {"items", "next"}:
            assert set(shape["properties"]) == {"items", "next"}, name


def test_every_write_has_a_body_that_can_be_read() -> None:
    """The walk below gets past the reading, or it would test nothing."""
    for row in WRITES:
        body = BODIES({}).get(row.id)
        assert (row.body is None) == (body is None), row.id
        if row.body is not None:
            row.body.model_validate(body)


def test_pages_and_api_share_no_address() -> None:
    assert not any(str(name).startswith("api") for name in patterns())
    every = cast("list[URLPattern | URLResolver]", urlpatterns)
    assert {str(each.pattern) for each in every} == {"api/openapi.json", "api/"}


def test_every_key_names_a_record() -> None:
    of = world()
    names = {name for row in ROWS.values() for name in row.keys}
    assert {NAMED.get(name, name) for name in names} <= set(of.shown)


# The walk ---------------------------------------------------------------------------------------

Cell = tuple[Operation, Mapping[str, UUID], tuple[str, ...]]


def cells(of: World) -> Iterator[Cell]:
    for row in ROWS.values():
        for source in product(("random", "shown", "hidden"), repeat=len(row.keys)):
            keys = {n: key_of(of, n, s) for n, s in zip(row.keys, source, strict=True)}
            yield row, keys, source


def visible(name: str, cell: Cell) -> bool:
    with viewing(viewer(name)):
        return all(
            RECORDS[NAMED.get(kind, kind)]._default_manager.filter(pk=key).exists()
            for kind, key in cell[1].items()
        )


@pytest.mark.parametrize("name", NAMES)
def test_hidden_is_not_there(name: str) -> None:
    """What one may not see answers like what is not there, byte for byte; nothing is an error."""
    of, client = world(), api_of(name)
    client.raise_request_exception = False
    nowhere = client.get("/api/nowhere")
    missing = (404, nowhere.content, sorted(nowhere.headers.items()))
    unseen: dict[str, tuple[object, ...]] = {}
    tried = 0
    for cell in cells(of):
        row, keys, _source = cell
        with undone():
            before = written()
            answer = asked(client, row, keys)
            if isinstance(row, Read):
                assert written() == before, row.id
        assert answer.status_code in DONE, (row.id, answer.status_code, answer.content)
        assert answer["Content-Type"] == "application/json"
        assert b"Sealed" not in answer.content
        if row.keys and not visible(name, cell):
            found = (answer.status_code, answer.content, sorted(answer.headers.items()))
            # A post whose step it never is hears that first, whatever the key names.
            assert found == missing or (answer.status_code == 409 and isinstance(row, Write))
            assert unseen.setdefault(row.id, found) == found, (row.id, answer.content)
            tried += 1
    assert tried > 80


NOWHERE = ("/api/", "/api/nowhere", "/api/activities/1042", "/api/openapi.json", "/api//")


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "head", "options", "patch"])
def test_without_a_token_every_address_answers_alike(method: str) -> None:
    """Existing or not, in whatever way it is asked: the same bytes and the same headers."""
    of = world()
    found = set()
    addresses = [address(row, keys) for row, keys, _source in cells(of)]
    for where in (*addresses, *NOWHERE):
        for client in (Client(), with_token("primum_x"), with_token("")):
            answer = getattr(client, method)(where)
            assert answer.status_code == 401
            found.add((answer.content, tuple(sorted(answer.headers.items()))))
    assert len(found) == 1


def test_a_stranger_has_no_way_in() -> None:
    """Without a post there is no token to make; one made in a post that ended opens nothing."""
    stranger = Person.objects.get(username="stranger")
    token = token_of(seated(stranger, "agency-officer", acting=True))
    assert with_token(token).get("/api/me").status_code == 200
    with viewing(viewer("bruno")):
        Holding.objects.filter(person=stranger).update(ends=NOW)
    assert with_token(token).get("/api/me").status_code == 401


def test_the_schema_is_for_those_who_hold_a_token() -> None:
    found = api_of("lena").get("/api/openapi.json")
    assert found.status_code == 200
    assert json.loads(found.content) == json.loads(json.dumps(schema(api)))


def test_a_way_that_is_not_meant_is_named() -> None:
    found = api_of("lena").put("/api/activities")
    assert (found.status_code, found.json()["error"]) == (405, "no_such_method")
    assert set(found["Allow"].split(", ")) == {"GET", "POST"}

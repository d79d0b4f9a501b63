"""A clone of the template for each worker, the cast, and a clock that tests move."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.test import TransactionTestCase
from psycopg import sql

from tests.postgres import TEMPLATE


def _database() -> str:
    return f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


def _clone() -> None:
    """Drop this worker's database and clone the template anew: some 50 milliseconds."""
    for connection in connections.all():
        connection.close()
    name = sql.Identifier(_database())
    with psycopg.connect(os.environ["PRIMUM_TEST_OWNER_URL"], autocommit=True) as owner:
        _drop(owner, name)
        owner.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY wal_log").format(
                name, sql.Identifier(TEMPLATE)
            )
        )


def _drop(owner: psycopg.Connection, name: sql.Identifier) -> None:
    """Drop it once autovacuum, which the owner may not send away, has left by itself."""
    for _ in range(100):
        try:
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("Somebody stays connected to the test database.")


@pytest.fixture(scope="session", autouse=True)
def _no_chance() -> Iterator[None]:
    """Unannounced looks are due on the protocol's own day, and no quiet look is drawn to be read.

    Tests of chance put it back.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("primum.actions.plan.randbelow", lambda _below: 0)
        patch.setattr("primum.actions.seen.randbelow", lambda below: below - 1)
        # Nor does the lot fall on a case, but where a test lets it.
        patch.setattr("primum.actions.raise_stakes.randbelow", lambda below: below - 1)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Tests run as the web role on a clone. The web role could not create a database anyway."""
    with django_db_blocker.unblock():
        _clone()
        for alias in ("default", "owner"):
            connections[alias].settings_dict["NAME"] = _database()
    yield
    for connection in connections.all():
        connection.close()


def _refresh(_case: TransactionTestCase) -> None:
    # The ledger refuses to be emptied, so a test that commits gets a fresh clone behind it.
    _clone()


TransactionTestCase._fixture_teardown = _refresh  # type: ignore[attr-defined]

"""A pytest plugin: one real PostgreSQL for the whole run, and a migrated template to clone.

Loaded with `-p tests.postgres`, before pytest-django reads the settings. Workers of a parallel
run inherit the environment and clone the same template.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

TEMPLATE = "test_template"
SECRET = "a secret that only tests know, long enough to sign"


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """A wrapper runs before pytest-django's own hook, which reads the settings."""
    _start()
    return (yield)


def _start() -> None:
    if "PYTEST_XDIST_WORKER" in os.environ or "PRIMUM_TEST_HOME" in os.environ:
        return
    from primum.site import bootstrap, embedded  # noqa: PLC0415 - after the plugin is loaded

    home = Path(tempfile.mkdtemp(prefix="primum-tests-"))
    home.chmod(0o711)
    cluster = embedded.start(home)
    os.environ["PRIMUM_TEST_HOME"] = str(home)
    os.environ["PRIMUM_SECRET"] = SECRET
    os.environ["PRIMUM_HOSTS"] = "127.0.0.1,localhost,testserver"
    os.environ["PRIMUM_TEST_OWNER_URL"] = cluster.url("primum_owner")
    with psycopg.connect(cluster.url("primum_owner"), autocommit=True) as owner:
        owner.execute(bootstrap.create_statement(TEMPLATE).encode())
    with psycopg.connect(cluster.url("primum_owner", TEMPLATE), autocommit=True) as owner:
        for statement in bootstrap.database_statements(TEMPLATE):
            owner.execute(statement.encode())
    os.environ["DATABASE_URL"] = cluster.url("primum_web", TEMPLATE)
    os.environ["PRIMUM_OWNER_URL"] = cluster.url("primum_owner", TEMPLATE)
    subprocess.run([sys.executable, "-W", "ignore", "-m", "tests.template"], check=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    home = os.environ.get("PRIMUM_TEST_HOME")
    if "PYTEST_XDIST_WORKER" in os.environ or home is None:
        return
    from primum.site import embedded  # noqa: PLC0415

    embedded.stop(Path(home))
    shutil.rmtree(home, ignore_errors=True)

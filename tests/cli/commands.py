"""Commands as processes of their own, on this test's clone of the database."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from time import monotonic, sleep

import psycopg
from django.db import connections

from tests.postgres import TEMPLATE

PROGRAM = (sys.executable, "-m", "primum.cli")


def url(alias: str = "default") -> str:
    """The address of this worker's clone, as the web role or as the owner."""
    name = str(connections[alias].settings_dict["NAME"])
    variable = {"default": "DATABASE_URL", "owner": "PRIMUM_OWNER_URL"}[alias]
    return os.environ[variable].replace(f"/{TEMPLATE}?", f"/{name}?")


def as_owner() -> psycopg.Connection:
    return psycopg.connect(url("owner"), autocommit=True)


def on_clone(**more: str) -> dict[str, str]:
    """The environment of a command that works on the clone."""
    return {**os.environ, "DATABASE_URL": url(), "PRIMUM_OWNER_URL": url("owner"), **more}


def primum(*words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *words], env=env, capture_output=True, text=True, check=False, timeout=120
    )


def starting(*words: str, env: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PROGRAM, *words],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something that must come true."""
    deadline = monotonic() + seconds
    while not is_so():
        assert monotonic() < deadline, "it did not come true in time"
        sleep(0.05)

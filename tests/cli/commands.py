"""Commands as processes of their own, on this test's clone of the database."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep

import psutil
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


def at_work(home: Path) -> list[psutil.Process]:
    """Whatever runs on this home: the database by its folder, the others by their environment."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            folders = (process.cwd(), process.environ().get("PRIMUM_HOME", ""))
            if any(Path(folder).is_relative_to(home) for folder in folders):
                found.append(process)
    return found


def free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def env_of(home: Path) -> dict[str, str]:
    return {**os.environ, "PRIMUM_HOME": str(home)}


def said_until(process: subprocess.Popen[str], words: str) -> str:
    """What a command printed until these words."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"it ended without saying “{words}”:\n{said}")


def answers(port: int) -> int:
    asked = HTTPConnection("127.0.0.1", port, timeout=10)
    asked.request("GET", "/sign-in/")
    return asked.getresponse().status

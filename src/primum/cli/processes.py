"""The web server and the worker: start them, watch them, stop them, leave none behind."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType

from primum.cli.home import Home
from primum.cli.trouble import Failed, Say
from primum.site import embedded, lifeline

LOCAL = "127.0.0.1"
ANSWER_SECONDS = 60.0
STOP_SECONDS = 10.0
WORKER_PAUSE_SECONDS = 5.0
THREADS = 8
"""Each keeps one database connection; the embedded server gives a hundred."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Service:
    """What a server needs to know: where it listens, and whose database it keeps alive."""

    host: str
    port: int
    home: Home | None

    @property
    def url(self) -> str:
        host = LOCAL if self.host in ("", "0.0.0.0") else self.host  # noqa: S104 (compared only)
        return f"http://{host}:{self.port}/"


class Interrupted:
    """The first SIGINT, SIGTERM or SIGHUP interrupts; those after it wait for the end."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if not self.asked:
            self.asked = True
            raise KeyboardInterrupt


@contextlib.contextmanager
def interruptible() -> Iterator[Interrupted]:
    """Every way of asking us to stop leads to the same orderly end."""
    interrupted = Interrupted()
    before = {number: signal.signal(number, interrupted) for number in _SIGNALS}
    try:
        yield interrupted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def refuse_taken_port(host: str, port: int) -> None:
    """Say that a port is taken before anything is started for it."""
    with socket.socket() as tried:
        # Connections of a server that just ended must not count as a server.
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            raise Failed(
                f"Port {port} is taken ({(error.strerror or 'no reason given').lower()}): by "
                f"another program, or by a Primum that still runs. Nothing was started. Stop that "
                f"one, or choose another port: PORT={port + 1}"
            ) from None


def run(service: Service, interrupted: Interrupted, say: Say, ready: Callable[[], None]) -> None:
    """Serve until asked to stop; `ready` is called once the server really answers."""
    children: list[subprocess.Popen[bytes]] = []
    try:
        server = _start(_server_command(service), children)
        worker = _start(WORKER, children)
        _wait_for_answer(service, server)
        ready()
        _watch(service, interrupted, (server, worker), children, say)
    finally:
        _stop(children)


WORKER = (sys.executable, "-m", "primum.cli", "worker")


def _server_command(service: Service) -> tuple[str, ...]:
    return (
        *(sys.executable, "-m", "granian", "primum.site.wsgi:application"),
        *("--interface", "wsgi", "--host", service.host, "--port", str(service.port)),
        *("--workers", "1", "--blocking-threads", str(THREADS), "--no-ws"),
        # An idle thread that ends takes its database connection along.
        *("--blocking-threads-idle-timeout", "600"),
        *("--workers-kill-timeout", "5", "--log-level", "error"),
    )


def _start(
    command: tuple[str, ...], children: list[subprocess.Popen[bytes]]
) -> subprocess.Popen[bytes]:
    """In a session of its own, so that Ctrl-C reaches us alone and we end things in order.

    The owner's address stays here: what answers the network never needs it.
    """
    parent = os.getpid()
    child = subprocess.Popen(  # noqa: S603 (our own programs, no shell)
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        env={name: value for name, value in os.environ.items() if name != "PRIMUM_OWNER_URL"},
        preexec_fn=lambda: lifeline.follow(parent),  # noqa: PLW1509 (no other thread runs here)
    )
    children.append(child)
    return child


def _wait_for_answer(service: Service, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + ANSWER_SECONDS
    while not _answers(service):
        if server.poll() is not None:
            raise Failed(
                f"The web server ended as it started (code {server.returncode}); its own words are "
                f"above. Everything in the database was kept. Start again; if port {service.port} "
                f"was just taken, choose another."
            )
        if time.monotonic() > deadline:
            raise Failed(
                f"The web server does not answer after {ANSWER_SECONDS:.0f} seconds. Everything in "
                f"the database was kept. Start again on a less busy machine."
            )
        time.sleep(0.1)


def _answers(service: Service) -> bool:
    """Any answer counts; a page's own trouble is the page's to tell."""
    host = LOCAL if service.host in ("", "0.0.0.0") else service.host  # noqa: S104 (compared only)
    asked = http.client.HTTPConnection(host, service.port, timeout=5)
    try:
        asked.request("GET", "/sign-in/")
        asked.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()
    return True


def _watch(
    service: Service,
    interrupted: Interrupted,
    pair: tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]],
    children: list[subprocess.Popen[bytes]],
    say: Say,
) -> None:
    """Mend what can be mended (database, worker); end when the server ends or somebody asks."""
    server, worker = pair
    dead_since: float | None = None
    while not interrupted.asked:
        time.sleep(0.25)
        if server.poll() is not None:
            raise Failed(
                f"The web server ended (code {server.returncode}). Everything in the database was "
                f"kept. Start again."
            )
        _mend_database(service.home, say)
        if worker.poll() is None:
            continue
        if dead_since is None:
            dead_since = time.monotonic()
            say(f"The worker ended (code {worker.returncode}); a new one starts in a moment.")
        elif time.monotonic() - dead_since > WORKER_PAUSE_SECONDS:
            children.remove(worker)
            worker, dead_since = _start(WORKER, children), None


def _mend_database(home: Home | None, say: Say) -> None:
    if home is not None and embedded.status(home.folder).state == "stopped":
        say("The database ended; starting it again.")
        embedded.start(home.folder, say)


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0.0, deadline - time.monotonic()))
        # What is left of its session: a child that would not end, or that it left behind.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()

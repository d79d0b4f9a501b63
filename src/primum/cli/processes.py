"""The web server and the worker: start them, watch them, stop them, leave none behind."""

from __future__ import annotations

import contextlib
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psutil

from primum.cli.home import Home
from primum.cli.interrupts import Interrupted
from primum.cli.trouble import Failed, Say
from primum.site import embedded, lifeline

LOCAL = "127.0.0.1"
ANSWER_SECONDS = 60.0
STOP_SECONDS = 10.0
WORKER_PAUSE_SECONDS = 5.0
THREADS = 8
"""Each keeps one database connection; the embedded server gives a hundred."""


@dataclass(frozen=True, slots=True)
class Service:
    """What a server needs to know: where it listens, and whose database it keeps alive."""

    host: str
    port: int
    home: Home | None

    @property
    def near(self) -> str:
        """The address to reach it from this computer."""
        return {"0.0.0.0": LOCAL, "::": "::1"}.get(self.host, self.host)  # noqa: S104 (compared)

    @property
    def url(self) -> str:
        host = f"[{self.near}]" if ":" in self.near else self.near
        return f"http://{host}:{self.port}/"


@contextlib.contextmanager
def kept_port(host: str, port: int) -> Iterator[None]:
    """Keep a port for our web server alone, or say that it is taken before anything is started.

    The web server lets others share its port (SO_REUSEPORT), and it starts a minute after us. Two
    demonstrations begun at once would answer one another's visitors in turn. So we take the port
    as nobody else can, and then let our own web server in beside us: we never listen.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as kept:
        # Connections of a server that just ended must not count as a server.
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            kept.bind((host, port))
        except OSError as error:
            raise Failed(_no_port(host, port, error)) from None
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        yield


def _no_port(host: str, port: int, error: OSError) -> str:
    reason = (error.strerror or "no reason given").lower()
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken ({reason}): by another program, or by a Primum that still runs. "
            f"Nothing was started. Stop that one, or choose another port: PORT={port + 1}"
        )
    if error.errno == errno.EACCES:
        return (
            f"Port {port} is not for ordinary users ({reason}). Nothing was started. Choose one "
            f"from 1024 on: PORT=8000"
        )
    return (
        f"Nobody can answer on {host} here ({reason}). Nothing was started. Choose an address of "
        f"this computer: 127.0.0.1, or 0.0.0.0 for all it has."
    )


def run(service: Service, interrupted: Interrupted, say: Say, ready: Callable[[], None]) -> None:
    """Serve until asked to stop; `ready` is called once the server really answers."""
    children = Children(interrupted)
    try:
        server = children.start(_server_command(service))
        worker = children.start(WORKER)
        _wait_for_answer(service, children, server)
        ready()
        _watch(service, children, (server, worker), say)
    finally:
        interrupted.end()
        children.stop()


class Children:
    """What we started and have not seen end."""

    def __init__(self, interrupted: Interrupted) -> None:
        self.interrupted = interrupted
        self._living: list[subprocess.Popen[bytes]] = []

    def start(self, command: tuple[str, ...]) -> subprocess.Popen[bytes]:
        """In a session of its own, so that Ctrl-C reaches us alone and we end things in order.

        The owner's address stays here: what answers the network never needs it.
        """
        parent = os.getpid()
        hidden = ("PRIMUM_OWNER_URL",)
        with lifeline.unbroken():
            child = subprocess.Popen(  # noqa: S603 (our own programs, no shell)
                command,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env={name: text for name, text in os.environ.items() if name not in hidden},
                preexec_fn=lambda: lifeline.follow(parent),  # noqa: PLW1509 (no other thread)
            )
            self._living.append(child)
        return child

    def bury(self, child: subprocess.Popen[bytes]) -> int:
        """End whatever is left of its session, then the child itself; its exit code.

        Before it is reaped, because a reaped child's number may soon be a stranger's.
        """
        if child in self._living:
            self._living.remove(child)
            # On some systems a group of none but the dead may not be signalled.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
        return child.wait()

    def stop(self) -> None:
        """Ask all of them, give them a moment, and end what is left."""
        for child in self._living:
            os.kill(child.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while not all(map(has_ended, self._living)) and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in tuple(self._living):
            self.bury(child)


def has_ended(child: subprocess.Popen[bytes]) -> bool:
    """Whether a child has ended, without reaping it: its number stays its own until then."""
    if child.returncode is not None:
        return True
    try:
        return psutil.Process(child.pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


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


def _wait_for_answer(service: Service, children: Children, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + ANSWER_SECONDS
    while not _answers(service):
        if has_ended(server):
            raise Failed(
                f"The web server ended as it started (code {children.bury(server)}); its own words "
                f"are above. Everything in the database was kept. Start again."
            )
        if time.monotonic() > deadline:
            raise Failed(
                f"The web server does not answer after {ANSWER_SECONDS:.0f} seconds. Everything in "
                f"the database was kept. Start again on a less busy machine."
            )
        time.sleep(0.1)


def _answers(service: Service) -> bool:
    """Any answer counts; a page's own trouble is the page's to tell."""
    asked = http.client.HTTPConnection(service.near, service.port, timeout=5)
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
    children: Children,
    pair: tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]],
    say: Say,
) -> None:
    """Mend what can be mended (database, worker); end when the server ends or somebody asks."""
    server, worker = pair
    dead_since: float | None = None
    while not children.interrupted.asked:
        time.sleep(0.25)
        if has_ended(server):
            raise Failed(
                f"The web server ended (code {children.bury(server)}). Everything in the database "
                f"was kept. Start again."
            )
        _mend_database(service.home, say)
        if not has_ended(worker):
            continue
        if dead_since is None:
            dead_since = time.monotonic()
            code = children.bury(worker)
            say(f"The worker ended (code {code}); a new one starts in a moment.")
        elif time.monotonic() - dead_since > WORKER_PAUSE_SECONDS:
            worker, dead_since = children.start(WORKER), None


def _mend_database(home: Home | None, say: Say) -> None:
    if home is not None and embedded.status(home.folder).state == "stopped":
        say("The database ended; starting it again.")
        embedded.start(home.folder, say)

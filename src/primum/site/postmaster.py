"""One PostgreSQL server process: recognise it, start it, stop it, and never touch a stranger.

A number in postmaster.pid proves nothing: after a crash, and in containers as a matter of
routine, that number soon belongs to another program. A process is ours only when its name and
its working folder agree with the file, and its start time too, or the lock it holds open.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from primum.site import lifeline

Say = Callable[[str], None]

# Crash recovery after a big load takes minutes on a small disk; ten seconds fails such a start.
START_SECONDS = 300.0
STOP_SECONDS = 120.0
ORPHAN_SECONDS = 30.0
# From a server's first instruction to its postmaster.pid: milliseconds, on an idle machine.
NAMELESS_SECONDS = 10.0
# postmaster.pid holds whole seconds, the system clock ticks in hundredths.
CLOCK_SLACK_SECONDS = 5.0
LOCK = "server.lock"
"""Beside the data folder: inherited, locked, by every server we start and by all its children."""
_TAIL_LINES = 15
# Servers this process has started, kept so that a dead one can be reaped, not left a zombie.
_CHILDREN: list[subprocess.Popen[bytes]] = []


class EmbeddedError(Exception):
    """The embedded database cannot do what was asked: what happened, what was kept, what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whom the server runs as. None means whoever started us (never root)."""

    uid: int | None = None
    gid: int | None = None

    @property
    def groups(self) -> list[int] | None:
        """Root's other groups must not follow the server."""
        return None if self.uid is None else []


@dataclass(frozen=True, slots=True)
class PidFile:
    """What postmaster.pid says; a server still starting has no status yet."""

    pid: int
    started: int
    status: str


@dataclass(frozen=True, slots=True)
class Server:
    """A process with our name, folder and number; `drift` says how far its start time is off.

    Setting the computer's clock moves the start time the system reports: after a start with a
    wrong clock, or a virtual machine's sleep. Then it must hold our lock to be signalled. Without
    it, it may be used (a password proves it), and no more.
    """

    process: psutil.Process
    drift: float
    has_lock: bool

    @property
    def pid(self) -> int:
        """Its number."""
        return self.process.pid

    @property
    def is_certain(self) -> bool:
        """Whether name, folder and number agree, and the start time or the lock with them."""
        return self.has_lock or self.drift <= CLOCK_SLACK_SECONDS


def read_pid_file(data: Path) -> PidFile | None:
    """The lines of postmaster.pid, or nothing when it is missing or cut short by a power cut."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").split("\n")
        status = lines[7].strip() if len(lines) > 7 else ""
        return PidFile(abs(int(lines[0])), int(lines[2]), status)
    except (FileNotFoundError, ValueError, IndexError):
        return None


def find(data: Path) -> Server | None:
    """The living server of this data folder, or nothing. The only source of a process to signal."""
    _reap()
    noted = read_pid_file(data)
    if noted is None:
        return None
    try:
        process = psutil.Process(noted.pid)
        if not _works_in(process, data):
            return None
        drift = abs(process.create_time() - noted.started)
        return Server(process, drift, _holds(process, data.parent / LOCK))
    except (psutil.Error, OSError):
        return None


def find_or_await(data: Path) -> Server | None:
    """The same, and a server launched a moment ago, once it has written its number.

    Whoever interrupts a start between the two must find it, or it would be left behind.
    """
    deadline = time.monotonic() + NAMELESS_SECONDS
    while (server := find(data)) is None and any(_workers(data)):
        if time.monotonic() > deadline:
            return None
        time.sleep(0.05)
    return server


def is_ready(data: Path, pid: int) -> bool:
    """Whether this very process wrote that it takes connections."""
    noted = read_pid_file(data)
    return noted is not None and noted.pid == pid and noted.status == "ready"


@contextlib.contextmanager
def sole_use(lock: Path, data: Path) -> Iterator[int | None]:
    """An open file that no server of this folder holds: nothing of an earlier one is left.

    None when a server shows up instead: its starter was killed before it could tell.

    A server and its children inherit it locked, so it tells of backends that outlive a killed
    server (they still hold the shared memory), and of a server in another container, whose pid
    cannot be seen from here. A server someone started by hand is found by its folder instead.
    """
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + ORPHAN_SECONDS
        while not take_lock(descriptor) or any(_workers(data)):
            if find(data) is not None:
                yield None
                return
            if time.monotonic() > deadline:
                seen = ", ".join(str(process.pid) for process in _workers(data))
                raise EmbeddedError(
                    f"Processes of an earlier server still hold {data} "
                    f"({seen or 'none that can be seen from here: another container?'}). Nothing "
                    f"was changed. Wait for them or end them, and start again."
                )
            time.sleep(0.1)
        yield descriptor
    finally:
        os.close(descriptor)


def take_lock(descriptor: int, how: int = fcntl.LOCK_EX) -> bool:
    """Lock an open file if nobody holds it, without waiting; it ends with its last holder."""
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise EmbeddedError(
            f"This folder's disk cannot lock files ({(error.strerror or str(error)).lower()}). "
            f"Nothing was started. Network file systems are not supported: set PRIMUM_HOME to a "
            f"folder on a disk of this computer."
        ) from error
    return True


def clear_stale_pid_file(data: Path) -> None:
    """Remove a pid file that names a stranger or nothing; call under the lock, after the waits.

    PostgreSQL refuses to start while the number in it belongs to *any* living process of the
    same user. A file that names a dead process stays: PostgreSQL clears it itself, after
    checking that its shared memory is gone.
    """
    noted = read_pid_file(data)
    if noted is None or psutil.pid_exists(noted.pid):
        (data / "postmaster.pid").unlink(missing_ok=True)


def launch(
    command: list[str], account: Account, log: Path, lock: int, data: Path
) -> subprocess.Popen[bytes]:
    """Start the server in a session of its own, so that Ctrl-C in a terminal does not reach it.

    `lock` is an open, locked file the server and all its children inherit: it stays locked until
    the last of them is gone, even where their pids cannot be seen (another container).
    """
    with _open_log(log) as out, lifeline.unbroken():
        process = subprocess.Popen(  # noqa: S603 (our own binary, no shell)
            command,
            cwd=data,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            pass_fds=(lock,),
            start_new_session=True,
            umask=0o077,
            env=clean_environment(),
            user=account.uid,
            group=account.gid,
            extra_groups=account.groups,
        )
        _CHILDREN.append(process)
    return process


def clean_environment() -> dict[str, str]:
    """Nothing of ours reaches the server: no keys, and no PG* variable that would redirect it."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def wait_until_ready(
    is_ready: Callable[[], bool], is_alive: Callable[[], bool], log: Path, say: Say
) -> bool:
    """Poll until the server takes connections, or is gone (False); never interrupt a recovery."""
    begun = told = time.monotonic()
    while True:
        alive = is_alive()
        if is_ready():
            return True
        if not alive:
            return False
        now = time.monotonic()
        if now - begun > START_SECONDS:
            raise EmbeddedError(
                f"The database takes no connections after {START_SECONDS:.0f} seconds: a long "
                f"recovery, or somebody is stopping it. It was left at work and its data was kept; "
                f"start again to go on waiting. The last lines of {log}:\n{tail(log)}"
            )
        if now - told > 5:
            told = now
            say("The database is not ready yet; after a crash this can take minutes.")
        time.sleep(0.02)


def stop(server: Server, say: Say) -> None:
    """Fast shutdown: sessions end, everything acknowledged is on disk already."""
    process = server.process
    if not server.is_certain:
        raise EmbeddedError(
            f"Process {server.pid} works in the data folder but its start time is "
            f"{server.drift:.0f} seconds off: the computer's clock was probably set since. It was "
            f"left alone. Make sure it is the database, then end it with `kill -INT {server.pid}`."
        )
    with contextlib.suppress(psutil.NoSuchProcess):
        # psutil compares start times again, so a pid reused in between is not signalled.
        process.send_signal(signal.SIGINT)
    begun = told = time.monotonic()
    while is_running(process):
        now = time.monotonic()
        if now - begun > STOP_SECONDS:
            raise EmbeddedError(
                f"The database (process {process.pid}) is still shutting down after "
                f"{STOP_SECONDS:.0f} seconds. Nothing is lost; wait and ask for its status."
            )
        if now - told > 5:
            told = now
            say("The database is writing its last pages.")
        time.sleep(0.05)


def is_running(process: psutil.Process) -> bool:
    """Whether it still works; a zombie does not."""
    _reap()
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def tail(log: Path) -> str:
    """The last lines of the log, because they name the cause and we cannot."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        return f"(the log cannot be read: {error})"
    return "\n".join(lines[-_TAIL_LINES:]) or "(the log is empty)"


def _workers(data: Path) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if _works_in(process, data):
                yield process


def _holds(process: psutil.Process, lock: Path) -> bool:
    with contextlib.suppress(psutil.Error, OSError):
        return str(lock.resolve()) in {held.path for held in process.open_files()}
    return False


def _works_in(process: psutil.Process, data: Path) -> bool:
    # A server and all its children work in their data folder. The name keeps out a shell in it.
    return (
        process.name() == "postgres"
        and process.status() != psutil.STATUS_ZOMBIE
        and Path(process.cwd()) == data.resolve()
    )


@contextlib.contextmanager
def _open_log(log: Path) -> Iterator[int]:
    if log.exists() and log.stat().st_size > 10_000_000:
        log.replace(log.with_suffix(".log.1"))
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _reap() -> None:
    _CHILDREN[:] = [child for child in _CHILDREN if child.poll() is None]

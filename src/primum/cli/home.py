"""Which database a command works on, and how it is reached.

Somebody's own server when DATABASE_URL names one, else the embedded one of a home folder. An
embedded server that no command uses any more is stopped by the last that did.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import django

from primum.cli.interrupts import interruptible
from primum.cli.trouble import Failed, Say, told
from primum.site import embedded, environment
from primum.site import home as homes
from primum.site.bootstrap import OWNER, WEB
from primum.site.postmaster import take_lock

SHORTEST_SECRET = 32
OLDEST_SERVER = 17
MARK = "demonstration"
"""The file that tells a demonstration's home from that of a real mission."""

_NO_OWNER = (
    "This command works as the database's owner. Set PRIMUM_OWNER_URL to the same database as "
    "DATABASE_URL, with the owner's name and password. Nothing was changed."
)


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of an embedded database."""

    folder: Path

    @property
    def exists(self) -> bool:
        """Whether there is data that we can reach."""
        try:
            return (self.folder / "data").exists()
        except PermissionError:
            return False

    @property
    def is_demo(self) -> bool:
        return (self.folder / MARK).exists()


def demo_home() -> Home:
    """PRIMUM_HOME, else a folder beside the one a real mission would have."""
    home = embedded.default_home()
    chosen = bool(environment.text("PRIMUM_HOME"))
    return Home((home if chosen else home.with_name(f"{home.name}-demo")).resolve())


def chosen_home() -> Home | None:
    """The home PRIMUM_HOME names; a server is never started in a folder nobody chose."""
    named = environment.text("PRIMUM_HOME")
    return Home(Path(named).resolve()) if named else None


def known_home() -> Home:
    """The home of a short command: the chosen one, the usual one, or the demonstration's."""
    usual = Home(embedded.default_home().resolve())
    for home in (usual, demo_home()):
        if home.exists:
            return home
    raise Failed(
        f"There is no database yet: not in {usual.folder}, nor a demonstration's. Start one with "
        f"`primum demo`, or name yours: DATABASE_URL for a server, PRIMUM_HOME for a folder."
    )


@contextmanager
def database(say: Say, *, needs_owner: bool = False) -> Iterator[Home | None]:
    """Django with its database, for a command that works on what is there."""
    if environment.text("DATABASE_URL"):
        _use_server(needs_owner)
        yield None
        return
    home = known_home()
    with running(home, say):
        yield home


@contextmanager
def service(say: Say, *, needs_owner: bool = False) -> Iterator[Home | None]:
    """The same for what serves a mission: nothing is guessed, and a home may be made."""
    home = chosen_home()
    if environment.text("DATABASE_URL"):
        _use_server(needs_owner)
        yield None
    elif home is None:
        raise Failed(
            "No database is named. Set DATABASE_URL (a PostgreSQL server) and PRIMUM_SECRET, or "
            "PRIMUM_HOME (a folder for the embedded database). Nothing was started."
        )
    else:
        with running(home, say):
            yield home


@contextmanager
def owners_only(say: Say) -> Iterator[None]:
    """Django for a command that needs the owner's sight and signs nothing: an auditor's."""
    if environment.text("PRIMUM_OWNER_URL"):
        setup()
        yield
    elif environment.text("DATABASE_URL"):
        raise Failed(_NO_OWNER)
    else:
        with running(known_home(), say):
            yield


@contextmanager
def running(home: Home, say: Say) -> Iterator[None]:
    """The embedded server of a home, for as long as the block lasts, and Django on it."""
    homes.make(home.folder)
    with interruptible() as interrupted, _use(home) as lock:
        if not take_lock(lock, fcntl.LOCK_SH):
            say("Another command is stopping the database; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_SH)
        failed = False
        try:
            _point_at(home, embedded.start(home.folder, say), say)
            setup()
            yield
        except embedded.EmbeddedError:
            # It said what it left as it is (a long recovery, say), so leave it.
            failed = True
            raise
        finally:
            interrupted.end()
            if not failed:
                _stop_if_last(home.folder, lock, say)


def _point_at(home: Home, cluster: embedded.Cluster, say: Say) -> None:
    """Everything that reads the settings, our children too, works on this server."""
    os.environ["DATABASE_URL"] = cluster.url(WEB)
    os.environ["PRIMUM_OWNER_URL"] = cluster.url(OWNER)
    os.environ["PRIMUM_SECRET"] = _kept_secret(home.folder, say)
    os.environ["PRIMUM_HOME"] = str(home.folder)
    if home.is_demo:
        os.environ["PRIMUM_DEMO_HOME"] = str(home.folder)


def setup() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "primum.site.settings")
    try:
        django.setup()
    except ValueError as error:
        raise Failed(f"A setting cannot be read. {told(error)} Nothing was started.") from error


@contextmanager
def alone(home: Home) -> Iterator[bool]:
    """Whether no command is at work on this home; if so, none begins before the block ends."""
    with _use(home) as lock:
        yield take_lock(lock)


@contextmanager
def _use(home: Home) -> Iterator[int]:
    lock = os.open(home.folder / "in-use", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield lock
    finally:
        os.close(lock)


def _stop_if_last(folder: Path, lock: int, say: Say) -> None:
    # Let go first: of two that end together, one must find itself alone.
    fcntl.flock(lock, fcntl.LOCK_UN)
    if take_lock(lock):
        embedded.stop(folder, say)


def _kept_secret(folder: Path, say: Say) -> str:
    path = folder / "secret"
    with homes.locked(folder, say):
        if not path.exists():
            homes.write(path, secrets.token_urlsafe(48) + "\n", 0o600)
    if path.stat().st_mode & 0o077:
        raise Failed(f"Others may read {path}. Close it first: chmod 600 {path}")
    return path.read_text(encoding="utf-8").strip()


def _use_server(needs_owner: bool) -> None:
    _check_secret()
    if needs_owner and not environment.text("PRIMUM_OWNER_URL"):
        raise Failed(_NO_OWNER)
    setup()
    from django.db import Error  # noqa: PLC0415 - the settings must be read first

    try:
        _check_server()
    except Error as error:
        raise Failed(
            f"The database cannot be reached. {told(error)} Nothing was changed. Look at "
            f"DATABASE_URL, and whether the server is up."
        ) from error


def _check_secret() -> None:
    secret = environment.text("PRIMUM_SECRET")
    if len(secret) < SHORTEST_SECRET:
        what = f"has {len(secret)} characters" if secret else "is not set"
        raise Failed(
            f"PRIMUM_SECRET {what}; it needs {SHORTEST_SECRET} or more, because it signs who is "
            f"looking. Make one with `openssl rand -base64 48`, keep it, and give the same one to "
            f"every process. Nothing was started."
        )


def _check_server() -> None:
    """The server is new enough, its walls hold our role, and it shows nobody our statements."""
    from django.db import connection  # noqa: PLC0415 - the settings must be read first

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int / 10000,"
            " (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user),"
            " current_setting('track_activities')::boolean"
        )
        version, sees_all, shown = cursor.fetchone()
    if version < OLDEST_SERVER:
        raise Failed(
            f"The server is PostgreSQL {version}; Primum needs {OLDEST_SERVER} or newer (18 is "
            f"tested). Nothing was changed."
        )
    if sees_all:
        raise Failed(
            "DATABASE_URL signs in as a role that no wall holds back (superuser or BYPASSRLS): "
            "every page would show everything. Use the role primum_web. Nothing was started."
        )
    if shown:
        raise Failed(
            "The server shows every session what the others are running, and our statements hold "
            "words that are sealed. Switch it off as a superuser: ALTER ROLE primum_web SET "
            "track_activities = off. Where nobody is one, set track_activities to off in the "
            "server's settings. Nothing was started."
        )

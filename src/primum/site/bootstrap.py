"""What is made once: the data folder, three roles, one database, and the end of the superuser.

The statements are public: whoever brings their own server runs the same ones.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import psycopg
from psycopg import conninfo, pq

from primum.site import lifeline
from primum.site.postmaster import Account, EmbeddedError, clean_environment

DATABASE = "primum"
OWNER = "primum_owner"
WEB = "primum_web"
ENGINE = "primum_engine"
SUPERUSER = "postgres"
# A server that is there and says nothing (paused, starved of memory) must not hold up its starter.
PING_SECONDS = 5

# The last statement of all: its effect is the mark that everything before it was done.
RETIRE_SUPERUSER = f"ALTER ROLE {SUPERUSER} NOLOGIN PASSWORD NULL"


@dataclass(frozen=True, slots=True)
class Door:
    """Where the server listens: a socket folder and the number in the socket's name."""

    folder: Path
    port: int

    def connect(self, user: str, password: str, database: str) -> psycopg.Connection:
        """A connection that commits each statement (CREATE DATABASE allows no other)."""
        return psycopg.connect(
            host=str(self.folder),
            port=self.port,
            user=user,
            password=password,
            dbname=database,
            autocommit=True,
            connect_timeout=30,
        )

    def is_answering(self) -> bool:
        """Whether sign-ins are heard; not while the server recovers from a crashed session.

        Then postmaster.pid goes on saying "ready". No password is sent, so nothing is logged.
        """
        where = conninfo.make_conninfo(
            host=str(self.folder),
            port=self.port,
            user=WEB,
            dbname=DATABASE,
            connect_timeout=PING_SECONDS,
        )
        return pq.PGconn.ping(where.encode()) == pq.Ping.OK


def role_statements(owner_password: str, web_password: str) -> list[str]:
    """The three roles; run as a role that may create roles, as often as you like.

    The owner owns and migrates; web is what pages and workers sign in as; the engine owns the
    pinned definer functions and cannot sign in. The owner is a member of web, or it could not
    end web's sessions when a database must be dropped.
    """
    return [
        *(_create_role(name) for name in (OWNER, WEB, ENGINE)),
        f"ALTER ROLE {OWNER} LOGIN CREATEDB NOCREATEROLE PASSWORD {_literal(owner_password)}",
        f"ALTER ROLE {WEB} LOGIN NOCREATEDB NOCREATEROLE PASSWORD {_literal(web_password)}",
        f"ALTER ROLE {ENGINE} NOLOGIN NOCREATEDB NOCREATEROLE",
        # On a managed server whoever runs this is no superuser, and must be able to give the
        # database to the owner. NOREPLICATION and NOBYPASSRLS are the defaults, unsaid because
        # such a role may not even say them.
        f"GRANT {OWNER} TO CURRENT_USER WITH INHERIT TRUE, SET TRUE",
        f"GRANT {WEB} TO {OWNER} WITH INHERIT TRUE, SET TRUE",
        f"GRANT {ENGINE} TO {OWNER} WITH INHERIT TRUE, SET TRUE",
        _unwatched(WEB),
    ]


def create_statement(name: str) -> str:
    """The database itself. PostgreSQL has no IF NOT EXISTS here: ask pg_database first."""
    return f"CREATE DATABASE {_identifier(name)} OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8'"


def database_statements(name: str) -> list[str]:
    """Rights inside the database `name`; run while connected to it, before the first migration.

    Default privileges must come first: a migration that grants misses every table that another
    app makes later (sessions, the job queue). A copy made with TEMPLATE keeps them; it does not
    keep the CONNECT rights, which belong to the database and not to its contents.
    """
    defaults = f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER}"
    database = _identifier(name)
    return [
        f"REVOKE CONNECT, TEMPORARY ON DATABASE {database} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {database} TO {OWNER}, {WEB}, {ENGINE}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        # ALTER FUNCTION ... OWNER TO the engine asks that the engine may create in the schema.
        f"GRANT USAGE, CREATE ON SCHEMA public TO {OWNER}, {ENGINE}",
        f"GRANT USAGE ON SCHEMA public TO {WEB}",
        f"{defaults} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
        *(
            f"{defaults} IN SCHEMA public GRANT {right} TO {WEB}, {ENGINE}"
            for right in (
                "SELECT, INSERT, UPDATE, DELETE ON TABLES",
                "USAGE, SELECT ON SEQUENCES",
                "EXECUTE ON FUNCTIONS",
            )
        ),
    ]


def is_retired(door: Door, owner_password: str) -> bool:
    """Whether the superuser cannot sign in any more: the mark that all rights were made."""
    with door.connect(OWNER, owner_password, DATABASE) as connection:
        row = connection.execute(
            "SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", [SUPERUSER]
        ).fetchone()
    return row is not None and not row[0]


def make_roles(door: Door, superuser: str, owner: str, web: str) -> None:
    """Roles, database and rights. Every statement may be repeated, so a cut start starts anew."""
    with door.connect(SUPERUSER, superuser, "postgres") as connection:
        for statement in role_statements(owner, web):
            connection.execute(statement.encode())
        for name in ("postgres", "template1"):
            connection.execute(f"REVOKE CONNECT, TEMPORARY ON DATABASE {name} FROM PUBLIC".encode())
        # The owner makes and drops test databases from here; web has no business here.
        connection.execute(f"GRANT CONNECT ON DATABASE postgres TO {OWNER}".encode())
        known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
        if known.fetchone() is None:
            connection.execute(create_statement(DATABASE).encode())
    with door.connect(SUPERUSER, superuser, DATABASE) as connection:
        for statement in [*database_statements(DATABASE), RETIRE_SUPERUSER]:
            connection.execute(statement.encode())


def clear_leftovers(home: Path) -> None:
    """Remove what a killed first start left; an initdb still at work in there just fails."""
    for leftover in home.glob(".init-*"):
        shutil.rmtree(leftover, ignore_errors=True)


def make_data(binaries: Path, data: Path, account: Account, superuser: str) -> None:
    """initdb in a folder beside the data folder, renamed when complete: all or nothing."""
    workshop = data.parent / ".init-none"
    try:
        with lifeline.unbroken():
            workshop = Path(tempfile.mkdtemp(prefix=".init-", dir=data.parent))
        password = workshop / "password"
        password.write_text(superuser + "\n", encoding="utf-8")
        _open_to_group(workshop, password, account)
        _initdb(binaries, workshop / "data", password, account)
        if account.uid is not None and account.gid is not None:
            _give(workshop / "data", account.uid, account.gid)
        (workshop / "data").rename(data)
        sync_folder(data.parent)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _initdb(binaries: Path, target: Path, password: Path, account: Account) -> None:
    # The builtin provider sorts alike on every system and after every upgrade of the C library;
    # the C library's C.UTF-8 beside it tells trigrams and full text what a letter is (with plain
    # C, accents and Arabic would not be letters).
    command = [
        str(binaries / "initdb"),
        f"--pgdata={target}",
        f"--username={SUPERUSER}",
        f"--pwfile={password}",
        "--auth-local=scram-sha-256",
        "--auth-host=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--no-instructions",
    ]
    code, said = _run_alone(command, account)
    if code:
        raise EmbeddedError(
            f"The data folder could not be made; nothing was left behind. "
            f"{said or f'initdb ended with code {code}.'}"
        )


def _run_alone(command: list[str], account: Account) -> tuple[int, str]:
    """Run a program to its end, or end it with all its children when we are interrupted.

    In a session of its own: Ctrl-C reaches us alone, and its children are known by it.
    """
    running = None
    try:
        with lifeline.unbroken():
            running = subprocess.Popen(  # noqa: S603 (our own binary, no shell)
                command,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
                env=clean_environment(),
                user=_named_account(account),
                group=account.gid,
                extra_groups=account.groups,
            )
        said = _errors(running)
        return running.wait(), said
    except BaseException:
        if running is not None:
            _end(running)
        raise


def _end(running: subprocess.Popen[bytes]) -> None:
    if running.returncode is None:
        # Not reaped yet, so the number is still its own.
        os.killpg(running.pid, signal.SIGKILL)
    # The end of what they say tells that the last child is gone and writes no more.
    _errors(running)
    running.wait()


def _errors(running: subprocess.Popen[bytes]) -> str:
    stream = cast(IO[bytes], running.stderr)
    return stream.read().decode(errors="replace").strip()


def _named_account(account: Account) -> int | None:
    """initdb alone insists on a user with a name, so it borrows `nobody` for a second.

    It does so under our own group, in a folder only that group can enter: no other process of
    `nobody` can read, change or trace it. The server itself needs no name, and two servers as
    `nobody` could read one another, so the finished folder goes to a nameless uid.
    """
    if account.uid is None:
        return None
    try:
        return pwd.getpwnam("nobody").pw_uid
    except KeyError:
        raise EmbeddedError(
            "Started as root, making a data folder needs an account named nobody, and there is "
            "none. Start as an ordinary user, or set DATABASE_URL."
        ) from None


def _open_to_group(workshop: Path, password: Path, account: Account) -> None:
    if account.gid is None:
        return
    for path, mode in ((workshop, 0o770), (password, 0o640)):
        os.chown(path, -1, account.gid)
        path.chmod(mode)


def _give(folder: Path, uid: int, gid: int) -> None:
    for path, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(path, name), uid, gid, follow_symlinks=False)
    os.chown(folder, uid, gid, follow_symlinks=False)


def _create_role(name: str) -> str:
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}')"
        f" THEN CREATE ROLE {name}; END IF; END $$"
    )


def _unwatched(name: str) -> str:
    """No session of this role may read what another one is running (pg_stat_activity).

    They all sign in as one role, and a statement holds the words that are being written. Only a
    superuser may say this; where nobody is one, the server's own settings must, and Primum asks
    for it when it starts.
    """
    return (
        f"DO $$ BEGIN ALTER ROLE {name} SET track_activities = off;"
        f" EXCEPTION WHEN insufficient_privilege THEN"
        f" RAISE WARNING 'track_activities is still on for {name}: switch it off on the server';"
        f" END $$"
    )


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _identifier(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'

"""The embedded database with real processes: who comes in, what is kept, what is refused."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import re
import shutil
import signal
import tempfile
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from primum.site import bootstrap, embedded
from primum.site import home as homes
from primum.site.embedded import Cluster, EmbeddedError
from tests.site.servers import (
    AS_ROOT,
    at_work,
    connect,
    in_background,
    in_other_shoes,
    kill_everything,
    mode,
    pid_of,
    sign_in,
)

pytestmark = pytest.mark.slow

only_root = pytest.mark.skipif(not AS_ROOT, reason="needs root, to become somebody else")


def test_fresh_start_lets_in_only_those_with_a_password(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Owner and web sign in; the superuser cannot, even with the password it was made with."""
    made: list[str] = []
    real = homes._password

    def remembered() -> str:
        made.append(real())
        return made[-1]

    monkeypatch.setattr(homes, "_password", remembered)
    cluster = embedded.start(home)
    for role in ("primum_owner", "primum_web"):
        with connect(cluster, role) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (role,)
        for wrong in ("wrong", ""):
            with pytest.raises(psycopg.OperationalError, match="password"):
                sign_in(cluster, role, wrong)
    assert len(made) == 3
    for password in made:
        with pytest.raises(psycopg.OperationalError):
            sign_in(cluster, "postgres", password, "postgres")
    with pytest.raises(psycopg.OperationalError):
        sign_in(cluster, "primum_engine", cluster.web_password)
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        sign_in(cluster, "primum_web", cluster.web_password, "postgres")
    with connect(cluster, "primum_owner") as owner:
        supers = owner.execute(
            "SELECT rolname FROM pg_roles WHERE rolcanlogin AND (rolsuper OR rolbypassrls)"
        ).fetchall()
    assert supers == []


def test_rights_of_web_and_engine(shared: Cluster) -> None:
    """Web works in the owner's tables and makes none; the engine's functions see for it."""
    with connect(shared, "primum_owner") as owner:
        owner.execute("CREATE TABLE note (id bigserial PRIMARY KEY, words text)")
        owner.execute("ALTER TABLE note ENABLE ROW LEVEL SECURITY")
        owner.execute("CREATE POLICY engine ON note TO primum_engine USING (true)")
        owner.execute("CREATE POLICY add ON note FOR INSERT TO primum_web WITH CHECK (true)")
        owner.execute(
            "CREATE FUNCTION notes() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
            " SET search_path = public AS 'SELECT count(*) FROM note'"
        )
        owner.execute("ALTER FUNCTION notes() OWNER TO primum_engine")
    with connect(shared, "primum_web") as web:
        web.execute("INSERT INTO note (words) VALUES ('a')")
        assert web.execute("SELECT count(*), notes() FROM note").fetchone() == (0, 1)
        for refused in (
            "CREATE TABLE mine (id int)",
            "CREATE TEMPORARY TABLE mine (id int)",
            "CREATE EXTENSION pg_trgm",
            "SET ROLE primum_engine",
            "ALTER TABLE note DISABLE ROW LEVEL SECURITY",
            "TRUNCATE note",
            "ALTER SYSTEM SET fsync = off",
        ):
            with pytest.raises(psycopg.Error, match=r"permission denied|must be owner|not allowed"):
                web.execute(refused.encode())


def test_owner_copies_and_drops_a_database_web_is_using(shared: Cluster) -> None:
    """What tests need: trusted extensions, CREATE DATABASE ... TEMPLATE, DROP ... FORCE."""
    with connect(shared, "primum_owner") as owner:
        owner.execute("CREATE EXTENSION pg_trgm")
        owner.execute("CREATE EXTENSION btree_gist")
        shown = owner.execute(
            "SELECT show_trgm('مجتمع'), lower('ÉTÉ'), current_setting('jit')"
        ).fetchone()
    assert shown is not None
    assert len(shown[0]) == 6
    assert shown[1:] == ("été", "off")
    with connect(shared, "primum_owner", "postgres") as owner:
        owner.execute("CREATE DATABASE copy TEMPLATE primum")
        with connect(shared, "primum_owner", "copy") as inside:
            inside.execute("CREATE TABLE later (id int)")
        with connect(shared, "primum_web", "copy") as web:
            web.execute("INSERT INTO later VALUES (1)")
            owner.execute("DROP DATABASE copy WITH (FORCE)")
            with pytest.raises(psycopg.OperationalError):
                web.execute("SELECT 1")


def test_files_are_closed_and_no_network_is_open(shared: Cluster) -> None:
    """Passwords 0600, data and socket folders 0700, no TCP port, no password in a repr."""
    assert mode(shared.home / "secrets.json") == 0o600
    assert mode(shared.home / "postgres.log") == 0o600
    assert mode(shared.home / "data") == 0o700
    assert mode(shared.folder) == 0o700
    assert shared.folder == shared.home / "run"
    assert json.loads((shared.home / "secrets.json").read_text())["superuser"] is None
    assert shared.web_password not in repr(shared)
    server = psutil.Process(pid_of(shared.home))
    assert server.net_connections("inet") == []
    environment = Path(f"/proc/{server.pid}/environ").read_bytes()
    assert {entry.split(b"=")[0] for entry in environment.split(b"\0") if entry} <= {
        b"PATH",
        b"LD_LIBRARY_PATH",
        b"LC_ALL",
        b"TZ",
        b"PG_GRANDPARENT_PID",
    }
    assert os.getsid(server.pid) != os.getsid(0), "Ctrl-C in the terminal would end it"


def test_restart_keeps_data_and_status_tells(home: Path) -> None:
    """Absent, up, stopped, up again with the same rows and passwords; a second start attaches."""
    assert embedded.status(home).state == "absent"
    assert embedded.stop(home) is False
    said: list[str] = []
    first = embedded.start(home, said.append)
    assert said == ["Making the database; this happens once.", "Starting the database."]
    with connect(first, "primum_owner") as owner:
        owner.execute("CREATE TABLE kept AS SELECT 7 AS id")
    pid = pid_of(home)
    assert embedded.start(home) == first
    assert pid_of(home) == pid
    assert embedded.stop(home) is True
    assert embedded.status(home).state == "stopped"
    assert at_work(home) == []
    assert embedded.stop(home) is False
    assert embedded.start(home) == first
    assert embedded.status(home).state == "up"
    with connect(first, "primum_owner") as owner:
        assert owner.execute("SELECT id FROM kept").fetchone() == (7,)


def test_another_major_version_is_refused_untouched(made: Path) -> None:
    """The sentence says how to go on; not a byte or a date changes."""
    embedded.start(made)
    embedded.stop(made)
    (made / "data" / "PG_VERSION").write_text("17\n")

    def everything() -> dict[str, tuple[int, int, bytes]]:
        return {
            str(path): (path.stat().st_mtime_ns, path.stat().st_mode, path.read_bytes())
            for path in made.rglob("*")
            if path.is_file()
        }

    before = everything()
    with pytest.raises(EmbeddedError, match=r"PostgreSQL 17.*pg_dump.*pg_restore"):
        embedded.start(made)
    assert everything() == before


@pytest.mark.parametrize("folder", ["deep-" * 20, "a home, with (odd) $signs 'and' été"])
def test_long_and_odd_homes(home: Path, folder: str) -> None:
    """Where a socket's path cannot go, a closed folder with a random name stands in."""
    odd = home.parent / folder
    cluster = embedded.start(odd)
    assert cluster.folder.parent == Path(tempfile.gettempdir())
    assert mode(cluster.folder) == 0o700
    assert (odd / "socket-folder").read_text().strip() == str(cluster.folder)
    with connect(cluster, "primum_web") as web:
        assert web.execute("SELECT 1").fetchone() == (1,)
    assert embedded.start(odd) == cluster
    # Opened to others, it is not used; after a stop a new one takes its place.
    cluster.folder.chmod(0o755)
    with pytest.raises(EmbeddedError, match="closed to others"):
        embedded.start(odd)
    embedded.stop(odd)
    again = embedded.start(odd)
    assert again.folder != cluster.folder
    sign_in(again, "primum_web", again.web_password)
    shutil.rmtree(cluster.folder)


def test_statements_serve_a_managed_server(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody is superuser: a role that may make roles and databases runs them, twice."""
    monkeypatch.setattr(embedded, "_finish", lambda home, door, secrets: secrets)
    cluster = embedded.start(home)
    superuser = json.loads((home / "secrets.json").read_text())["superuser"]
    door = bootstrap.Door(cluster.folder, cluster.port)
    roles = embedded.role_statements(cluster.owner_password, cluster.web_password)
    with door.connect("postgres", superuser, "postgres") as manager:
        manager.execute("CREATE ROLE manager CREATEDB CREATEROLE")
        manager.execute("SET SESSION AUTHORIZATION manager")
        for statement in [*roles, *roles, embedded.create_statement("mission")]:
            manager.execute(statement.encode())
    for _ in range(2):
        with connect(cluster, "primum_owner", "mission") as owner:
            for statement in embedded.database_statements("mission"):
                owner.execute(statement.encode())
    with connect(cluster, "primum_owner", "mission") as owner:
        owner.execute("CREATE TABLE made (id int)")
    with connect(cluster, "primum_web", "mission") as web:
        web.execute("INSERT INTO made VALUES (1)")


def test_no_sealed_word_reaches_the_log(shared: Cluster) -> None:
    """Neither an error that quotes a value, nor a refused row, nor the statement of a crash."""
    with connect(shared, "primum_owner") as owner:
        owner.execute("CREATE TABLE one (words text PRIMARY KEY)")
    with connect(shared, "primum_web") as web:
        web.execute("INSERT INTO one VALUES ('Kodwel-village')")
        for statement in (
            "INSERT INTO one VALUES ('Kodwel-village')",
            "SELECT 'Kodwel-village'::int",
            "SELECT Kodwel-village",
            "DO $$ BEGIN RAISE WARNING 'Kodwel-village'; END $$",
        ):
            with contextlib.suppress(psycopg.Error):
                web.execute(statement.encode())
        # Nor does one session see another's words: their tokens would be among them.
        with connect(shared, "primum_web") as other:
            seen = other.execute("SELECT DISTINCT query FROM pg_stat_activity").fetchall()
        assert {row[0] for row in seen} <= {None, "", "<insufficient privilege>"}
    crash = in_background(
        shared.home,
        "import psycopg; c = psycopg.connect(embedded.start(home).url('primum_web'));"
        "print(c.info.backend_pid, flush=True); "
        "c.execute(\"SELECT pg_sleep(9), 'Kodwel-village'\")",
    )
    assert crash.stdout is not None
    backend = int(crash.stdout.readline())
    time.sleep(0.2)
    os.kill(backend, signal.SIGSEGV)
    crash.communicate()
    embedded.start(shared.home)
    log = (shared.home / "postgres.log").read_text()
    assert "terminated by signal 11" in log
    assert "Kodwel" not in log
    for password in (shared.owner_password, shared.web_password):
        assert password not in log


def test_failed_start_shows_the_log(made: Path) -> None:
    """The last lines name the cause; the data is kept for whoever repairs it."""
    embedded.start(made)
    embedded.stop(made)
    control = made / "data" / "global" / "pg_control"
    control.write_bytes(b"not a control file")
    with pytest.raises(
        EmbeddedError, match=r"did not start. Its data in .* was kept(.|\n)*pg_control"
    ):
        embedded.start(made)
    assert control.read_bytes() == b"not a control file"


def test_wrong_passwords_are_told_apart_from_no_passwords(made: Path) -> None:
    """A lost, foreign or open secrets.json is named, and nothing is made anew over the data."""
    embedded.start(made)
    path = made / "secrets.json"
    true = path.read_text()
    path.chmod(0o644)
    with pytest.raises(EmbeddedError, match="chmod 600"):
        embedded.start(made)
    path.chmod(0o600)
    path.write_text(json.dumps({"owner": "x", "web": "y", "superuser": None}))
    with pytest.raises(EmbeddedError, match=r"owner cannot sign in.*put that one back"):
        embedded.start(made)
    for cut in ("", "[]", '{"owner": "x"}'):
        path.write_text(cut)
        with pytest.raises(EmbeddedError, match="no longer what Primum wrote"):
            embedded.start(made)
    path.unlink()
    with pytest.raises(EmbeddedError, match="Put the file back"):
        embedded.start(made)
    homes.write(path, true, 0o600)
    embedded.start(made)


def test_home_others_may_write_to_is_refused(home: Path) -> None:
    """Whoever can rename our files could choose our passwords."""
    home.mkdir()
    home.chmod(0o777)
    with pytest.raises(EmbeddedError, match="others may write"):
        embedded.start(home)
    assert list(home.iterdir()) == []


def test_a_home_that_cannot_be_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in the way, a disk without locks: a sentence, and nothing changed."""
    home.write_text("a file")
    for wrong in (home, home / "inner"):
        with pytest.raises(EmbeddedError, match=r"cannot be used: not a directory\. Nothing was"):
            embedded.start(wrong)
    home.unlink()

    def unable(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", unable)
    with pytest.raises(EmbeddedError, match="Network file systems are not supported"):
        embedded.start(home)


@only_root
def test_as_root_the_server_has_a_nameless_account(shared: Cluster) -> None:
    """It owns its two folders, cannot read the passwords, and cannot change its settings."""
    server = psutil.Process(pid_of(shared.home))
    uid = server.uids().effective
    assert uid not in (0, 65534)
    assert not homes._has_name(uid)
    assert server.gids().effective == uid
    assert "Groups:\t \n" in Path(f"/proc/{server.pid}/status").read_text()
    owners = {path.lstat().st_uid for path in (shared.home / "data").rglob("*")}
    assert owners == {uid}
    assert in_other_shoes(uid, lambda: os.access(shared.home / "postgresql.conf", os.R_OK))
    assert not in_other_shoes(uid, lambda: os.access(shared.home / "postgresql.conf", os.W_OK))
    assert not in_other_shoes(uid, lambda: os.access(shared.home / "secrets.json", os.R_OK))
    assert not in_other_shoes(uid, lambda: os.access(shared.home, os.W_OK))


@only_root
def test_as_root_a_closed_door_is_named(home: Path) -> None:
    """A home the server's account cannot enter is refused before anything is made."""
    home.mkdir()
    home.chmod(0o700)
    with pytest.raises(EmbeddedError, match=re.escape(f"cannot enter {home}. ")):
        embedded.start(home / "inner")
    assert list(home.iterdir()) == []


@only_root
def test_as_root_unreachable_programs_are_copied(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A virtual environment under root's closed home: the server runs from a copy."""
    package = homes._package()
    closed = made.parent / "closed"
    for name in (package.name, f"{package.name}.libs"):
        shutil.copytree(package.with_name(name), closed / name, symlinks=True)
    closed.chmod(0o700)
    monkeypatch.setattr(homes, "_package", lambda: closed / package.name)
    (made / "postgresql-0").mkdir()
    cluster = embedded.start(made)
    assert Path(psutil.Process(pid_of(made)).exe()).is_relative_to(made)
    assert not (made / "postgresql-0").exists(), "the programs of an earlier version go"
    sign_in(cluster, "primum_web", cluster.web_password)


@only_root
def test_as_an_ordinary_user(home: Path) -> None:
    """The same without root: start, crash, restart and stop as somebody else."""
    nobody = 65534
    home.mkdir()
    os.chown(home, nobody, nobody)
    home.chmod(0o700)

    def life() -> bool:
        first = embedded.start(home)
        assert psutil.Process(pid_of(home)).uids().effective == nobody
        assert mode(home / "secrets.json") == 0o600
        kill_everything(home)
        assert embedded.start(home) == first
        sign_in(first, "primum_web", first.web_password)
        return embedded.stop(home)

    assert in_other_shoes(nobody, life)
    with pytest.raises(EmbeddedError, match="belongs to another user"):
        embedded.start(home)

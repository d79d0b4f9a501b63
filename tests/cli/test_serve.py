"""primum demo and serve: start, answer, survive kill -9, end cleanly, refuse in words."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
from pathlib import Path

import psutil
import psycopg
import pytest

from primum.cli import main, serve
from primum.cli.trouble import Failed, step, unexpected, without_secrets
from primum.site import embedded
from tests.cli.commands import (
    answers,
    as_owner,
    at_work,
    env_of,
    free_port,
    on_clone,
    primum,
    said_until,
    starting,
    until,
)

LONG = "x" * 32


@pytest.mark.slow
def test_the_demonstration_survives_kill_9_of_everything(home: Path) -> None:
    port = free_port()
    words = ("demo", "--port", str(port))
    first = starting(*words, env=env_of(home))
    said = said_until(first, "stranger")
    assert f"http://127.0.0.1:{port}/" in said
    assert "Chief, due diligence secretariat" in said
    assert "first do no harm" in said
    assert answers(port) < 500

    acknowledged = _write_rows_until_killed(home, first)

    again = starting(*words, env=env_of(home))
    said = said_until(again, "stranger")
    assert "Importing" not in said
    assert answers(port) < 500
    with psycopg.connect(embedded.start(home).url("primum_owner")) as owner:
        row = owner.execute("SELECT count(*) FROM kept").fetchone()
    assert row is not None
    assert row[0] >= acknowledged > 0

    again.send_signal(signal.SIGINT)
    rest, _ = again.communicate(timeout=30)
    assert again.returncode == 0, rest
    assert "Traceback" not in rest
    assert at_work(home) == []


def _write_rows_until_killed(home: Path, demo: subprocess.Popen[str]) -> int:
    acknowledged = 0
    with contextlib.suppress(psycopg.OperationalError):
        address = embedded.start(home).url("primum_owner")
        with psycopg.connect(address, autocommit=True) as owner:
            owner.execute("CREATE TABLE kept (n int)")
            while True:
                owner.execute("INSERT INTO kept VALUES (1)")
                acknowledged += 1
                if acknowledged == 200:
                    for process in at_work(home):
                        process.kill()
    demo.communicate(timeout=30)
    return acknowledged


@pytest.mark.slow
def test_children_end_with_a_killed_demonstration(home: Path) -> None:
    port = free_port()
    demo = starting("demo", "--port", str(port), env=env_of(home))
    said_until(demo, "stranger")
    demo.kill()
    demo.communicate(timeout=30)
    until(lambda: {process.name() for process in at_work(home)} <= {"postgres"}, 20)
    # Its database is still there: the next start takes it over, the next stop stops it.
    again = starting("demo", "--port", str(port), env=env_of(home))
    said_until(again, "stranger")
    again.terminate()
    rest, _ = again.communicate(timeout=30)
    assert again.returncode == 0, rest
    assert at_work(home) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_serve_answers_and_ends_cleanly() -> None:
    port = free_port()
    server = starting("serve", "--port", str(port), env=on_clone())
    said_until(server, f"http://127.0.0.1:{port}/")
    assert answers(port) < 500
    children = psutil.Process(server.pid).children(recursive=True)
    for child in children:
        assert "PRIMUM_OWNER_URL" not in child.environ(), "the owner's address stays at home"
    server.terminate()
    rest, _ = server.communicate(timeout=30)
    assert server.returncode == 0, rest
    assert psutil.wait_procs(children, timeout=5)[1] == []


def test_a_taken_port_is_told_before_anything_is_started(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = primum("demo", "--port", str(port), env=env_of(home))
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port} is taken (address already in use)")
    assert len(done.stderr.splitlines()) == 1
    assert not home.exists()


def test_a_real_home_is_never_made_a_demonstration(home: Path) -> None:
    (home / "data").mkdir(parents=True)
    for words in (("demo",), ("demo", "--reset")):
        done = primum(*words, "--port", str(free_port()), env=env_of(home))
        assert done.returncode == 1
        assert "not a demonstration's" in done.stderr
    assert [path.name for path in home.iterdir()] == ["data"]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"DATABASE_URL": "", "PRIMUM_HOME": ""}, "No database is named."),
        ({"PRIMUM_SECRET": ""}, "PRIMUM_SECRET is not set; it needs 32"),
        ({"PRIMUM_SECRET": "short"}, "PRIMUM_SECRET has 5 characters; it needs 32"),
        ({"DATABASE_URL": "mysql://u:hidden@h/d"}, "DATABASE_URL starts with “mysql”"),
        ({"DATABASE_URL": "postgresql://u:hidden@127.0.0.1:1/d"}, "cannot be reached"),
        ({"DATABASE_URL": "postgresql://u:hidden@127.0.0.1:x/d"}, "has a port that is no number"),
    ],
)
def test_serve_refuses_in_a_sentence(settings: dict[str, str], says: str) -> None:
    env = {**os.environ, "PRIMUM_SECRET": LONG, **settings}
    done = primum("serve", "--port", str(free_port()), env=env)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert "hidden" not in done.stderr


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_migrate_works_twice_and_needs_the_owner() -> None:
    for _ in range(2):
        assert primum("migrate", env=on_clone()).returncode == 0
    refused = primum("migrate", env=on_clone(PRIMUM_OWNER_URL=""))
    assert refused.returncode == 1
    assert "Set PRIMUM_OWNER_URL" in refused.stderr


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_serve_refuses_tables_of_another_version() -> None:
    with as_owner() as owner:
        owner.execute("DELETE FROM django_migrations WHERE app = 'cases'")
    done = primum("serve", "--port", str(free_port()), env=on_clone())
    assert done.returncode == 1
    assert "Run `primum migrate` first." in done.stderr


def test_secrets_are_struck_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://primum_web:se%40cret@/primum?host=/run")
    monkeypatch.setenv("PRIMUM_SECRET", LONG)
    text = f"postgres://a:b@h/d password='c d' se@cret se%40cret {LONG}"
    assert without_secrets(text) == "postgres://***@h/d password=*** *** *** ***"


def test_an_error_nobody_foresaw_shows_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> int:
        raise RuntimeError("postgresql://u:hidden@h/d is odd")

    monkeypatch.setattr(serve, "default_port", broken)
    assert main(["serve"]) == 1
    said = capsys.readouterr().err
    assert "RuntimeError in " in said
    assert "hidden" not in said
    assert "Traceback" not in said


def test_a_failed_step_tells_what_was_kept_and_what_to_do() -> None:
    with (
        pytest.raises(
            Failed, match=r"Baking did not work\. no flour\. The oven is kept\. Buy it\."
        ),
        step("Baking", "The oven is kept.", "Buy it."),
    ):
        raise OSError("no flour")


def test_an_error_without_words_names_its_place() -> None:
    try:
        raise KeyError
    except KeyError as error:
        assert "KeyError in test_serve.py, line " in unexpected(error)


def test_the_version_is_told() -> None:
    done = primum("--version")
    assert (done.returncode, done.stdout) == (0, "primum 0.1.0\n")

"""The embedded database killed, cut short, raced, and mistaken for another process."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from primum.site import bootstrap, embedded, postmaster
from primum.site import home as homes
from primum.site.embedded import EmbeddedError
from tests.site.servers import (
    AS_ROOT,
    at_work,
    connect,
    in_background,
    kill_everything,
    mode,
    pid_of,
    sign_in,
)

pytestmark = pytest.mark.slow


WRITER = """
import psycopg
cluster = embedded.start(home)
with psycopg.connect(cluster.url("primum_owner"), autocommit=True) as owner:
    owner.execute("CREATE TABLE IF NOT EXISTS said (id int)")
    for number in range(1_000_000):
        owner.execute("INSERT INTO said VALUES (%s)", [number])
        print(number, flush=True)
"""


def test_kill_9_loses_nothing_acknowledged(made: Path) -> None:
    """Server and all children killed under load, started again at once: every row said is there."""
    writer = in_background(made, WRITER)
    assert writer.stdout is not None
    told = [writer.stdout.readline() for _ in range(300)]
    kill_everything(made)
    cluster = embedded.start(made)
    told += writer.stdout.read().splitlines()
    writer.wait()
    acknowledged = [int(line) for line in told if line.strip().isdecimal()]
    assert len(acknowledged) >= 300
    with connect(cluster, "primum_owner") as owner:
        there = {row[0] for row in owner.execute("SELECT id FROM said")}
    assert set(acknowledged) <= there
    # One row may be on disk without its answer having arrived; never two.
    assert len(there) <= len(acknowledged) + 1


@pytest.mark.parametrize("name", ["sleep", "postgres"])
def test_a_stranger_with_the_old_number_is_left_alone(made: Path, name: str) -> None:
    """A pid file naming a living stranger, even one called postgres: started, never signalled."""
    embedded.start(made)
    uid = (made / "data").stat().st_uid
    program = made / name
    shutil.copy("/bin/sleep", program)
    program.chmod(0o755)
    stranger = subprocess.Popen(
        [program, "60"],
        cwd="/",
        user=uid if AS_ROOT else None,
        extra_groups=[] if AS_ROOT else None,
    )
    try:
        socket_lock = made / "run" / ".s.PGSQL.5432.lock"
        for left in (made / "data" / "postmaster.pid", socket_lock):
            rest = left.read_text().split("\n", 1)[1]
            kill_everything(made)
            left.write_text(f"{stranger.pid}\n{rest}")
        assert embedded.status(made).state == "stopped"
        assert embedded.stop(made) is False
        embedded.start(made)
        assert stranger.poll() is None
        assert pid_of(made) != stranger.pid
        assert embedded.stop(made) is True
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_cut_pid_file_does_not_block(made: Path) -> None:
    """An empty postmaster.pid, as a power cut leaves it, is cleared."""
    embedded.start(made)
    kill_everything(made)
    (made / "data" / "postmaster.pid").write_text("")
    embedded.start(made)
    assert embedded.status(made).state == "up"


def test_a_moved_clock_is_no_licence_to_signal(made: Path) -> None:
    """Start times disagree: our own server holds our lock, another one is used but not ended."""
    cluster = embedded.start(made)
    command = psutil.Process(pid_of(made)).cmdline()
    _move_start_time(made)
    assert embedded.start(made) == cluster
    assert embedded.stop(made) is True
    assert at_work(made) == []

    with Path(os.devnull).open() as no_lock:
        arguments = (command, homes.account(made), made / "postgres.log", no_lock.fileno())
        by_hand = postmaster.launch(*arguments, made / "data")
    assert embedded.start(made) == cluster
    assert pid_of(made) == by_hand.pid
    true = _move_start_time(made)
    assert embedded.start(made) == cluster
    with pytest.raises(EmbeddedError, match="clock was probably set"):
        embedded.stop(made)
    sign_in(cluster, "primum_web", cluster.web_password)
    (made / "data" / "postmaster.pid").write_text(true)
    assert embedded.stop(made) is True


def _move_start_time(home: Path) -> str:
    path = home / "data" / "postmaster.pid"
    true = path.read_text()
    lines = true.split("\n")
    lines[2] = str(int(lines[2]) - 3600)
    path.write_text("\n".join(lines))
    return true


def test_a_start_interrupted_before_its_server_has_a_number_leaves_none(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C between the launch and postmaster.pid: the stop that follows finds the server."""

    def interrupted(home: Path, door: bootstrap.Door, pid: int, *_: object) -> bool:
        # A starved machine: nothing moves for half a second.
        os.kill(pid, signal.SIGSTOP)
        threading.Timer(0.5, os.kill, (pid, signal.SIGCONT)).start()
        raise KeyboardInterrupt

    monkeypatch.setattr(embedded, "_wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        embedded.start(made)
    assert embedded.stop(made) is True
    assert at_work(made) == []


def test_an_interrupted_program_ends_with_its_children(tmp_path: Path) -> None:
    """initdb runs servers of its own, and they would go on writing into a removed folder."""

    def interrupted(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    number = tmp_path / "number"
    before = signal.signal(signal.SIGALRM, interrupted)
    try:
        signal.setitimer(signal.ITIMER_REAL, 1)
        with pytest.raises(KeyboardInterrupt):
            bootstrap._run_alone(
                ["/bin/sh", "-c", f"sleep 60 & echo $! >{number}; wait"], postmaster.Account()
            )
    finally:
        signal.signal(signal.SIGALRM, before)
    with contextlib.suppress(psutil.NoSuchProcess):
        left = psutil.Process(int(number.read_text()))
        assert left.status() == psutil.STATUS_ZOMBIE, "dead, and not yet buried by init"


@pytest.mark.parametrize("moment", [0.0, 0.1, 0.4])
def test_an_interrupted_first_start_leaves_nothing_behind(home: Path, moment: float) -> None:
    """SIGINT for the starter alone while initdb works: its children end, its folder goes."""
    starter = in_background(home, "embedded.start(home)")
    while not list(home.glob(".init-*/data")) and starter.poll() is None:
        time.sleep(0.001)
    time.sleep(moment)
    starter.send_signal(signal.SIGINT)
    said, _ = starter.communicate()
    assert starter.returncode != 0, said
    assert "KeyboardInterrupt" in said
    assert list(home.glob(".init-*")) == []
    assert [p for p in psutil.process_iter() if str(home) in " ".join(_words(p))] == []


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def test_a_first_start_without_room_leaves_nothing_behind(home: Path) -> None:
    """No file may grow: the reason is told, nothing is left, and with room it works."""
    starter = in_background(
        home,
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\n"
        "embedded.start(home)",
    )
    said, _ = starter.communicate()
    assert re.search(r"could not be made; nothing was left behind\. \w", said), said
    assert sorted(path.name for path in home.iterdir()) == ["lock", "secrets.json"]
    embedded.start(home)
    assert embedded.status(home).state == "up"


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_home_made_by_many_at_once_is_whole_for_all(home: Path, mask: int) -> None:
    """Nobody finds it half made: neither missing, nor there already, nor closed for a moment."""
    before = os.umask(mask)
    try:
        with ThreadPoolExecutor(8) as starters:
            for turn in range(50):
                barrier, chosen = threading.Barrier(8), home / str(turn) / "home"

                def make(barrier: threading.Barrier = barrier, chosen: Path = chosen) -> None:
                    barrier.wait(10)
                    homes.make(chosen)

                for made in [starters.submit(make) for _ in range(8)]:
                    made.result()
                assert mode(chosen) == (0o711 if AS_ROOT else 0o700)
                assert [path.name for path in chosen.parent.iterdir()] == ["home"]
    finally:
        os.umask(before)


def test_starters_at_the_same_moment_give_one_server(home: Path) -> None:
    """One starts, the others wait for it and attach, also when there is nothing yet."""
    code = (
        "import sys; print('here', flush=True); sys.stdin.readline();"
        "print(embedded.start(home).url('primum_web'), embedded.status(home).pid)"
    )
    starters = [in_background(home, code) for _ in range(3)]
    for starter in starters:
        assert starter.stdout is not None
        assert starter.stdout.readline() == "here\n"
    for starter in starters:
        assert starter.stdin is not None
        starter.stdin.write("go\n")
        starter.stdin.flush()
    said = [starter.communicate()[0] for starter in starters]
    assert [starter.returncode for starter in starters] == [0, 0, 0], "\n".join(said)
    assert len(set(said)) == 1
    servers = [p for p in at_work(home) if psutil.Process(p.ppid()).name() != "postgres"]
    assert len(servers) == 1


def test_bootstrap_cut_by_kill_9_goes_on(home: Path) -> None:
    """Starter and server killed at many moments of a first start: the next start finishes."""
    moments = ("secrets.json", "data/PG_VERSION", "data/postmaster.pid", "run/.s.PGSQL.5432")
    for moment, file in enumerate(moments):
        here = home.with_name(f"home-{moment}")
        starter = in_background(here, "embedded.start(home)")
        while not (here / file).exists() and starter.poll() is None:
            time.sleep(0.001)
        if moment == 3:
            time.sleep(0.05)  # among the roles
        starter.kill()
        starter.communicate()
        kill_everything(here)
        cluster = embedded.start(here)
        assert list(here.glob(".init-*")) == []
        with connect(cluster, "primum_owner") as owner:
            owner.execute("CREATE TABLE made (id int)")
        with connect(cluster, "primum_web") as web:
            web.execute("INSERT INTO made VALUES (1)")
        embedded.stop(here)


def test_bootstrap_cut_between_any_two_statements_goes_on(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut inside the database, after the superuser is gone, and before its password is."""
    real = bootstrap.database_statements
    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "database_statements", lambda name: [*real(name)[:4], "oops"])
        with pytest.raises(EmbeddedError, match="could not be started"):
            embedded.start(home)
    with monkeypatch.context() as patch:
        patch.setattr(homes, "keep_secrets", None)
        with pytest.raises(TypeError):
            embedded.start(home)
    assert json.loads((home / "secrets.json").read_text())["superuser"]
    cluster = embedded.start(home)
    assert json.loads((home / "secrets.json").read_text())["superuser"] is None
    with connect(cluster, "primum_owner") as owner:
        owner.execute("CREATE TABLE made (id int)")
    with connect(cluster, "primum_web") as web:
        web.execute("INSERT INTO made VALUES (1)")


def test_backends_that_outlive_a_killed_server_are_waited_for(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No second server over a first one's shared memory: an error with their numbers, then up."""
    monkeypatch.setattr(postmaster, "ORPHAN_SECONDS", 0.5)
    cluster = embedded.start(made)
    busy = in_background(
        made,
        "import psycopg; c = psycopg.connect(embedded.start(home).url('primum_owner'));"
        "print(c.info.backend_pid, flush=True); c.execute('DO $$ BEGIN LOOP END LOOP; END $$')",
    )
    assert busy.stdout is not None
    backend = psutil.Process(int(busy.stdout.readline()))
    time.sleep(0.2)
    psutil.Process(pid_of(made)).kill()
    with pytest.raises(EmbeddedError, match=rf"hold .*\b{backend.pid}\b"):
        embedded.start(made)
    assert backend.is_running(), "waited for, never signalled"
    backend.kill()
    busy.communicate()
    assert embedded.start(made) == cluster


def test_a_server_whose_starter_died_at_once_is_used(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up, but not yet in its pid file when we looked: waited for and attached to."""
    first, pid = embedded.start(made), pid_of(made)
    answers = iter([None, None])
    real = postmaster.find
    monkeypatch.setattr(postmaster, "find", lambda data: next(answers, real(data)))
    assert embedded.start(made) == first
    assert pid_of(made) == pid


def test_a_server_in_another_container_is_noticed(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its number cannot be seen, but the file it inherited is locked."""
    monkeypatch.setattr(postmaster, "ORPHAN_SECONDS", 0.3)
    embedded.start(made)
    monkeypatch.setattr(postmaster, "_works_in", lambda process, data: False)
    with pytest.raises(EmbeddedError, match="another container"):
        embedded.start(made)
    assert (made / "data" / "postmaster.pid").exists()

"""Ctrl-C and its kin: at any moment, more than once, and with nothing left over."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from primum.cli import processes, serve
from primum.cli.home import Home, alone
from primum.cli.interrupts import Interrupted, interruptible
from primum.cli.processes import Children, has_ended
from tests.cli.commands import at_work, env_of, starting, until

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(99)"])
print("ready", flush=True)
time.sleep(99)
"""


def ask_to_stop() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def test_the_second_signal_waits_for_the_end_of_the_first() -> None:
    with interruptible() as interrupted:
        with pytest.raises(KeyboardInterrupt):
            ask_to_stop()
        ask_to_stop()
        assert interrupted.asked


def test_nothing_interrupts_the_end() -> None:
    """Also when it was not a signal that began it."""
    with interruptible() as interrupted:
        interrupted.end()
        ask_to_stop()


def test_within_another_it_is_the_same() -> None:
    """The loop that watches the flag and the part that ends in order hear of one signal."""
    with interruptible() as outer, interruptible() as inner:
        assert inner is outer
        with pytest.raises(KeyboardInterrupt):
            ask_to_stop()
        assert outer.asked


def test_what_was_before_comes_back_and_nohup_stays() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        default = signal.getsignal(signal.SIGTERM)
        with interruptible():
            os.kill(os.getpid(), signal.SIGHUP)
            assert isinstance(signal.getsignal(signal.SIGTERM), Interrupted)
        assert signal.getsignal(signal.SIGTERM) == default
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_children_that_will_not_end_are_ended_with_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.5)
    children = Children(Interrupted())
    child = children.start((sys.executable, "-c", STUBBORN))
    until(lambda: bool(psutil.Process(child.pid).children()), 30)
    [grandchild] = psutil.Process(child.pid).children()
    children.stop()
    assert child.returncode == -signal.SIGKILL
    assert psutil.wait_procs([grandchild], timeout=10)[1] == []


def test_a_dead_child_keeps_its_number_until_its_session_is_ended() -> None:
    """A number given back may soon be a stranger's, and a signal to it would reach them."""
    children = Children(Interrupted())
    child = children.start((sys.executable, "-c", "import sys; sys.exit(3)"))
    until(lambda: has_ended(child), 30)
    assert psutil.pid_exists(child.pid), "not reaped yet"
    assert children.bury(child) == 3
    assert not psutil.pid_exists(child.pid)
    children.stop()


def test_a_terminal_that_is_gone_does_not_stop_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/full").open("w", buffering=1) as gone:
        monkeypatch.setattr(sys, "stderr", gone)
        serve.say("Stopped.")
        monkeypatch.undo()
        # What could not be written must not be tried again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), gone.fileno())


def test_a_home_is_kept_alone_until_the_block_ends(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with alone(home) as first:
        assert first
        with alone(home) as second:
            assert not second
        with alone(home) as third:
            assert not third
    with alone(home) as fourth:
        assert fourth


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_short_command_leaves_no_database_behind(home: Path, number: signal.Signals) -> None:
    """Ended by a service manager or with its terminal, in the middle of its work."""
    env = {**env_of(home), "DATABASE_URL": "", "PRIMUM_OWNER_URL": ""}
    command = starting("migrate", env=env)
    until((home / "run" / ".s.PGSQL.5432").exists)
    command.send_signal(number)
    said, _ = command.communicate(timeout=60)
    assert command.returncode == 130, said
    assert at_work(home) == []

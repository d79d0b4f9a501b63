"""A child follows its parent, whatever handler the parent had."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from primum.site import lifeline


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_a_parent_that_is_gone_already_ends_the_child() -> None:
    """A handler inherited from the parent must not swallow the signal: exec would forget it."""
    before = signal.signal(signal.SIGTERM, lambda number, frame: None)
    try:
        child = os.fork()
        if child == 0:
            lifeline.follow(parent=1 if os.getppid() != 1 else 2)
            os._exit(0)
    finally:
        signal.signal(signal.SIGTERM, before)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGTERM


def test_a_signal_comes_behind_lines_that_belong_together() -> None:
    """Also behind an error, and with the handlers put back."""

    def interrupted(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGHUP, interrupted)
    done = []
    try:
        with pytest.raises(KeyboardInterrupt):
            with lifeline.unbroken():
                os.kill(os.getpid(), signal.SIGHUP)
                done.append("both lines")
            done.append("and more")
        with pytest.raises(KeyboardInterrupt), lifeline.unbroken():
            os.kill(os.getpid(), signal.SIGHUP)
            raise OSError("no memory for a child")
        assert signal.getsignal(signal.SIGHUP) is interrupted
    finally:
        signal.signal(signal.SIGHUP, before)
    assert done == ["both lines"]

"""A child does not outlive the process that started it, not even when that one is killed.

Without this a killed demonstration leaves a server that holds the port and a worker that ticks.
And one that is interrupted while it starts a child does not know of it, and leaves it.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Every way of asking a process to stop that it may answer."""
_PR_SET_PDEATHSIG = 1
# Loaded here, because between fork and exec nothing may be loaded any more.
_libc = ctypes.CDLL(None, use_errno=True)


@contextmanager
def unbroken() -> Iterator[None]:
    """Two lines that belong together: what interrupts them comes behind the second.

    Starting a child and noting it, for instance. Blocking the signals instead would block them in
    the child too.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # no handler ever runs here
        return
    came: list[int] = []
    handlers = {number: signal.getsignal(number) for number in SIGNALS}
    ours = {number: handler for number, handler in handlers.items() if callable(handler)}
    try:
        for number in ours:
            signal.signal(number, lambda number, frame: came.append(number))
        yield
    finally:
        for number, handler in ours.items():
            signal.signal(number, handler)
        for late in came:
            signal.raise_signal(late)


def follow(parent: int) -> None:
    """Ask the kernel to end this process when `parent` ends.

    Linux can do this. Elsewhere a survivor keeps its port, and the next start says so.
    """
    if sys.platform != "linux":
        return
    # A handler of the parent's is still in place, and would swallow what comes before exec.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))
    if os.getppid() != parent:
        # It ended before we asked.
        os.kill(os.getpid(), signal.SIGTERM)

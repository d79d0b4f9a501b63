"""A child does not outlive the process that started it, not even when that one is killed.

Without this a killed demonstration leaves a server that holds the port and a worker that ticks.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
# Loaded here, because between fork and exec nothing may be loaded any more.
_libc = ctypes.CDLL(None, use_errno=True)


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

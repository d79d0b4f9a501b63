"""SIGINT, SIGTERM and SIGHUP: the first interrupts once, and what ends in order is left to end."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

from primum.site.lifeline import SIGNALS


class Interrupted:
    """The first signal interrupts, unless the end has begun already; all others wait for it."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if not self.asked:
            self.asked = True
            raise KeyboardInterrupt

    def end(self) -> None:
        """From here on nothing interrupts: what was begun is being put in order."""
        self.asked = True


@contextlib.contextmanager
def interruptible() -> Iterator[Interrupted]:
    """Every way of asking us to stop leads to the same orderly end; the outermost counts."""
    present = signal.getsignal(signal.SIGTERM)
    if isinstance(present, Interrupted):
        yield present
        return
    interrupted = Interrupted()
    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number, handler in before.items():
        # Under nohup the end of the terminal is not to be noticed.
        if number != signal.SIGHUP or handler != signal.SIG_IGN:
            signal.signal(number, interrupted)
    try:
        yield interrupted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

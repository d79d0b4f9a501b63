"""Do writers on different cases queue behind one lock? They must not: one chain a case.

Sixteen writers append for a few seconds, first each to a case of its own, then all to one. Each
keeps its transaction open for 4 ms of other work, as a page does. Run: make bench
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from uuid import UUID, uuid4

from primum.cli.home import Home, running
from primum.cli.migrate import bring_up_to_date

WRITERS = 16
SECONDS = 2.5
WORK_SECONDS = 0.004


@dataclass(frozen=True)
class Measured:
    """What all writers together did."""

    per_second: float
    p95_ms: float

    def __str__(self) -> str:
        return f"{self.per_second:7.0f} tx/s   p95 {self.p95_ms:6.1f} ms"


def measure(case_of: Callable[[int], UUID]) -> Measured:
    """Let the writers append, each to the case that its number gives."""
    from django.db import connection  # noqa: PLC0415 - after django.setup()
    from django.utils.timezone import now  # noqa: PLC0415

    from primum.actions.base import log  # noqa: PLC0415
    from primum.people import door, mission  # noqa: PLC0415
    from primum.people.models import Post  # noqa: PLC0415
    from primum.people.sight import viewing  # noqa: PLC0415

    by, post = door.clock(), Post.objects.get(clock=True)
    with viewing(by):
        seal = mission.default_seal("register")
    took: list[float] = []
    ready = threading.Barrier(WRITERS)

    def append(number: int) -> None:
        case = ("activity", case_of(number))
        ready.wait()
        end = time.monotonic() + SECONDS
        while (begun := time.monotonic()) < end:
            with viewing(by):
                log(case, "step", post, now(), words="", seal=seal)
                time.sleep(WORK_SECONDS)
            took.append(time.monotonic() - begun)
        connection.close()

    writers = [threading.Thread(target=append, args=(number,)) for number in range(WRITERS)]
    begun = time.monotonic()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    return Measured(len(took) / (time.monotonic() - begun), quantiles(took, n=20)[-1] * 1000)


def verified() -> str:
    from primum.cases.verify import verify  # noqa: PLC0415 - after django.setup()

    begun = time.monotonic()
    verdict = verify()
    per_second = verdict.lines / (time.monotonic() - begun)
    state = "whole" if verdict.whole else f"NOT WHOLE: {verdict.faults[0]}"
    return f"{verdict.lines:,} lines verified, {per_second:,.0f} a second: {state}"


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="primum-bench-", dir="/tmp") as above:
        Path(above).chmod(0o711)
        with running(Home(Path(above) / "home"), lambda _: None):
            bring_up_to_date()
            one = uuid4()
            apart = measure(lambda _: uuid4())
            together = measure(lambda _: one)
            print(f"{WRITERS} writers, {WORK_SECONDS * 1000:.0f} ms of work in each transaction")
            print(f"  a case each   {apart}")
            print(f"  one case      {together}")
            print(f"  ratio         {apart.per_second / together.per_second:7.1f}")
            print(f"  {verified()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

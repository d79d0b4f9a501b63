"""The one source of the present moment for pages, commands and jobs.

Actions and the core never ask the time: `now` comes in. In the demonstration the clock can be
moved forward, so that a newcomer can watch a lease lapse without waiting three months.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path


def now() -> datetime:
    """The present moment in UTC, moved forward by the demonstration's offset if there is one."""
    return datetime.now(UTC) + demo_offset()


def demo_offset() -> timedelta:
    """How far the demonstration clock runs ahead of the real one; nothing outside a demo."""
    path = _offset_file()
    if path is None or not path.exists():
        return timedelta(0)
    return timedelta(seconds=json.loads(path.read_text(encoding="utf-8"))["seconds"])


def move_demo_clock(by: timedelta) -> datetime:
    """Move the demonstration clock forward by `by` and return the new moment.

    Only forward: a clock that can be turned back would let a demonstration show a ledger
    whose lines run backwards.
    """
    path = _offset_file()
    if path is None:
        raise RuntimeError("The clock can be moved in a demonstration only.")
    if by < timedelta(0):
        raise ValueError("The demonstration clock moves forward only.")
    seconds = (demo_offset() + by).total_seconds()
    path.write_text(json.dumps({"seconds": seconds}), encoding="utf-8")
    return now()


def _offset_file() -> Path | None:
    folder = os.environ.get("PRIMUM_DEMO_HOME")
    return Path(folder, "demo-clock.json") if folder else None

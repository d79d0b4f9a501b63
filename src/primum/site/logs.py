"""How a log line looks: when, how grave, who, what. Never the words of a record.

A traceback ends in the error's own message, and a database's message quotes the row it is about.
So an error is logged by its kind and the place it came from.
"""

from __future__ import annotations

import logging
from pathlib import Path
from traceback import extract_tb
from types import TracebackType

_Error = tuple[type[BaseException], BaseException, TracebackType | None]


class Terse(logging.Formatter):
    """One line a record; an error as its kind and the last two places of our own code."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatException(self, ei: _Error | tuple[None, None, None]) -> str:  # noqa: N802
        kind, _, trace = ei
        if kind is None:
            return ""
        frames = extract_tb(trace)
        own = [frame for frame in frames if "primum" in Path(frame.filename).parts] or list(frames)
        places = ", ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in own[-2:])
        return f"  {kind.__name__} at {places or 'an unknown place'}"

    def formatStack(self, stack_info: str) -> str:  # noqa: N802
        return ""

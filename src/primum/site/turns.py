"""One at a time: of two commands that would write the same tables, the second waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.db import Error, connections
from django.db.backends.utils import CursorWrapper

# Any number will do, as long as nothing else in this database locks the same.
_LOCK = 0x7072696D756D
_PAUSE_SECONDS = 0.2


@contextmanager
def my_turn(say: Callable[[str], None]) -> Iterator[None]:
    """The block runs in no other command on this database at the same time, on any machine.

    The lock lives in the database and goes with its holder, however that ends. We ask again and
    again: waiting inside the database would hold up what the holder itself may wait for there.
    """
    with connections["owner"].cursor() as cursor:
        told = False
        while not _answer(cursor, "pg_try_advisory_lock"):
            if not told:
                told = True
                say("Another command brings the tables up to date; waiting for it.")
            time.sleep(_PAUSE_SECONDS)
        try:
            yield
        finally:
            # After a lost connection there is no lock left to give back.
            with suppress(Error):
                _answer(cursor, "pg_advisory_unlock")


def _answer(cursor: CursorWrapper, function: str) -> bool:
    cursor.execute(f"SELECT {function}(%s)", [_LOCK])
    return bool(cursor.fetchone()[0])

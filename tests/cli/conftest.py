"""Homes for commands that bring their own database."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.cli.commands import at_work


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder the database's own account can reach: pytest's own are closed to it."""
    above = Path(tempfile.mkdtemp(prefix="primum-demo-", dir="/tmp"))
    above.chmod(0o711)
    yield above / "home"
    left = at_work(above)
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    # The dying still write into their folder.
    psutil.wait_procs(left, timeout=10)
    shutil.rmtree(above)

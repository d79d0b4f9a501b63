"""Homes for servers: none yet, a copy of a made one, and one that is up."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from primum.site import embedded
from primum.site.embedded import Cluster
from tests.site.servers import clear


@pytest.fixture
def home() -> Iterator[Path]:
    """A home the server's account can reach: pytest's own folders are closed to it."""
    above = Path(tempfile.mkdtemp(prefix="primum-embedded-", dir="/tmp"))
    above.chmod(0o711)
    yield above / "home"
    for found in above.rglob("data"):
        clear(found.parent)
    for note in above.rglob("socket-folder"):
        shutil.rmtree(note.read_text().strip(), ignore_errors=True)
    shutil.rmtree(above)


@pytest.fixture(scope="session")
def original() -> Iterator[Path]:
    """A stopped home to copy, because making one is the slow part."""
    above = Path(tempfile.mkdtemp(prefix="primum-embedded-", dir="/tmp"))
    above.chmod(0o711)
    embedded.start(above / "home")
    embedded.stop(above / "home")
    yield above / "home"
    shutil.rmtree(above)


@pytest.fixture
def made(home: Path, original: Path) -> Path:
    """A stopped home with its database made, its owners and modes kept."""
    subprocess.run(["cp", "-a", original, home], check=True)
    return home


@pytest.fixture(scope="module")
def shared() -> Iterator[Cluster]:
    """One running server for the tests that only look."""
    above = Path(tempfile.mkdtemp(prefix="primum-embedded-", dir="/tmp"))
    above.chmod(0o711)
    yield embedded.start(above / "home")
    embedded.stop(above / "home")
    shutil.rmtree(above)

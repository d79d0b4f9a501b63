"""The how-to on writing a protocol, walked as a newcomer would: files saved, commands run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "how-to" / "write-a-protocol.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"`([\w-]+\.yaml)`")
UPDATE = "PRIMUM_UPDATE_PAGE"
"""Set it to write what the commands print into the page, after a sentence was changed."""


def steps(text: str) -> Iterator[tuple[str, str, str, tuple[int, int]]]:
    """Each block in its order: its kind, its text, the file the words before it name, its place."""
    end = 0
    for found in BLOCK.finditer(text):
        names = NAMED.findall(text[end : found.start()])
        yield found[1], found[2], names[-1] if names else "", found.span(2)
        end = found.end()


def ran(command: str, folder: Path) -> str:
    """What a line of the page prints, as in a terminal."""
    program = f"{shlex.quote(sys.executable)} -m primum.cli"
    line = re.sub(r"^primum\b", program, command)
    environment = {**os.environ, "COLUMNS": "80"}
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode in (0, 1, 2), done.stdout
    return done.stdout


@pytest.mark.slow
def test_every_step_gives_what_the_page_says(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    printed = ""
    shown: list[tuple[tuple[int, int], str]] = []
    for kind, block, name, place in steps(text):
        if kind == "yaml":
            assert name, block
            (tmp_path / name).write_text(block, encoding="utf-8")
        elif kind == "console":
            printed = "".join(ran(command, tmp_path) for command in block.splitlines())
        elif kind == "text":
            shown.append((place, printed.rstrip("\n") + "\n"))
    assert len(shown) >= 8
    if os.environ.get(UPDATE):
        for (start, end), said in reversed(shown):
            text = text[:start] + said + text[end:]
        PAGE.write_text(text, encoding="utf-8")
    for (start, end), said in shown:
        assert text[start:end] == said

"""What the command line says when something goes wrong: a sentence, and never a secret."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb
from urllib.parse import unquote, urlsplit

Say = Callable[[str], None]

_ADDRESS = re.compile(r"(postgres(?:ql)?://)[^@/\s]*@")
_PASSWORD = re.compile(r"(password\s*=\s*)('[^']*'|\S+)", re.IGNORECASE)
_LONGEST = 600


class Failed(Exception):
    """A command cannot go on: what happened, what was kept, what to do."""


@contextmanager
def step(name: str, kept: str, remedy: str) -> Iterator[None]:
    """One step of a longer command; whatever stops it is told with what was kept and what to do."""
    try:
        yield
    except Failed:
        raise
    except Exception as error:
        raise Failed(f"{name} did not work. {told(error)} {kept} {remedy}") from error


def told(error: BaseException) -> str:
    """What an error says, on one line and without secrets; where it arose if it says nothing."""
    says = without_secrets(" ".join(str(error).split()))[:_LONGEST]
    if not says or isinstance(error, ArithmeticError | AttributeError | LookupError | TypeError):
        says = f"{type(error).__name__} {_place(error)}{': ' if says else ''}{says}"
    return says if says.endswith((".", "!", "?")) else f"{says}."


def unexpected(error: BaseException) -> str:
    """For an error that nobody foresaw: its kind, its place, and what it says."""
    says = without_secrets(" ".join(str(error).split()))[:_LONGEST]
    return (
        f"Something went wrong that should not: {type(error).__name__} {_place(error)}. {says}\n"
        f"Nothing half-done was kept in the database. Please report this with the line above."
    )


def without_secrets(text: str) -> str:
    """The text with every password and key this process was given struck out."""
    for secret in sorted(_secrets(), key=len, reverse=True):
        text = text.replace(secret, "***")
    return _PASSWORD.sub(r"\1***", _ADDRESS.sub(r"\1***@", text))


def _secrets() -> set[str]:
    found = {os.environ.get("PRIMUM_SECRET", "")}
    for name in ("DATABASE_URL", "PRIMUM_OWNER_URL"):
        try:
            password = urlsplit(os.environ.get(name, "")).password or ""
        except ValueError:
            continue
        found |= {password, unquote(password)}
    return {secret for secret in found if secret}


def _place(error: BaseException) -> str:
    frames = extract_tb(error.__traceback__)
    if not frames:
        return "at an unknown place"
    own = [frame for frame in frames if "primum" in Path(frame.filename).parts]
    last = (own or list(frames))[-1]
    return f"in {Path(last.filename).name}, line {last.lineno}"

"""primum: the command line. One module a command; nothing here touches a row."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import primum
from primum.cli import (
    chain,
    demo,
    importing,
    ledger,
    migrate,
    people,
    protocols,
    serve,
    tick,
    weigh,
    worker,
)
from primum.cli.trouble import Failed, told, unexpected
from primum.exchange.tables import ExchangeError
from primum.protocols.mission import MissionError
from primum.site.embedded import EmbeddedError
from primum.site.environment import SettingError

__all__ = ["main"]

COMMANDS = (
    demo,
    serve,
    worker,
    migrate,
    tick,
    importing,
    ledger,
    people,
    weigh,
    chain,
    protocols,
)
_SENTENCES = (Failed, EmbeddedError, ExchangeError, MissionError, SettingError)
"""Errors that were written to be read: shown as they are, with exit code 1."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what it says, 1 when not, 2 for a wrong question."""
    args = _parser().parse_args(argv)
    try:
        code: int = args.run(args)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (head, a pager) has seen enough. Python must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("\nStopped. What was finished is kept.", file=sys.stderr)
        return 130
    except _SENTENCES as error:
        print(told(error), file=sys.stderr)
        return 1
    except Exception as error:  # noqa: BLE001 (a traceback could show a password)
        print(unexpected(error), file=sys.stderr)
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="primum",
        description="Do no harm: ask before, decide with reasons, watch after, stop what harms.",
    )
    parser.add_argument("--version", action="version", version=f"primum {primum.__version__}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(subparsers)
    return parser

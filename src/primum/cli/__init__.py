"""primum: the command line. One module a command; nothing here touches a row."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import primum
from primum.cli.trouble import Failed, unexpected, without_secrets
from primum.exchange.tables import ExchangeError
from primum.protocols.mission import MissionError
from primum.site.environment import SettingError
from primum.site.postmaster import EmbeddedError

__all__ = ["COMMANDS", "main"]

COMMANDS = {
    "demo": "demo",
    "story": "stories",
    "serve": "serve",
    "worker": "worker",
    "migrate": "migrate",
    "tick": "tick",
    "import": "importing",
    "ledger": "ledger",
    "audit": "audit",
    "people": "people",
    "weigh": "weigh",
    "replay": "replay",
    "chain": "chain",
    "protocols": "protocols",
    "docs": "docs",
}
"""Each command and its module here, which has `add(subparsers)` and sets `run(args) -> int`."""
_SENTENCES = (Failed, EmbeddedError, ExchangeError, MissionError, SettingError)
"""Errors that were written to be read: shown as they are, with exit code 1."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what it says, 1 when not, 2 for a wrong question."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        args = _parser(words[:1]).parse_args(words)
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
        print(without_secrets(str(error)), file=sys.stderr)
        return 1
    except Exception as error:  # noqa: BLE001 (a traceback could show a password)
        print(unexpected(error), file=sys.stderr)
        return 1
    return code


def _parser(first: list[str]) -> argparse.ArgumentParser:
    """The parser of one command if that is the first word: a weighing loads no database driver."""
    parser = argparse.ArgumentParser(
        prog="primum",
        description="Do no harm: ask before, decide with reasons, watch after, stop what harms.",
    )
    parser.add_argument("--version", action="version", version=f"primum {primum.__version__}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    wanted = [name for name in first if name in COMMANDS] or list(COMMANDS)
    for name in wanted:
        import_module(f"primum.cli.{COMMANDS[name]}").add(subparsers)
    return parser

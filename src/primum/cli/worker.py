"""primum worker: what runs in the background. `primum serve` starts one; more may run anywhere."""

from __future__ import annotations

import argparse
import logging

from primum.cli.home import database
from primum.cli.serve import say
from primum.site.logs import Terse


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("worker", help="run background work (serve starts one itself)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 once somebody asked it to stop."""
    with database(say):
        from primum.site import jobs  # noqa: PLC0415 - after django.setup()

        for handler in logging.getLogger().handlers:
            handler.setFormatter(Terse())
        jobs.work()
    return 0

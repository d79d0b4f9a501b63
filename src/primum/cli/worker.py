"""primum worker: what runs in the background. `primum serve` starts one; more may run anywhere."""

from __future__ import annotations

import argparse

from primum.cli.home import database
from primum.cli.serve import say


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("worker", help="run background work (serve starts one itself)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 once somebody asked it to stop."""
    with database(say):
        from primum.site import jobs  # noqa: PLC0415 - after django.setup()

        jobs.work()
    return 0

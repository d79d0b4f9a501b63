"""primum tick: one tick of the clock by hand. Running it twice does nothing twice."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from primum.cli.home import database
from primum.cli.serve import say
from primum.cli.trouble import Failed
from primum.site import clock, environment


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("tick", help="announce now what has run out")
    parser.add_argument(
        "--at",
        type=_moment,
        metavar="ISO",
        help="a moment such as 2026-03-02T09:00 (UTC if it names no zone); in a demonstration only",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when the tick ran."""
    with database(say):
        from primum.actions.tick import tick  # noqa: PLC0415 - after django.setup()
        from primum.people import door  # noqa: PLC0415

        if args.at is not None and not environment.text("PRIMUM_DEMO_HOME"):
            raise Failed("Only a demonstration can be told what time it is. Nothing was done.")
        now = args.at or clock.now()
        done = tick(by=door.clock(), now=now)
        print(f"{now:%Y-%m-%d %H:%M} UTC: {done.lapsed} lapsed, {done.reminded} newly reminded.")
    return 0


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is no moment: 2026-03-02T09:00") from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)

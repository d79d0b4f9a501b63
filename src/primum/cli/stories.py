"""primum story: tell one more invented story in a demonstration, through the same actions."""

from __future__ import annotations

import argparse

from primum.cli.home import database
from primum.cli.serve import say
from primum.cli.trouble import Failed
from primum.site import clock, environment

STORIES = ("thirty-eight",)


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "story",
        help="tell one more invented story, in a demonstration only",
        description="Tell one more invented story in a demonstration. thirty-eight: supports with "
        "conditions in the region of Ostrel, of which nobody looked after thirty-five.",
    )
    parser.add_argument("name", choices=STORIES, help="which story")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when it was told; 1 outside a demonstration, or where it was told before."""
    with database(say):
        from primum.actions.tick import tick  # noqa: PLC0415 - after django.setup()
        from primum.cli import thirty_eight  # noqa: PLC0415
        from primum.people import door  # noqa: PLC0415

        if not environment.text("PRIMUM_DEMO_HOME"):
            raise Failed(
                "Only a demonstration is told stories: its people are invented, and must not get "
                "into a mission. Nothing was done."
            )
        now = clock.now()
        if thirty_eight.is_told():
            raise Failed(f"“{args.name}” has been told here. Nothing was done.")
        say("Writing thirty-eight supports. This takes a minute or so.")
        thirty_eight.tell(now, say)
        tick(by=door.clock(), now=now)
    return 0

"""primum migrate: bring tables and mission folder up to date, as the database's owner."""

from __future__ import annotations

import argparse

from primum.cli.home import service
from primum.cli.serve import say
from primum.cli.trouble import step


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "migrate",
        help="bring the tables and the mission's posts up to date",
        description="Bring the tables up to date, and load the mission folder PRIMUM_MISSION "
        "names: organisations, posts, seals, places. Needs PRIMUM_OWNER_URL. May be run again.",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when tables and mission are up to date."""
    with service(say, needs_owner=True):
        from primum.site.turns import my_turn  # noqa: PLC0415 - after django.setup()

        with my_turn(say):
            bring_up_to_date()
        say("Tables and mission are up to date.")
    return 0


def bring_up_to_date() -> None:
    """Tables, then the mission's own rows. Both may be run again at any time."""
    from django.conf import settings  # noqa: PLC0415 - after django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from primum import protocols  # noqa: PLC0415
    from primum.actions.found_mission import found_mission  # noqa: PLC0415
    from primum.actions.publish_protocol import install_protocol  # noqa: PLC0415
    from primum.people import door  # noqa: PLC0415
    from primum.protocols import mission  # noqa: PLC0415
    from primum.site import clock  # noqa: PLC0415

    with step(
        "Writing the tables",
        "Each migration is kept whole or not at all.",
        "Mend the cause and run it again.",
    ):
        call_command("migrate", database="owner", verbosity=0)
    with step(
        "Loading the mission",
        "The tables are up to date; of the mission folder nothing was changed.",
        "Mend the cause and run it again.",
    ):
        found_mission(by=None, now=clock.now(), mission=mission.read(settings.MISSION))
    with step(
        "Publishing the protocols", "Tables and posts are kept.", "Mend the cause and run it again."
    ):
        for name in protocols.available():
            text = protocols.text_of(name)
            install_protocol(by=door.clock(), now=clock.now(), text=text, filename=f"{name}.yaml")

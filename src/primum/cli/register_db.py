"""The register of the database, for `primum chain --register db`."""

from __future__ import annotations

from collections.abc import Sequence

from primum.cli.home import database
from primum.cli.serve import say
from primum.core.command import Tie
from primum.exchange.register import Unit


def from_database() -> tuple[Sequence[Unit], Sequence[Tie]]:
    """Every unit and line of command that the clock's post may see."""
    with database(say):
        from primum.people import door  # noqa: PLC0415 - after django.setup()
        from primum.people.sight import viewing  # noqa: PLC0415
        from primum.register.queries import network  # noqa: PLC0415

        by = door.clock()
        with viewing(by):
            listed, ties = network(by)
    return [Unit(key, name, aliases) for key, name, aliases in listed], ties

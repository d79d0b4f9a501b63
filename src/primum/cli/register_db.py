"""The register of the database, for `primum chain --register db`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from primum.cli.home import database
from primum.cli.serve import say

if TYPE_CHECKING:
    from primum.register.queries import Network


def from_database() -> Network:
    """Every unit, line of command and posting that the clock's post may see."""
    with database(say):
        from primum.people import door  # noqa: PLC0415 - after django.setup()
        from primum.people.sight import viewing  # noqa: PLC0415
        from primum.register.queries import network  # noqa: PLC0415

        by = door.clock()
        with viewing(by):
            return network(by)

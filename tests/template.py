"""Fill the template database: migrations, the invented mission, its cast."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "primum.site.settings")

PASSWORD = "first do no harm"
FOUNDED = datetime(2026, 1, 1, 8, 0, tzinfo=UTC)


def main() -> None:
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    from primum.actions.found_mission import found_mission, seat_cast  # noqa: PLC0415
    from primum.protocols import mission  # noqa: PLC0415

    call_command("migrate", database="owner", verbosity=0)
    unisar = mission.read("unisar")
    found_mission(by=None, now=FOUNDED, mission=unisar)
    seat_cast(by=None, now=FOUNDED, mission=unisar, password=PASSWORD)
    for connection in connections.all():
        connection.close()


if __name__ == "__main__":
    main()

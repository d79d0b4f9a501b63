"""How long a step may take: as the protocols of a case say, else as the mission says."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from primum.cases import facts
from primum.people import mission

HOURS_A_DAY = 24
EMERGENCY: Mapping[str, int] = {"emergency_record": 24, "emergency_assess": 72}
"""Act, record within a day, assess within three (SETTLED 15): where a mission says nothing."""


def hours(activity: UUID, name: str) -> int:
    """The shortest time that a protocol of this activity sets for a step, else the mission's."""
    own = [facts.protocol_of(version).clocks.get(name) for version in facts.governing(activity)]
    set_hours = [each for each in own if each is not None]
    return min(set_hours) if set_hours else _missions(name)


def _missions(name: str) -> int:
    clocks = mission.current().clocks
    if f"{name}_hours" in clocks:
        return clocks[f"{name}_hours"]
    if f"{name}_days" in clocks:
        return clocks[f"{name}_days"] * HOURS_A_DAY
    return EMERGENCY[name]

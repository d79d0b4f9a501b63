"""What a demonstration is made of, each step done once and again only where it was cut short.

Imported after Django is set up.
"""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import primum
from primum.actions.found_mission import seat_cast
from primum.actions.publish_protocol import install_protocol
from primum.cases.queries.lists import Filter, activities
from primum.cli.importing import Done, import_sfm, import_us_training
from primum.cli.migrate import bring_up_to_date
from primum.cli.trouble import Say, step
from primum.people import door
from primum.people.sight import viewing
from primum.protocols import available, mission, text_of
from primum.site import clock, environment
from primum.site.turns import my_turn

DATA = Path(primum.__file__).parent / "demo" / "data"
REGISTERS = ("sfm_mali_units", "sfm_nigeria")
TRAININGS = DATA / "us_foreign_military_training" / "mli_trainings.csv"
STORY = "primum.cli.story"
UNFINISHED = "story-unfinished"
AGAIN = "Start again: it goes on where it was. `primum demo --reset` begins anew."


def prepare(name: str, password: str, say: Say) -> tuple[tuple[str, str, str], ...]:
    """Make the demonstration complete, and return its cast: username, name, title of the post."""
    with my_turn(say):
        return _prepare(name, password, say)


def _prepare(name: str, password: str, say: Say) -> tuple[tuple[str, str, str], ...]:
    now = clock.now()
    say("Bringing tables and mission up to date.")
    bring_up_to_date()
    played = mission.read(name)
    with step("Seating the cast", "Tables and posts are kept.", AGAIN):
        seat_cast(by=None, now=now, mission=played, password=password)
    with step("Publishing the protocols", "Everything before them is kept.", AGAIN):
        for protocol in available():
            text, file = text_of(protocol), f"{protocol}.yaml"
            install_protocol(by=door.clock(), now=now, text=text, filename=file)
    with step("Importing the registers", "What is imported is kept.", AGAIN):
        for done in (*(import_sfm(DATA / name) for name in REGISTERS), _trainings()):
            if done.fresh:
                say(f"  {done}")
    with step("Telling the story", "The registers and the cast are kept.", AGAIN):
        _tell(now, say)
    return _cast(played)


def _trainings() -> Done:
    return import_us_training(TRAININGS)


def _tell(now: datetime, say: Say) -> None:
    """The invented requests, told once, through the same actions as everybody's."""
    by = door.clock()
    with viewing(by):
        begun = bool(activities(by, Filter()))
    unfinished = Path(environment.text("PRIMUM_DEMO_HOME"), UNFINISHED)
    if not begun and find_spec(STORY) is not None:
        say("Telling the story of Kodwel.")
        unfinished.touch()
        import_module(STORY).tell(now, say)
        unfinished.unlink()
    elif unfinished.exists():
        say("The story was cut short at an earlier start; `primum demo --reset` tells it whole.")


def _cast(played: mission.Mission) -> tuple[tuple[str, str, str], ...]:
    titles = {post["code"]: post["titles"]["en"] for post in played.posts}
    return tuple(
        (entry["username"], entry["name"], titles.get(entry.get("post"), "no post"))
        for entry in played.cast
    )

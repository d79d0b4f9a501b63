"""A mission folder as plain values: organisations, posts, seals, clocks, limits, places, cast."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from primum.core import authority
from primum.core.authority import StakesLimits
from primum.core.protocol import Authority
from primum.core.vocabulary import Stakes, Verb

SECOND_READ_SHARE = 20
USUAL_SHARE = 5
SHIPPED = Path(__file__).resolve().parents[1] / "missions"


class MissionError(Exception):
    """A mission folder cannot be read. The sentence names file, place and remedy."""


@dataclass(frozen=True, slots=True)
class Mission:
    """One mission. Entries stay mappings of strings: the writer into the database types them."""

    code: str
    invented: bool
    names: Mapping[str, str]
    languages: tuple[str, ...]
    organisations: Sequence[Mapping[str, Any]]
    posts: Sequence[Mapping[str, Any]]
    seals: Sequence[Mapping[str, Any]]
    default_seals: Mapping[str, str]
    clocks: Mapping[str, int]
    stakes: StakesLimits
    raised_share: int
    """Of a hundred cases, how many go a step higher by lot, so that being raised tells nothing."""
    cast: Sequence[Mapping[str, Any]]
    places: Sequence[Mapping[str, str]]
    effort_minutes: Mapping[str, int]
    """How long each kind of work takes, as the mission assumes; empty where it says nothing."""
    second_read_share: int = SECOND_READ_SHARE
    """Of a hundred looks that found nothing grave, how many a second post reads."""


def authority_of(posts: Iterable[Mapping[str, Any]]) -> Authority:
    """What these posts may decide, by the table of who may make which move."""
    duties = frozenset(duty for post in posts for duty in post.get("duties", ()))
    deciders = {
        stakes: frozenset(
            grant.duty
            for grant in authority.TABLE
            if grant.verb is Verb.DECIDE and stakes <= grant.up_to and grant.duty in duties
        )
        for stakes in Stakes
    }
    return Authority(duties, deciders)


def folder_of(name: str) -> Path:
    """The folder of a shipped mission, or the folder itself when `name` is a path."""
    for folder in (Path(name), SHIPPED / name):
        if (folder / "mission.yaml").is_file():
            return folder
    shipped = ", ".join(sorted(path.parent.name for path in SHIPPED.glob("*/mission.yaml")))
    raise MissionError(
        f"No mission “{name}”: no folder of that name holds a mission.yaml. Shipped: {shipped}."
    )


def read(name: str) -> Mission:
    """Read and check one mission folder; every name it uses must be one it defines."""
    folder = folder_of(name)
    path = folder / "mission.yaml"
    try:
        # BaseLoader: every scalar stays the text that was written (“no” is Norwegian, not False).
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
        mission = _mission(data, _places(folder / "places.csv"))
    except yaml.YAMLError as error:
        raise MissionError(f"{path}: {error}") from error
    except KeyError as error:
        raise MissionError(f"{path}: the entry {error} is missing.") from error
    except UnicodeDecodeError as error:
        raise MissionError(f"{path}: not UTF-8 at byte {error.start}. Save it as UTF-8.") from error
    _check(mission, path)
    return mission


def _mission(data: Mapping[str, Any], places: Sequence[Mapping[str, str]]) -> Mission:
    ordinary, top = data["stakes"]["ordinary"], data["stakes"]["leadership"]
    return Mission(
        code=data["mission"],
        invented=data.get("invented") == "true",
        names=data["names"],
        languages=tuple(data["languages"]),
        organisations=data["organisations"],
        posts=data["posts"],
        seals=data["seals"],
        # A mission that does not say who learns of surprises tells as few as it can.
        default_seals={"surprise": data["default_seals"]["full_ruling"], **data["default_seals"]},
        clocks={name: int(value) for name, value in data["clocks"].items()},
        stakes=StakesLimits(
            people=int(ordinary["people"]),
            value_usd=int(ordinary["value_usd"]),
            party_year_usd=int(ordinary["party_year_usd"]),
            leadership_year_usd=int(top["party_year_usd"]),
        ),
        raised_share=int(data.get("raised_share", USUAL_SHARE)),
        cast=data.get("cast", ()),
        places=places,
        second_read_share=int(data.get("second_read_share", SECOND_READ_SHARE)),
        effort_minutes={name: int(value) for name, value in data.get("effort_minutes", {}).items()},
    )


def _places(path: Path) -> Sequence[Mapping[str, str]]:
    if not path.exists():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _check(mission: Mission, path: Path) -> None:
    organisations = {entry["code"] for entry in mission.organisations}
    posts = {entry["code"] for entry in mission.posts}
    seals = {entry["code"] for entry in mission.seals}
    used = [
        *(
            ("organisation", e["parent"], organisations)
            for e in mission.organisations
            if "parent" in e
        ),
        *(("organisation", e["organisation"], organisations) for e in mission.posts),
        *(("post", e["supervisor"], posts) for e in mission.posts if "supervisor" in e),
        *(
            ("organisation", o, organisations)
            for e in mission.seals
            for o in e.get("organisations", ())
        ),
        *(("post", p, posts) for e in mission.seals for p in e.get("posts", ())),
        *(("post", e["post"], posts) for e in mission.cast if "post" in e),
        *(("seal", seal, seals) for seal in mission.default_seals.values()),
    ]
    for kind, name, known in used:
        if name not in known:
            raise MissionError(
                f"{path}: {kind} “{name}” is used but not defined. Define it or correct it."
            )
    if not 0 <= mission.raised_share <= 100:
        raise MissionError(f"{path}: raised_share is a percentage: 0 to 100.")
    _check_judges(mission, path)
    for duty in ("clock", "widest_seal"):
        if not any(duty in entry.get("duties", ()) for entry in mission.posts):
            raise MissionError(f"{path}: no post has the duty “{duty}”. Exactly one must.")


JUDGES = ("assesses", "advises", "decides_", "records_on_behalf")


def _check_judges(mission: Mission, path: Path) -> None:
    """Whoever judges a case must be able to read its assessment: stops and stakes stand there."""
    code = mission.default_seals["assessment"]
    seal = next(entry for entry in mission.seals if entry["code"] == code)
    for post in mission.posts:
        judges = any(duty.startswith(JUDGES) for duty in post["duties"])
        named = post["code"] in seal.get("posts", ()) or post["organisation"] in seal.get(
            "organisations", ()
        )
        if judges and not (named and int(post["sees_to"]) >= int(seal["level"])):
            raise MissionError(
                f"{path}: post “{post['code']}” judges cases but may not read what lies under the "
                f"seal “{code}”. Name it in the seal and let it see to level {seal['level']}."
            )

"""Found a mission from its folder: organisations, posts, seals, places. Run again, it updates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connections, transaction

from primum.actions.base import acting
from primum.people import door
from primum.people.models import Holding, Organisation, Person, Post, Seal, SightKey
from primum.people.sight import pads
from primum.protocols.mission import Mission
from primum.register.models import Place

OWNER = "owner"
A_YEAR = timedelta(days=365)


def found_mission(*, by: None, now: datetime, mission: Mission) -> None:
    """Write the mission's folder into the database, as the owner role. Run again, it updates.

    Nobody is in post yet to do it, hence `by=None`: the operator at the machine does.
    """
    with transaction.atomic(using=OWNER):
        _install_sight_key()
        organisations = _organisations(mission.organisations)
        posts = _posts(mission.posts, organisations)
        seals = _seals(mission.seals, organisations, posts)
        _places(mission.places, seals[mission.default_seals["register"]])
        _withhold_again()


def seat_cast(*, by: None, now: datetime, mission: Mission, password: str) -> None:
    """Give the invented cast their accounts and posts: demonstrations and tests only.

    They have held them for a year, so that a story may begin before today.
    """
    if not mission.invented:
        raise ValueError("Only an invented mission has a cast.")
    posts = {post.code: post for post in Post.objects.all()}
    with acting(door.clock()):
        for entry in mission.cast:
            person, made = Person.objects.get_or_create(
                username=entry["username"],
                defaults={"name": entry["name"], "languages": list(entry["languages"])},
            )
            if not made:
                continue
            person.set_password(password)
            person.save(update_fields=["password"])
            if "post" in entry:
                Holding.objects.create(
                    person=person, post=posts[entry["post"]], starts=now - A_YEAR
                )


def _withhold_again() -> None:
    """Organisations moved, or states changed: so does whom a report is withheld from (law 8)."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT withhold_again()")


def _install_sight_key() -> None:
    inner, outer = pads(settings.SECRET_KEY)
    SightKey.objects.using(OWNER).update_or_create(
        id=1, defaults={"pad_inner": inner, "pad_outer": outer}
    )


def _organisations(entries: Iterable[Mapping[str, Any]]) -> dict[str, Organisation]:
    made: dict[str, Organisation] = {}
    for entry in entries:
        made[entry["code"]], _ = Organisation.objects.using(OWNER).update_or_create(
            code=entry["code"],
            defaults={
                "names": entry["names"],
                "parent": made[entry["parent"]] if "parent" in entry else None,
                "contributor_state": entry.get("contributor_state", ""),
            },
        )
    return made


def _posts(
    entries: Iterable[Mapping[str, Any]], organisations: Mapping[str, Organisation]
) -> dict[str, Post]:
    made: dict[str, Post] = {}
    for entry in entries:
        made[entry["code"]], _ = Post.objects.using(OWNER).update_or_create(
            code=entry["code"],
            defaults={
                "organisation": organisations[entry["organisation"]],
                "titles": entry["titles"],
                "duties": list(entry["duties"]),
                "sees_to": int(entry["sees_to"]),
                "process_only": entry.get("process_only") == "true",
                "clock": entry.get("clock") == "true",
                "supervisor": made[entry["supervisor"]] if "supervisor" in entry else None,
                "contributor_state": entry.get("contributor_state", ""),
                "languages_needed": list(entry.get("languages", ())),
            },
        )
    return made


def _seals(
    entries: Iterable[Mapping[str, Any]],
    organisations: Mapping[str, Organisation],
    posts: Mapping[str, Post],
) -> dict[str, Seal]:
    made: dict[str, Seal] = {}
    for entry in entries:
        seal, _ = Seal.objects.using(OWNER).update_or_create(
            code=entry["code"],
            defaults={"level": int(entry["level"]), "purpose": entry.get("purpose", "")},
        )
        seal.organisations.set([organisations[code] for code in entry.get("organisations", ())])
        seal.posts.set([posts[code] for code in entry.get("posts", ())])
        made[seal.code] = seal
    return made


def _places(entries: Iterable[Mapping[str, str]], seal: Seal) -> None:
    made: dict[str, Place] = {}
    for entry in entries:
        names = {
            key[5:]: value for key, value in entry.items() if key.startswith("name_") and value
        }
        made[entry["code"]], _ = Place.objects.using(OWNER).update_or_create(
            code=entry["code"],
            defaults={
                "seal": seal,
                "names": names,
                "kind": entry["kind"],
                "inside": made.get(entry["inside"]),
            },
        )

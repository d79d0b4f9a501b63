"""Found a mission from its folder, and seat an invented one's cast; run again, it updates."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, connections, transaction

from primum.actions.found_mission import found_mission, seat_cast
from primum.cases.models import Report
from primum.people import door
from primum.people.models import Holding, Organisation, Person, Post
from primum.people.sight import viewing
from primum.protocols import mission as folder
from primum.protocols.mission import Mission
from primum.register.models import Place
from tests import builders
from tests.builders import everything, unchanged
from tests.builders_sealed import newcomer, report
from tests.cast import NAMES, NOW, viewer
from tests.template import FOUNDED, PASSWORD

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

UNISAR = folder.read("unisar")


def with_post(**more: Any) -> Mission:
    entry = {
        "code": "second-monitor",
        "organisation": "human-rights",
        "supervisor": "due-diligence-officer",
        "sees_to": "2",
        "duties": ["field_monitor"],
        "titles": {"en": "Second monitor"},
        **more,
    }
    return replace(UNISAR, posts=[*UNISAR.posts, entry])


def test_found() -> None:
    """Organisations, posts, seals and places of the folder are those of the database."""
    assert {org.code for org in Organisation.objects.all()} == {
        entry["code"] for entry in UNISAR.organisations
    }
    posts = {post.code: post for post in Post.objects.select_related("supervisor")}
    assert set(posts) == {entry["code"] for entry in UNISAR.posts}
    for entry in UNISAR.posts:
        post = posts[entry["code"]]
        above = post.supervisor.code if post.supervisor else None
        assert (post.duties, post.sees_to) == (entry["duties"], int(entry["sees_to"]))
        assert above == entry.get("supervisor")
    with viewing(viewer("ines")):
        assert Place.objects.count() == len(UNISAR.places)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE people_post SET sees_to = 3",
        "UPDATE people_organisation SET contributor_state = ''",
        "UPDATE people_seal SET level = 0",
        "DELETE FROM people_seal_posts",
        "SELECT * FROM people_sightkey",
    ],
)
def test_nobody_in_post_may(statement: str) -> None:
    """Posts, organisations and seals say who may see what: the server cannot change them at all."""
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute(statement)


def test_again_changes_nothing() -> None:
    """The same folder twice is the same mission, its people in their posts."""
    before = everything()
    found_mission(by=None, now=NOW, mission=UNISAR)
    seat_cast(by=None, now=NOW, mission=UNISAR, password="another one")
    after = everything()
    # Audiences are set anew, under new row numbers of their own; nothing else moves.
    assert {name: after[name] for name in before} == before
    person = Person.objects.get(username="nadia")
    assert person.check_password(PASSWORD), "a second run takes nobody's password"


def test_a_changed_folder_updates() -> None:
    """A new post, a new duty, a raised sight: the next run brings them, holders stay."""
    changed = [dict(entry) for entry in with_post().posts]
    for entry in changed:
        if entry["code"] == "auditor":
            entry["duties"] = ["audits", "files_reports"]
    held = Holding.objects.count()
    found_mission(by=None, now=NOW, mission=replace(UNISAR, posts=changed))
    assert Post.objects.get(code="auditor").duties == ["audits", "files_reports"]
    assert Post.objects.get(code="second-monitor").supervisor_id == viewer("tomas").post
    assert Holding.objects.count() == held


def test_a_folder_that_breaks_changes_nothing() -> None:
    """A post under an organisation that is not there: not one row of it is written."""
    before = everything()
    with pytest.raises(KeyError):
        found_mission(by=None, now=NOW, mission=with_post(organisation="nowhere"))
    unchanged(before)


def with_company(parent: str = "norland-contingent") -> Mission:
    """A company without a state of its own, under another organisation, with a post in it."""
    company = {"code": "second-company", "parent": parent, "names": {"en": "Second company"}}
    posted = with_post(
        code="company-clerk",
        organisation="second-company",
        supervisor="force-chief-of-staff",
        sees_to="1",
        duties=["requests"],
    )
    return replace(posted, organisations=[*UNISAR.organisations, company])


def reads(post: str, key: UUID, username: str) -> bool:
    """Whether somebody newly seated in this post sees the report."""
    with viewing(newcomer(post, username)):
        return Report.objects.filter(id=key).exists()


@pytest.mark.parametrize("linked", [True, False])
def test_a_company_is_of_its_contingents_state(linked: bool) -> None:
    """Law 8: no post below the contingent reads a report on a party of its state."""
    found_mission(by=None, now=NOW, mission=with_company())
    if linked:
        named = builders.contingent()
    else:
        named = builders.party("Norland helicopters", contributor_state="Norland")
    key = report(named, "support")
    assert not reads("company-clerk", key, "clerk")
    assert reads("police-chief-of-staff", key, "control")


def test_a_report_on_a_company_is_withheld_from_its_state() -> None:
    """The company's party names no state; posts of the state elsewhere do not read it either."""
    mission = with_company()
    seconded = with_post(contributor_state="Norland", organisation="police", sees_to="1")
    posts = [*mission.posts, seconded.posts[-1]]
    found_mission(by=None, now=NOW, mission=replace(mission, posts=posts))
    company = Organisation.objects.get(code="second-company")
    key = report(builders.party("Second company", organisation=company), "support")
    assert not reads("second-monitor", key, "seconded")
    assert reads("police-chief-of-staff", key, "control")


def test_a_company_that_moves_takes_the_wall_along() -> None:
    """Withheld when the report was filed or not: the next run of the folder works it out anew."""
    found_mission(by=None, now=NOW, mission=with_company(parent="police"))
    company = Organisation.objects.get(code="second-company")
    key = report(builders.party("Second company", organisation=company), "support")
    with viewing(viewer("eva")):
        assert Report.objects.filter(id=key).exists()
    found_mission(by=None, now=NOW, mission=with_company())
    with viewing(viewer("eva")):
        assert not Report.objects.filter(id=key).exists()


def test_the_cast() -> None:
    """Everybody of the cast sits in their post and signs in; the stranger has none."""
    for entry in UNISAR.cast:
        person = Person.objects.get(username=entry["username"])
        assert person.check_password(PASSWORD)
        posts = [post.code for post in door.held(person.id, FOUNDED)]
        assert posts == ([entry["post"]] if "post" in entry else [])
    assert set(NAMES) == {entry["username"] for entry in UNISAR.cast if "post" in entry}


def test_a_real_mission_has_no_cast() -> None:
    """Where people are real nobody gets an invented account."""
    before = everything()
    with pytest.raises(ValueError, match="invented"):
        seat_cast(by=None, now=NOW, mission=replace(UNISAR, invented=False), password="x")
    unchanged(before)


def test_one_clock() -> None:
    """One post runs the clocks, it sees what engines see, and nobody holds it."""
    clock = Post.objects.get(clock=True)
    assert (clock.code, clock.duties) == ("clock", ["clock"])
    assert not Holding.objects.filter(post=clock).exists()

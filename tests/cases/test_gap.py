"""The widest-sealed post is told where others read another Ruling, and nobody else is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest

from primum.actions.posts import vacate
from primum.cases import facts
from primum.cases.models import Assessment
from primum.cases.queries.gap import OthersRead, read_by_others
from primum.core.vocabulary import Level
from primum.people.models import Organisation, Post
from primum.people.sight import viewing
from primum.register.models import Party
from tests import builders_sealed as sealed
from tests.builders import CAREFUL, assessed, party, proposed
from tests.builders_sealed import client_of
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db


def read(name: str, case: UUID, now: datetime = NOW) -> tuple[OthersRead, ...]:
    with viewing(viewer(name)):
        return read_by_others(viewer(name), case, now)


def code(post: UUID) -> str:
    return str(Post.objects.get(id=post).code)


def detachment() -> UUID:
    with viewing(viewer("tomas")):
        key: UUID = Party.objects.filter(name="Kodwel Joint Police Detachment").latest("id").id
        return key


def assessment(case: UUID) -> UUID:
    with viewing(viewer("aminata")):
        key: UUID = Assessment.objects.get(activity=case).id
        return key


def three_reports() -> None:
    for number in range(3):
        sealed.report(detachment(), "secretariat", by="aminata", source=f"S-{number}")


@pytest.fixture
def differing() -> UUID:
    """Three reports that only the secretariat may read: assessor and decider see a lesser risk."""
    key = assessed(CAREFUL).activity
    three_reports()
    return key


def test_told_of_each_who_reads_less(differing: UUID) -> None:
    found = read("aminata", differing)
    assert {(code(each.post), each.decides) for each in found} == {
        ("due-diligence-officer", False),
        ("deputy-head-of-mission", True),
    }
    assert {each.ruling.highest for each in found} == {Level.MEDIUM}


def test_nobody_else_is_told(differing: UUID) -> None:
    for name in sorted(set(NAMES) - {"aminata"}):
        assert read(name, differing) == (), name


def test_the_pages_say_it_to_that_post_alone(differing: UUID) -> None:
    says = b"Others read another ruling, on less than your post may see."
    for name in ("aminata", "tomas", "helena"):
        client = client_of(viewer(name))
        assert (says in client.get(f"/activities/{differing}/").content) == (name == "aminata")
    advise = client_of(viewer("aminata")).get(f"/activities/{differing}/advise/")
    assert says in advise.content and b"nothing that tells who spoke" in advise.content
    assert b"Deputy head of mission, who decides, reads:" in advise.content
    assert b"Due diligence officer reads:" in advise.content


def test_silent_where_all_read_the_same() -> None:
    assert read("aminata", assessed(CAREFUL).activity) == ()


def test_silent_before_anybody_has_assessed() -> None:
    assert read("aminata", proposed().activity) == ()
    assert read("aminata", UUID(int=7)) == ()


def test_an_empty_chair_reads_nothing(differing: UUID) -> None:
    post = Post.objects.get(code="due-diligence-officer")
    vacate(by=viewer("bruno"), now=NOW, post=post.id)
    assert [code(each.post) for each in read("aminata", differing)] == ["deputy-head-of-mission"]


def test_what_a_decider_may_not_read_is_not_worked_out_for_them() -> None:
    """Where the assessment is sealed from the post that decides, it reads no Ruling at all."""
    key = assessed(CAREFUL).activity
    sealed.raised("assessment", assessment(key), "assessors")
    three_reports()
    assert [code(each.post) for each in read("aminata", key)] == ["due-diligence-officer"]


def test_never_of_a_post_that_sees_what_the_widest_does_not() -> None:
    """Reports withheld from human rights, since they name one of its own: no page hints at them."""
    key = assessed(CAREFUL).activity
    own = party("Human rights team", "own_component", organisation=human_rights())
    for number in range(3):
        named = (detachment(), own)
        sealed.report(own, "due-diligence", by="jonas", source=f"S-{number}", parties=named)
    assert highest("helena", key) > highest("aminata", key)
    assert read("aminata", key) == ()
    page = client_of(viewer("aminata")).get(f"/activities/{key}/")
    assert b"Others read another ruling, on less than your post may see." not in page.content


def human_rights() -> Organisation:
    return Organisation.objects.get(code="human-rights")


def highest(name: str, case: UUID) -> Level:
    with viewing(viewer(name)):
        found = facts.latest_assessment(case)
        assert found is not None
        return facts.ruling_for(viewer(name), found, NOW).highest

"""A sample of cases by chance: another one each time, logged, and of what one sees."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from primum.actions.base import NotThere
from primum.actions.draw_sample import SIZE, draw_sample
from primum.actions.propose import NewLine
from primum.cases.models import Entry, Sample
from primum.cases.queries.samples import sample, samples
from primum.people.sight import viewing
from tests import builders
from tests.builders_sealed import asked
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db


def drawn(name: str = "lena") -> set[UUID]:
    key = draw_sample(by=viewer(name), now=NOW)
    with viewing(viewer(name)):
        return set(Sample.objects.get(id=key).activities)


def test_it_works() -> None:
    """With what shows whether the kind was chosen rightly: protocol, lines, exemptions."""
    unit = builders.party()
    line = NewLine(
        unit, "training_advisory", "Course", exempt="mediation", exempt_because="They mediate."
    )
    case = builders.proposed(lines=(line,))
    key = draw_sample(by=viewer("lena"), now=NOW)
    with viewing(viewer("lena")):
        found = sample(viewer("lena"), key)
        assert samples(viewer("lena")) == ((key, NOW),)
    assert found is not None
    assert (found.drawn, found.population) == (1, 1)
    (only,) = found.cases
    assert only.id == case.activity
    assert [title["en"] for title in only.protocols] == ["Support to security forces"]
    assert only.lines == (("training_advisory", "Course"),)
    assert only.exempt == (("mediation", "They mediate."),)


@pytest.mark.parametrize("name", sorted({*NAMES} - {"lena", "samir", "helena", "tomas"}))
def test_nobody_else(name: str) -> None:
    if name in {"aminata", "ruth", "grace"}:
        assert drawn(name) == set()
        return
    with pytest.raises(NotThere):
        draw_sample(by=viewer(name), now=NOW)
    with viewing(viewer("samir")):
        assert not Sample.objects.exists()


def test_twenty_others_each_time() -> None:
    """Out of two score: two draws alike would be a chance of one in a hundred thousand million."""
    every = {asked() for _ in range(2 * SIZE)}
    first, second = drawn(), drawn()
    assert len(first) == len(second) == SIZE
    assert first <= every and second <= every
    assert first != second


def test_every_case_can_be_drawn() -> None:
    """Of three cases all three are there."""
    assert {asked() for _ in range(3)} == drawn()


def test_nothing_above_component_level() -> None:
    """Not for who sees it either: the population would tell the others how many there are."""
    asked(seal="secretariat")
    assert drawn("aminata") == set()


def test_it_is_logged_and_stays() -> None:
    """Under the post that drew, with the moment."""
    who = viewer("lena")
    draw_sample(by=who, now=NOW)
    draw_sample(by=who, now=NOW + timedelta(hours=1))
    with viewing(who):
        lines = Entry.objects.filter(case=who.post, verb="sample").values_list("at", flat=True)
        assert sorted(lines) == [NOW, NOW + timedelta(hours=1)]


def test_who_sees_less_opens_less() -> None:
    """The cases of a sample are those its reader sees; the rest are a number at component level."""
    asked()
    key = draw_sample(by=viewer("lena"), now=NOW)
    hidden = asked(seal="secretariat")
    with viewing(viewer("samir")):
        found = sample(viewer("samir"), key)
    assert found is not None
    assert hidden not in {case.id for case in found.cases}

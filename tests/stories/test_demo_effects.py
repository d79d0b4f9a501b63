"""The demonstration’s cases come with effects, and no yes waits for them."""

from __future__ import annotations

import pytest

from primum.cases.queries.effects import effects_page
from primum.cases.queries.lists import Filter, activities
from primum.cli import story
from primum.people.sight import viewing
from tests.builders import published
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db


def test_every_case_of_the_story_is_weighed() -> None:
    """A harm and what follows, a good, doing nothing; one first sign was looked for."""
    published()
    story.tell(NOW, lambda _said: None)
    tomas = viewer("tomas")
    states = []
    with viewing(tomas):
        for line in activities(tomas, Filter()):
            page = effects_page(tomas, line.id, NOW)
            assert page is not None and not page.unanswered and not page.serious
            (harm,) = page.harms
            assert len(harm.children) == len(page.benefits) == len(page.nothing) == 1
            states.append(harm.state)
    assert sorted(states) == ["expected", "expected", "not_seen"]

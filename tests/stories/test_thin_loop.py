"""A request walks from proposal to lapse, as four of the cast."""

import pytest
from tests.builders import decided
from tests.cast import NOW, viewer
from primum.people.sight import viewing
from primum.cases.models import *


@pytest.mark.django_db
def test_walk():
    case = decided({})
    with viewing(viewer("tomas")):
        a = Activity.objects.get(id=case.activity)
        print(
            a.stage,
            a.lease_end,
            a.watch_until,
            a.stakes,
            a.looks.count(),
            a.commitments.count(),
            Entry.objects.values("verb"),
        )
    assert 0

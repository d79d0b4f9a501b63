"""An allegation is weighed: on what route, on what standard, by the seven factors."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from primum.actions.base import NotThere, Refused
from primum.actions.file_report import NewReport, file_report
from primum.actions.weigh_allegation import weigh_allegation
from primum.cases import facts
from primum.cases.models import Allegation
from primum.cases.queries.allegations import weighed
from primum.core.protocol import Range
from primum.core.protocol.credibility import FACTORS, Weighed
from primum.people.sight import viewing
from tests.builders import contingent, party
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db

FOR = dict.fromkeys(FACTORS, "for")
GRAVE = Weighed("pattern", "substantial_grounds", FOR)
DAY = timedelta(days=1)


def report(*parties: UUID, sources: int = 2, by: str = "grace") -> UUID:
    claim = NewReport(
        parties, "Beaten at the gate (invented).", NOW, "plausible", independent_sources=sources
    )
    return file_report(by=viewer(by), now=NOW, report=claim)


def weigh(
    key: UUID, unit: UUID, weighing: Weighed = GRAVE, by: str = "tomas", days: float = 0
) -> UUID:
    return weigh_allegation(
        by=viewer(by), now=NOW + DAY * days, report=key, party=unit, weighed=weighing, words="Why."
    )


def grave(unit: UUID, name: str = "tomas") -> int:
    with viewing(viewer(name)):
        found = facts.party_facts(viewer(name), {unit}, NOW + 9 * DAY)["party.grave_allegations"]
    assert isinstance(found, Range)
    return int(found.low)


def test_it_counts_in_every_assessment_of_the_party() -> None:
    unit = party()
    key = report(unit)
    assert grave(unit) == 0
    weigh(key, unit)
    assert grave(unit) == 1


def test_the_newest_weighing_counts_and_none_is_rewritten() -> None:
    unit = party()
    key = report(unit)
    weigh(key, unit)
    weigh(key, unit, Weighed("none", "credible", FOR), days=1)
    assert grave(unit) == 0
    with viewing(viewer("tomas")):
        assert [line.route for line in weighed(viewer("tomas"), key)] == ["none", "pattern"]


def test_one_anonymous_voice_is_never_substantial_grounds() -> None:
    """SETTLED 42: unless what is known of it speaks for it, and nothing is left unasked."""
    unit = party()
    key = report(unit, sources=1)
    unknown = {**FOR, "how_known": "unknown"}
    with pytest.raises(Refused, match="One source alone"):
        weigh(key, unit, replace(GRAVE, factors=unknown))
    weigh(key, unit, Weighed("pattern", "credible", unknown))
    weigh(key, unit, GRAVE)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(GRAVE, route="sideways"),
        replace(GRAVE, standard="surely"),
        replace(GRAVE, factors={"bias": "for"}),
        replace(GRAVE, factors={**FOR, "bias": "maybe"}),
    ],
)
def test_what_is_missing_is_said(wrong: Weighed) -> None:
    unit = party()
    with pytest.raises(Refused):
        weigh(report(unit), unit, wrong)


@pytest.mark.parametrize("name", ["nadia", "jonas", "grace", "peter", "ines", "lena", "eva"])
def test_only_those_who_assess_or_advise(name: str) -> None:
    unit = party()
    key = report(unit)
    with pytest.raises((Refused, NotThere)):
        weigh(key, unit, by=name)


def test_a_party_the_report_does_not_name() -> None:
    with pytest.raises(NotThere):
        weigh(report(party()), party("Another"))


def test_it_is_seen_exactly_by_those_who_see_the_report() -> None:
    """The wall of the report stands before its weighing too: its own contingent's post is out."""
    own = contingent()
    key = report(own, party())
    weigh(key, own)
    for name in NAMES:
        with viewing(viewer(name)):
            there = bool(weighed(viewer(name), key))
            assert there == (name in {"tomas", "aminata", "ruth", "grace", "peter"}) or there is (
                Allegation.objects.filter(report=key).exists()
            ), name
    with viewing(viewer("eva")):
        assert weighed(viewer("eva"), key) == ()

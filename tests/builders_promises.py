"""What the authorities promised and did, and what was waived, as the tests write it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from primum.actions.record_step import NewStep, record_step
from primum.actions.record_undertaking import NewUndertaking, record_undertaking
from primum.actions.waive import NewWaiver, waive
from primum.actions.weigh_allegation import weigh_allegation
from primum.core.protocol.credibility import FACTORS, Weighed
from tests.builders_sealed import report
from tests.cast import NOW, viewer

DAY = timedelta(days=1)
GRAVE = Weighed("pattern", "substantial_grounds", dict.fromkeys(FACTORS, "for"))
SAYS = "The ministry opens a file on the beatings at the gate."


def undertaking(
    party: UUID, by: str = "tomas", now: datetime = NOW, days: float = 30, **more: object
) -> UUID:
    """The ministry promises something, due so many days from now."""
    wish: dict[str, object] = {
        "text": SAYS,
        "promised_by": "Minister of the interior",
        "promised": now.date(),
        "due": now + days * DAY,
        "source": "Letter 114 of the ministry",
    }
    made = NewUndertaking(party, **{**wish, **more})  # type: ignore[arg-type]
    return record_undertaking(by=viewer(by, now), now=now, undertaking=made)


def finding(
    party: UUID, seal: str = "", now: datetime = NOW, weighing: Weighed = GRAVE, by: str = "tomas"
) -> UUID:
    """A report about this party, weighed as a grave allegation."""
    key = report(party, seal, now=now, independent_sources=2)
    weigh_allegation(
        by=viewer(by), now=now, report=key, party=party, weighed=weighing, words="Two agree."
    )
    return key


def step(
    about: UUID, party: UUID, kind: str = "convicted", by: str = "tomas", **more: object
) -> UUID:
    """The authorities did something about it, and we sat in the court room."""
    now = NOW if "now" not in more else more.pop("now")
    assert isinstance(now, datetime)
    wish: dict[str, object] = {
        "day": now.date(),
        "office": "Military court of Kodwel",
        "evidence": "Judgment 12, read in open court; we sat there.",
        "evidenced": True,
    }
    made = NewStep(about, party, kind, **{**wish, **more})  # type: ignore[arg-type]
    return record_step(by=viewer(by), now=now, step=made)


def waiver(
    rests_on: UUID, by: str = "samir", now: datetime = NOW, days: float = 20, **more: object
) -> UUID:
    """The head of mission goes past a hard stop for a while, upon an undertaking."""
    wish: dict[str, object] = {"kind": "hard_stop", "words": "They named a date.", **more}
    made = NewWaiver(rests_on, until=now + days * DAY, **wish)  # type: ignore[arg-type]
    return waive(by=viewer(by, now), now=now, waiver=made)

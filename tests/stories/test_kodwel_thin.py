"""Kodwel police post, the whole walk: asked, judged, delivered, looked at, stopped, lapsed, closed.

Told once by the best-sighted who may make each step and once by the least-sighted: law 8 asks that
both reach the same stages, though one of them sees hardly anything of what the gates count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from primum.actions.advise import advise
from primum.actions.answer_commitment import answer_commitment
from primum.actions.assess import assess
from primum.actions.decide import decide
from primum.actions.deliver import NewDelivery, answer_breach, deliver, record_delivery
from primum.actions.file_report import NewReport, file_report
from primum.actions.finish import close
from primum.actions.look import Seen, look
from primum.actions.propose import NewLine
from primum.actions.read_look import read_look
from primum.actions.release import release
from primum.actions.sheet import SignedSheet, confirm_decision
from primum.actions.stop import Righted, resume, suspend
from primum.actions.tick import Round, tick
from primum.cases.models import Commitment, Look, Report
from primum.cases.queries.activity import activity_page, pulse
from primum.cases.queries.due import due_items
from primum.core.vocabulary import Verb
from primum.people import door, mission
from primum.people.sight import Viewer, viewing
from tests.builders import (
    BUILDING,
    LEASE_END,
    Case,
    commitments,
    decisions,
    delivered,
    lines,
    looks,
    met,
    party,
    post,
    proposed,
    refused,
    row,
    saw,
    stage,
    yes,
)
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

UNTIL = NOW + timedelta(days=80)
WATCHED = UNTIL + timedelta(days=365)


def day(number: float) -> datetime:
    return NOW + timedelta(days=number)


@dataclass(frozen=True)
class Hands:
    """Who makes the steps that more than one post may make."""

    decides: str = "samir"
    on_paper: bool = False
    stops: str = "samir"
    records: str = "aminata"
    releases: str = "samir"
    closes: str = "tomas"


BEST = Hands()
LEAST = Hands(decides="helena", stops="jonas", records="ines", releases="helena", closes="nadia")
PAPER = replace(LEAST, decides="bruno", on_paper=True)
"""As the least-sighted, with the decision signed on paper and recorded by the chief of staff."""


@dataclass
class Story:
    """One telling: what was asked, and where it stood after each step."""

    hands: Hands
    case: Case
    told: list[tuple[str, str, datetime | None]] = field(default_factory=list)

    def mark(self, step: str) -> None:
        self.told.append((step, stage(self.case), row(self.case).lease_end))

    @property
    def key(self) -> UUID:
        return self.case.activity

    def leader(self) -> Viewer:
        """Whose decision it is in this telling: the post that will be asked again."""
        return viewer("helena" if self.hands.decides == "bruno" else self.hands.decides)


def ask() -> Case:
    """Nadia asks for the post, the course and the fuel of story 1."""
    unit = party()
    case = proposed(
        title="Kodwel police post: building, training and joint patrols",
        why="Displaced families return; 36 officers of two forces are to protect them.",
        lines=(
            NewLine(unit, "infrastructure", "Repair, with a records room", "1", 42000, 36),
            NewLine(unit, "training_advisory", "Course on arrest", "36 places", 9000, 36),
        ),
    )
    return replace(case, party=unit)


def judge(story: Story) -> None:
    """Tomas assesses, Aminata advises, somebody decides: go, with conditions."""
    key = story.key
    story.mark("proposed")
    assess(by=viewer("tomas"), now=day(0.1), activity=key, answers=BUILDING)
    story.mark("assessed")
    words = "Only with a lockable records room."
    given = {"position": "support_with_conditions", "words": words}
    advise(by=viewer("aminata"), now=day(0.2), activity=key, **given)
    story.mark("advised")
    decision = yes(NOW, timedelta(days=80))
    if story.hands.on_paper:
        signed = SignedSheet(post("deputy-head-of-mission"), "signed.pdf", b"%PDF-1.7")
        decision = replace(decision, on_behalf=signed)
    made = decide(by=viewer(story.hands.decides), now=day(0.3), activity=key, decision=decision)
    if story.hands.on_paper:
        confirm_decision(by=viewer("helena"), now=day(0.5), decision=made)
    story.mark("decided")


def bring(story: Story) -> None:
    """Not before what comes first; then it is met, and Nadia delivers."""
    wish = NewDelivery(story.case.line, "Building repaired, records room locked")
    with refused("before_open"):
        deliver(by=viewer("nadia"), now=day(1), activity=story.key, delivery=wish)
    met(story.case, day(3))
    story.mark("met")
    deliver(by=viewer("nadia"), now=day(5), activity=story.key, delivery=wish)
    story.mark("delivered")


def watch(story: Story) -> None:
    """A look refused at the gate renews nothing; a look made does. A promise turns out broken.

    One visit serves the look at the building and the first look at those who use it.
    """
    building, first = looks(story.case)[:2]
    also = (first.id,)
    turned_away = Seen("refused", "visit", {}, "Turned away at the gate.", also=also)
    assert not look(by=viewer("grace"), now=day(30), look=building.id, seen=turned_away)
    story.mark("look refused")
    answers = {**saw(building).answers, **saw(first).answers}
    seen = replace(saw(building), answers=answers, also=also)
    assert look(by=viewer("grace"), now=day(35), look=building.id, seen=seen)
    story.mark("look made")
    owed = next(each for each in commitments(story.case) if each.code == "access_any_time")
    answer_commitment(
        by=viewer("tomas"),
        now=day(40),
        commitment=owed.id,
        answer="broken",
        words="Two visits turned away within a week.",
    )
    # A look on which a promise broke is read by a second post; until then nothing closes.
    enough = {"verdict": "adequate", "words": "The dates agree."}
    read_look(by=viewer("aminata"), now=day(40), look=building.id, **enough)
    story.mark("promise broken")
    assert ("decide_broken", post("deputy-head-of-mission")) in due(day(40))


def stop(story: Story) -> None:
    """Suspended for it; a breach while it is stopped; explained, and resumed."""
    words = "No access, no support."
    suspend(by=viewer(story.hands.stops), now=day(41), activity=story.key, words=words)
    story.mark("suspended")
    assert "decide_broken" not in {kind for kind, _ in due(day(41))}
    wish = NewDelivery(story.case.line, "Forty litres of fuel")
    with refused("wrong_stage"):
        deliver(by=viewer("nadia"), now=day(42), activity=story.key, delivery=wish)
    breach = record_delivery(
        by=viewer(story.hands.records),
        now=day(43),
        activity=story.key,
        delivery=wish,
        happened=day(42),
    )
    assert delivered(breach).breach == "suspended"
    story.mark("breach recorded")
    answer_breach(by=story.leader(), now=day(44), delivery=breach, words="Fuel returned.")
    righted = Righted("Access agreed in writing.", "The letter, seen.")
    resume(by=story.leader(), now=day(45), activity=story.key, righted=righted)
    story.mark("resumed")


def lapse(story: Story) -> None:
    """Nobody looks. An instant before the end nothing happens; at the end it lapses."""
    assert clock(UNTIL - timedelta(microseconds=1)).lapsed == 0
    story.mark("last instant")
    assert clock(UNTIL).lapsed == 1
    story.mark("lapsed")
    assert clock(UNTIL).lapsed == 0


def end(story: Story) -> None:
    """Refused with every reason; looked at, released, answered; closed when the watch is over."""
    closer = viewer(story.hands.closes)
    with refused("looks_open", "commitments_open", "still_watched") as reasons:
        close(by=closer, now=UNTIL, activity=story.key)
    assert [why.values.get("count") for why in reasons] == [15, 3, None]
    for each in looks(story.case):
        if each.state == "open" and each.due <= WATCHED:
            look(by=viewer("grace"), now=each.due, look=each.id, seen=saw(each))
    story.mark("looked late")
    for owed in commitments(story.case):
        if owed.state == "open":
            words = "Two complaints heard and answered."
            answer_commitment(
                by=viewer("tomas"),
                now=day(95),
                commitment=owed.id,
                answer="kept",
                words=words,
                how="visit",
            )
    with refused("looks_open", "still_watched") as reasons:
        close(by=closer, now=WATCHED - timedelta(days=1), activity=story.key)
    left = [each for each in looks(story.case) if each.state == "open"]
    assert reasons[0].values["count"] == len(left) == 7
    for each in left:
        words = "The building was handed to the court."
        release(by=viewer(story.hands.releases), now=WATCHED, owed=each.id, words=words)
    close(by=closer, now=WATCHED, activity=story.key)
    story.mark("closed")


def clock(now: datetime) -> Round:
    return tick(by=door.clock(), now=now)


def due(now: datetime) -> set[tuple[str, UUID]]:
    with viewing(door.clock()):
        return {(item.kind, item.post) for item in due_items(door.clock(), now)}


def tell(hands: Hands) -> Story:
    story = Story(hands, ask())
    for chapter in (judge, bring, watch, stop, lapse, end):
        chapter(story)
    return story


def stages(story: Story) -> Iterator[tuple[str, str]]:
    return ((step, where) for step, where, _ in story.told)


WALK = [
    ("proposed", "proposed"),
    ("assessed", "assessed"),
    ("advised", "assessed"),
    ("decided", "decided"),
    ("met", "decided"),
    ("delivered", "under_way"),
    ("look refused", "under_way"),
    ("look made", "under_way"),
    ("promise broken", "under_way"),
    ("suspended", "suspended"),
    ("breach recorded", "suspended"),
    ("resumed", "under_way"),
    ("last instant", "under_way"),
    ("lapsed", "lapsed"),
    ("looked late", "lapsed"),
    ("closed", "closed"),
]


def test_the_whole_walk() -> None:
    """From the question to the closed file, each stage and each end of the lease as told."""
    story = tell(BEST)
    assert list(stages(story)) == WALK
    ends = {step: lease for step, _, lease in story.told}
    assert ends["advised"] is None
    assert ends["decided"] == ends["look refused"] == LEASE_END
    assert ends["look made"] == ends["suspended"] == ends["resumed"] == UNTIL
    assert ends["lapsed"] == ends["looked late"] == ends["closed"] == UNTIL
    said = ["decide", "suspend", "resume", *["release"] * 7]
    assert [each.kind for each in decisions(story.case)] == said
    assert [each.post_id for each in decisions(story.case)] == [post("head-of-mission")] * 10


def test_every_step_is_in_the_ledger() -> None:
    """One line a step, in the order of the story, and none for what was refused."""
    told = lines(tell(BEST).key)
    assert told[:5] == ["propose", "weigh_effects", "assess", "advise", "decide"]
    assert told[-1] == "close"
    counted = {verb: told.count(verb) for verb in told}
    assert counted == {
        "propose": 1,
        "weigh_effects": 1,
        "assess": 1,
        "advise": 1,
        "decide": 1,
        "deliver": 1,
        "record_breach": 1,
        "answer_breach": 1,
        "look": 9,
        "look_refused": 1,
        "read_look": 1,
        "answer": 13,
        "suspend": 1,
        "resume": 1,
        "lapse": 1,
        "release": 7,
        "close": 1,
    }


@pytest.mark.parametrize("hands", [LEAST, PAPER], ids=["least sighted", "on paper"])
def test_the_least_sighted_reach_the_same_stages(hands: Hands) -> None:
    """Law 8: the same stages, the same ends of the lease, the same counts in every refusal."""
    assert tell(hands).told == tell(BEST).told


@pytest.mark.parametrize("hands", [BEST, LEAST], ids=["best", "least"])
def test_nor_does_a_sealed_row_change_it(hands: Hands) -> None:
    """F1: a sealed promise, sealed looks and a sealed report are counted by whoever comes."""
    plain = tell(hands)
    sealed = Story(hands, ask())
    judge(sealed)
    for owed in commitments(sealed.case):
        if owed.owed_by in ("owner", "recipient", "authorities"):  # what ours owe lies there anyway
            raise_to("commitment", owed.id, "looks")
    file_report(
        by=viewer("aminata"),
        now=day(1),
        report=NewReport(
            (sealed.case.party,), "A man was beaten.", day(1), "heard", seal="secretariat"
        ),
    )
    with viewing(viewer("nadia")):
        assert not Commitment.objects.filter(activity=sealed.key).exists()
        assert not Look.objects.filter(activity=sealed.key).exists()
        assert not Report.objects.exists()
    for chapter in (bring, watch, stop, lapse, end):
        chapter(sealed)
    assert sealed.told == plain.told


def raise_to(kind: str, record: UUID, seal: str) -> None:
    with viewing(viewer("tomas")), connection.cursor() as cursor:
        cursor.execute("SELECT raise_seal(%s, %s, %s)", [kind, record, mission.seal_named(seal)])
        assert cursor.fetchone()[0]


def test_what_the_owner_sees_meanwhile() -> None:
    """Laws 6 and 10: that looks and promises exist, never what they say, and no Ruling of hers."""
    story = Story(BEST, ask())
    for chapter in (judge, bring, watch):
        chapter(story)
    nadia = viewer("nadia")
    with viewing(nadia):
        page = activity_page(nadia, story.key, day(40))
        shown = pulse(story.key, day(40))
    assert page is not None
    assert (page.ruling, page.stakes, page.decider) == (None, "", None)
    assert page.looks == () and page.advices == ()
    assert len([each for each in shown if each.kind == "look"]) == len(looks(story.case)) == 17
    assert all(each.due.day == 1 for each in shown if each.unannounced and each.state == "open")
    assert Verb.DELIVER in page.moves and Verb.DECIDE not in page.moves

"""Kodwel, whole (SETTLED 1): a post, a course and fuel for one detachment of two forces.

Asked, foreseen, judged, brought; turned away at the first look, three children found at the second;
a promise broken, one line suspended, a letter sent; and all of it on the party's one page. Told by
the best-sighted who may make each step and by the least-sighted: both reach the same stages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.conf import LazySettings

from primum.actions.advise import advise
from primum.actions.answer_commitment import answer_commitment
from primum.actions.assess import assess
from primum.actions.decide import decide
from primum.actions.deliver import NewDelivery, answer_breach, deliver, record_delivery
from primum.actions.finish import close
from primum.actions.go_on import go_on
from primum.actions.letters import check_letter, send_letter
from primum.actions.look import Seen, look
from primum.actions.propose import NewLine
from primum.actions.read_look import read_look
from primum.actions.stop import NewStop, Righted, lift, suspend_scope
from primum.actions.weigh_effects import Expected, NewWeighing, Struck, weigh_effects
from primum.cases import effects
from primum.cases.models import Effect, Line, Look, Sign
from primum.cases.queries.due import due_items
from primum.cases.queries.party import support_of
from primum.core.effects import pathway
from primum.people import door
from primum.people.sight import viewing
from tests.builders import (
    GOOD,
    HARM,
    PROTOCOL,
    Case,
    commitments,
    delivered,
    looks,
    met,
    party,
    post,
    proposed,
    reasoned,
    refused,
    row,
    saw,
    stage,
    tie,
    yes,
)
from tests.builders_ladder import CLEAN, intercession, letter, standing, wording
from tests.builders_sealed import CLOCK, client_of, moved_to
from tests.cast import NOW, viewer
from tests.web.test_looks import POLICE_POST

pytestmark = pytest.mark.django_db

ANSWERS: Mapping[str, object] = {
    **POLICE_POST,
    "support_kind": ["infrastructure", "training_advisory", "logistical_ops"],
    "traceable": "yes",
}
LINES = ("infrastructure", "training_advisory", "logistical_ops")
CHILDREN = pathway(PROTOCOL, "children_locked_up")
PROMISE = "children_never_with_adults"
TURNED_AWAY = "Turned away at the gate. The commander was said to be in town."
THREE = "Three children of about fourteen in the room of the adults. They were let go that day."


def day(number: float) -> datetime:
    return NOW + timedelta(days=number)


@dataclass(frozen=True)
class Hands:
    """Who makes the steps that more than one post may make."""

    decides: str = "samir"
    stops: str = "samir"
    records: str = "aminata"
    closes: str = "tomas"


BEST = Hands()
LEAST = Hands(decides="helena", stops="jonas", records="ines", closes="nadia")


@dataclass
class Story:
    """One telling: where the activity stood, and until when it was approved, after each step."""

    hands: Hands
    case: Case
    lines: Mapping[str, UUID]
    told: list[tuple[str, str, datetime | None]] = field(default_factory=list)

    @property
    def key(self) -> UUID:
        return self.case.activity

    def mark(self, step: str) -> None:
        self.told.append((step, stage(self.case), row(self.case).lease_end))

    def bring(self, kind: str, what: str, now: datetime) -> None:
        wish = NewDelivery(self.lines[kind], what)
        deliver(by=viewer("nadia"), now=now, activity=self.key, delivery=wish)


def ask(hands: Hands) -> Story:
    """Nadia asks for three lines to one detachment, which two forces command."""
    unit = party()
    for force in ("Sarrat National Police Service", "Integrated Opposition Police"):
        tie(party(force, "force"), unit)
    case = proposed(
        title="Kodwel police post: building, training and joint patrols",
        why="Displaced families return; 36 officers of two forces are to protect them.",
        lines=(
            NewLine(unit, LINES[0], "Repair of the post, with a records room", "1", 42000, 36),
            NewLine(unit, LINES[1], "Course on arrest and custody", "36 places", 9000, 36),
            NewLine(unit, LINES[2], "Fuel for joint patrols", "400 l a month", 3600, 36),
        ),
        answers=dict(ANSWERS),
        weighing=False,
    )
    with viewing(door.clock()):
        rows = dict(Line.objects.filter(activity=case.activity).values_list("kind", "id"))
    story = Story(hands, replace(case, party=unit), rows)
    story.mark("proposed")
    return story


def foresee(story: Story) -> None:
    """Children held with adults: possible and grave. It is met by a promise, and has a sign."""
    with viewing(viewer("tomas")):
        others = [code for code in effects.pathways(story.key) if code not in (CHILDREN, "")]
    children = Expected(
        "children",
        pathway=CHILDREN,
        how="custody",
        horizon="weeks",
        likelihood="possible",
        seriousness="grave",
        reversible="hard",
        look_on=day(30).date(),
        met_by=PROMISE,
    )
    first, *rest = others
    wish = NewWeighing(
        (children, replace(HARM, at=first, pathway=first), GOOD),
        tuple(Struck("Not here.", pathway=code) for code in rest),
    )
    weigh_effects(by=viewer("tomas"), now=day(0.05), activity=story.key, weighing=wish)
    story.mark("foreseen")


def judge(story: Story) -> None:
    """Tomas assesses, Aminata advises, somebody decides: go, on conditions."""
    answers = reasoned(dict(ANSWERS))
    assess(by=viewer("tomas"), now=day(0.1), activity=story.key, answers=answers)
    story.mark("assessed")
    advise(
        by=viewer("aminata"),
        now=day(0.2),
        activity=story.key,
        position="support_with_conditions",
        words="Only with a lockable records room, and with access at any time.",
    )
    by = viewer(story.hands.decides)
    without = replace(yes(), conditions=("access_any_time",))
    with refused("effects_unmet"):  # the promise that meets the gravest harm was left out
        decide(by=by, now=day(0.3), activity=story.key, decision=without)
    decide(by=by, now=day(0.3), activity=story.key, decision=yes())
    story.mark("decided")


def bring(story: Story) -> None:
    """First what comes first; then the post is repaired, the course held, fuel given."""
    with refused("before_open"):
        story.bring(LINES[0], "Post repaired", day(1))
    met(story.case, day(3))
    story.bring(LINES[0], "Post repaired, records room with a lock", day(5))
    story.bring(LINES[1], "Course held, 34 of 36 attended", day(8))
    story.bring(LINES[2], "First 400 litres", day(9))
    story.mark("delivered")


def custody_look(story: Story) -> Look:
    return next(each for each in looks(story.case) if each.plan == "detention_look")


def watch(story: Story) -> None:
    """The first look is refused; the second finds three children. It is grave, whoever says so."""
    own = custody_look(story)
    away = Seen("refused", "visit", {}, TURNED_AWAY)
    assert not look(by=viewer("grace"), now=day(30), look=own.id, seen=away)
    story.mark("look refused")
    found = dict(saw(own).answers)
    counts = found["held_now"]
    assert isinstance(counts, dict)
    found |= {"children_with_adults": "yes", "held_now": {**counts, "boys": 3}}
    signs = _signs(own)
    quiet = Seen("nothing_grave", "visit", found, THREE, signs=signs)
    with refused("grave_by_rule"):
        look(by=viewer("grace"), now=day(35), look=own.id, seen=quiet)
    assert look(by=viewer("grace"), now=day(35), look=own.id, seen=replace(quiet, result="grave"))
    story.mark("three children")
    read_look(
        by=viewer("tomas"), now=day(36), look=own.id, verdict="adequate", words="She counted."
    )
    owed = next(each for each in commitments(story.case) if each.code == PROMISE)
    answer_commitment(
        by=viewer("tomas"),
        now=day(36),
        commitment=owed.id,
        answer="broken",
        words="Three children were held with adults.",
        how="visit",
    )
    story.mark("promise broken")
    wanted = {kind for kind, _ in due(day(36))}
    assert {"decide_grave", "decide_broken"} <= wanted


def _signs(own: Look) -> dict[UUID, str]:
    """The sign that was foreseen is on a look of the monitor; here it is seen."""
    with viewing(viewer("grace")):
        return {sign.id: "seen" for sign in Sign.objects.filter(look=own, answer="")}


def stop(story: Story) -> None:
    """One line is suspended and the others are not. Fuel given all the same is a breach."""
    key = suspend_scope(
        by=viewer(story.hands.stops),
        now=day(37),
        stop=NewStop(
            "line",
            "No fuel for those who hold children with adults.",
            activity=story.key,
            line=story.lines[LINES[2]],
            lifts_when="Children are held apart, and we are let in.",
        ),
    )
    story.mark("line suspended")
    with refused("stopped"):
        story.bring(LINES[2], "Second 400 litres", day(38))
    story.bring(LINES[1], "A second course", day(38.5))
    wish = NewDelivery(story.lines[LINES[2]], "Second 400 litres, already pumped")
    breach = record_delivery(
        by=viewer(story.hands.records),
        now=day(39),
        activity=story.key,
        delivery=wish,
        happened=day(38.2),
    )
    assert delivered(breach).breach == "suspended"
    answer_breach(
        by=viewer(story.hands.decides), now=day(40), delivery=breach, words="Pumped back."
    )
    story.mark("breach answered")
    go_on(
        by=viewer(story.hands.decides),
        now=day(41),
        activity=story.key,
        words="The course goes on: it is where they learn to hold children apart.",
    )
    story.mark("decided what follows")
    write(story)
    righted = Righted("A room for children, with a door.", "Seen by our monitor.")
    lift(by=viewer("samir"), now=day(50), stop=key, righted=righted)
    story.bring(LINES[2], "Second 400 litres", day(51))
    story.mark("line resumed")


def write(story: Story) -> None:
    """The authorities are told by a letter that a second person has read for who spoke."""
    step = standing(story.case.party, now=day(42), approver="helena")
    sent = letter(step, now=day(42), said=wording(day(56).date()))
    gone = day(43).date()
    with refused("unread"):
        send_letter(by=viewer("tomas"), now=day(43), letter=sent, channel="by_hand", sent_on=gone)
    check_letter(by=viewer("ruth"), now=day(43), letter=sent, reading=CLEAN)
    send_letter(by=viewer("tomas"), now=day(43), letter=sent, channel="by_hand", sent_on=gone)
    assert intercession(step).rung == "interceded"
    story.mark("letter sent")


def end(story: Story) -> None:
    """Closing it unlooked is refused, to whoever tries, with the same counts."""
    closer = viewer(story.hands.closes)
    with refused("wrong_stage"):
        close(by=closer, now=day(52), activity=story.key)
    story.mark("not closed")


def due(now: datetime) -> set[tuple[str, UUID]]:
    with viewing(door.clock()):
        return {(item.kind, item.post) for item in due_items(door.clock(), now)}


def tell(hands: Hands) -> Story:
    story = ask(hands)
    for chapter in (foresee, judge, bring, watch, stop, end):
        chapter(story)
    return story


def test_the_whole_story() -> None:
    """Stage by stage; the lease never ends early, since a narrower stop leaves the rest its own."""
    assert [(step, where) for step, where, _ in tell(BEST).told] == [
        ("proposed", "proposed"),
        ("foreseen", "proposed"),
        ("assessed", "assessed"),
        ("decided", "decided"),
        ("delivered", "under_way"),
        ("look refused", "under_way"),
        ("three children", "under_way"),
        ("promise broken", "under_way"),
        ("line suspended", "under_way"),
        ("breach answered", "under_way"),
        ("decided what follows", "under_way"),
        ("letter sent", "under_way"),
        ("line resumed", "under_way"),
        ("not closed", "under_way"),
    ]


def test_the_least_sighted_reach_the_same_stages() -> None:
    assert tell(LEAST).told == tell(BEST).told


def test_what_was_foreseen_was_seen() -> None:
    story = tell(BEST)
    with viewing(viewer("tomas")):
        rows = Effect.objects.filter(activity=story.key, pathway=CHILDREN)
        assert [each.met_by for each in rows] == [PROMISE]


def test_one_page_of_the_party_holds_it_all(settings: LazySettings) -> None:
    """The total of three lines, both parent forces, what was found, the stop, the letter."""
    story = tell(BEST)
    settings.CLOCK = CLOCK
    with viewing(viewer("tomas")):
        support = support_of(viewer("tomas"), story.case.party, 20, NOW)
    assert support.totals == {"delivered": 54600}
    with moved_to(day(52)):
        text = client_of(viewer("tomas")).get(f"/parties/{story.case.party}/").content.decode()
    for words in (
        "Sarrat National Police Service",
        "Integrated Opposition Police",
        "54,600 USD",
        "Kodwel police post: building, training and joint patrols",
        "Fuel for joint patrols",
        "interceded",
        "Three children of about fourteen",
        "grave:",
        "refused or not possible:",
        "deliveries that no approval covered:",
        "Promises not kept, or not checked",
    ):
        assert words in text, words
    assert "suspended since" not in text, "it was lifted on the fiftieth day"


def test_the_page_of_the_party_tells_each_what_is_theirs(settings: LazySettings) -> None:
    """While the line is stopped: Tomas reads what was found; Nadia that it is stopped, not why."""
    story = ask(BEST)
    for chapter in (foresee, judge, bring, watch):
        chapter(story)
    wish = NewStop("line", "Children.", activity=story.key, line=story.lines[LINES[2]])
    suspend_scope(by=viewer("samir"), now=day(37), stop=wish)
    settings.CLOCK = CLOCK
    for name, reads in (("tomas", True), ("nadia", False)):
        with moved_to(day(38)):
            page = client_of(viewer(name)).get(f"/parties/{story.case.party}/")
        text = page.content.decode()
        found = text.split('id="found"')[1].split("</section>")[0]
        assert "Fuel for joint patrols" in found and "suspended since" in found
        assert "looked 1 of" in found
        assert (THREE in found) == ("grave:" in found) == reads
        assert TURNED_AWAY not in found and "Children." not in found


def test_what_nadia_is_told_meanwhile(settings: LazySettings) -> None:
    """That a line is stopped and since when; never that children were found, or who said so."""
    story = ask(BEST)
    for chapter in (foresee, judge, bring, watch):
        chapter(story)
    suspend_scope(
        by=viewer("samir"),
        now=day(37),
        stop=NewStop("line", "Children.", activity=story.key, line=story.lines[LINES[2]]),
    )
    settings.CLOCK = CLOCK
    with moved_to(day(38)):
        text = client_of(viewer("nadia")).get(f"/activities/{story.key}/").content.decode()
    assert "children of about fourteen" not in text and THREE not in text
    assert TURNED_AWAY not in text and "Children." not in text
    assert post("head-of-mission")

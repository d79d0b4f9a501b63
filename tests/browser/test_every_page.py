"""Every page in a real browser: axe finds nothing, in both directions of script, at two widths."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from primum.actions.decide import decide
from primum.actions.draw_sample import draw_sample
from primum.actions.hold_meeting import NewItem, hold_meeting
from primum.actions.import_register import import_trainings
from primum.actions.sheet import SignedSheet
from primum.actions.write_handover import write_handover
from primum.cases.models import Look, Report
from primum.exchange.us_training import Trainings
from primum.people import door
from primum.people.sight import viewing
from tests.actions.test_import_register import TRAINED, training
from tests.browser.conftest import DESK, PHONE, SCREENS, Visit
from tests.builders import (
    Case,
    advised,
    assessed,
    contingent,
    decided,
    party,
    post,
    proposed,
    tie,
    yes,
)
from tests.builders_places import JANUARY, custodian, facility, place
from tests.cast import NOW, viewer
from tests.stories.answers import CAREFUL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
UNIT = "Kodwel Joint Police Detachment"
"""The name of the case's party, as a published row prints it too."""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@dataclass(frozen=True)
class Scene:
    """Cases at different stages, so that every page has something to show."""

    proposed: Case
    assessed: Case
    advised: Case
    decided: Case
    recorded: Case
    look: str
    report: str
    minutes: str
    sample: str
    place: UUID


@pytest.fixture
def scene() -> Scene:
    from primum.actions.file_report import NewReport, file_report  # noqa: PLC0415

    case = decided(CAREFUL)
    tie(party("Sarrat National Police Service", "force"), case.party)
    report = file_report(
        by=viewer("grace"),
        now=NOW,
        report=NewReport(
            parties=(case.party, contingent()),
            what="Money was taken at the market gate (invented).",
            heard=NOW - timedelta(days=2),
            confidence="plausible",
            invented=True,
        ),
    )
    rows = tuple(training(line, name) for line, name in enumerate((UNIT, "Kodwel guard"), 2))
    import_trainings(
        by=door.clock(), now=NOW, trainings=Trainings(TRAINED, rows, ()), digest="a" * 64
    )
    with viewing(viewer("tomas")):
        look = Look.objects.filter(activity=case.activity).order_by("due")[0]
        assert Report.objects.filter(id=report).exists()
    return Scene(
        proposed(),
        assessed(CAREFUL),
        advised(CAREFUL),
        case,
        on_behalf(),
        str(look.id),
        str(report),
        _minutes(case),
        str(draw_sample(by=viewer("lena"), now=NOW)),
        building(case.party),
    )


def _minutes(case: Case) -> str:
    """A meeting that spoke of one case and of something else."""
    spoken = NewItem("decide", "The course", "Go on.", "activity", case.activity)
    items = (spoken, NewItem("by_hand", "Rations", "Enough."))
    return str(hold_meeting(by=viewer("samir"), now=NOW, items=items))


def building(unit: UUID) -> UUID:
    """The police post written down, with whom it belongs to, and a hand-over to read."""
    facility(agreed_uses=("Offices", "Custody for a day"), capacity=12, holding_hours=48)
    custodian(unit, JANUARY)
    write_handover(by=viewer("tomas"), now=NOW, words="Ask the night guard.\nNever the desk.")
    return place()


def on_behalf() -> Case:
    """A yes that bears Samir's signature and that he has not confirmed yet."""
    case = advised(CAREFUL)
    sheet = SignedSheet(post("head-of-mission"), "signed.pdf", b"%PDF-1.7")
    decide(by=viewer("bruno"), now=NOW, activity=case.activity, decision=yes(on_behalf=sheet))
    return case


def pages(scene: Scene) -> list[tuple[str, str, str]]:
    """(name, who, address) of every page that shows something of its own."""
    activity = f"/activities/{scene.decided.activity}/"
    return [
        ("desk", "tomas", "/"),
        ("activities", "nadia", "/activities/"),
        ("activity-requester", "nadia", activity),
        ("activity-officer", "tomas", activity),
        ("activity-auditor", "lena", activity),
        ("activity-to-confirm", "samir", f"/activities/{scene.recorded.activity}/"),
        ("propose-party", "nadia", "/activities/new/?q=Kodwel"),
        ("propose", "nadia", f"/activities/new/?party={scene.decided.party}"),
        ("assess", "tomas", f"/activities/{scene.proposed.activity}/assess/"),
        ("advise", "aminata", f"/activities/{scene.assessed.activity}/advise/"),
        ("decide", "samir", f"/activities/{scene.advised.activity}/decide/"),
        ("decide-on-behalf", "bruno", f"/activities/{scene.advised.activity}/decide/"),
        ("deliver", "nadia", f"{activity}deliver/"),
        ("look", "grace", f"/looks/{scene.look}/"),
        ("parties", "tomas", "/parties/"),
        ("party-new", "tomas", "/parties/new/"),
        ("party", "tomas", f"/parties/{scene.decided.party}/"),
        ("party-on-a-day", "tomas", f"/parties/{scene.decided.party}/?on=2026-02-01"),
        ("party-reports", "tomas", f"/parties/{scene.decided.party}/reports/"),
        ("party-postings", "tomas", f"/parties/{scene.decided.party}/postings/"),
        ("party-timeline", "tomas", f"/parties/{scene.decided.party}/timeline/"),
        ("activity-timeline", "tomas", f"{activity}timeline/"),
        ("places", "nadia", "/places/"),
        ("place", "grace", f"/places/{scene.place}/"),
        ("place-requester", "nadia", f"/places/{scene.place}/"),
        ("facility", "grace", f"/places/{scene.place}/facility/"),
        ("custodian-party", "grace", f"/places/{scene.place}/custodian/?q=Kodwel"),
        ("custodian", "grace", f"/places/{scene.place}/custodian/?party={scene.decided.party}"),
        ("plan", "grace", "/plan/?month=2026-04"),
        ("queue", "tomas", f"/posts/{post('due-diligence-officer')}/queue/"),
        ("handover", "tomas", f"/posts/{post('due-diligence-officer')}/handover/"),
        ("similar", "nadia", f"/activities/{scene.proposed.activity}/similar/"),
        ("support", "nadia", "/support/"),
        ("support-none", "nadia", "/support/?q=nobody"),
        ("matches", "tomas", "/matches/"),
        ("matches-short", "tomas", "/matches/?q=k"),
        ("report-party", "grace", "/reports/new/?q=Kodwel"),
        ("report-new", "grace", f"/reports/new/?party={scene.decided.party}"),
        ("report", "tomas", f"/reports/{scene.report}/"),
        ("leadership", "samir", "/leadership/"),
        ("meeting", "samir", "/leadership/meeting/"),
        ("minutes", "samir", f"/leadership/meeting/{scene.minutes}/"),
        ("audit", "lena", "/audit/"),
        ("audit-list", "lena", "/audit/waiting/"),
        ("audit-sample", "lena", f"/audit/sample/{scene.sample}/"),
        ("known", "tomas", f"{activity}known/?on=2026-03-01"),
        ("protocols", "karim", "/protocols/"),
        ("posts", "nadia", "/posts/"),
        ("posts-staffing", "bruno", "/posts/"),
        ("account", "nadia", "/account/"),
        ("tokens", "nadia", "/account/tokens/"),
        ("second-factor", "nadia", "/account/second-factor/"),
        ("not-here", "nadia", "/leadership/"),
        ("sign-in", "", "/sign-in/"),
    ]


def faults(page: Page) -> list[str]:
    found: Any = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{fault['id']}: {node['target']} {node['html'][:120]}"
        for fault in found
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("lang", ["en", "fr", "ar"])
def test_axe_finds_nothing_on_any_page_at_either_width(
    visit: Visit, scene: Scene, lang: str
) -> None:
    """No page has a fault that axe can find, on a phone or at a desk, left- or right-to-left."""
    wrong: list[str] = []
    opened: dict[tuple[str, int], Page] = {}
    SCREENS.mkdir(parents=True, exist_ok=True)
    for name, who, address in pages(scene):
        for width in (PHONE, DESK):
            key = (who, width)
            if key not in opened:
                opened[key] = visit(who, address, width=width, lang=lang)
            page = opened[key]
            page.goto(address)
            page.screenshot(path=SCREENS / f"{name}-{lang}-{width}.png", full_page=True)
            assert page.locator("html").get_attribute("lang") == lang
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
                wrong.append(f"{name} {width}: wider than the screen")
            wrong += [f"{name} {width}: {fault}" for fault in faults(page)]
    assert not wrong, "\n".join(wrong)

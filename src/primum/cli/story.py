"""The demonstration's cases: the Kodwel police post, told through the same actions as real ones.

Everything here is invented and labelled so. No real unit or person is touched (SETTLED 1).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from primum.actions.advise import advise
from primum.actions.answer_commitment import answer_commitment
from primum.actions.assess import assess
from primum.actions.decide import NewDecision, decide
from primum.actions.deliver import NewDelivery, deliver
from primum.actions.enter_party import NewParty, NewTie, enter_party, enter_tie
from primum.actions.file_report import NewReport, file_report
from primum.actions.look import Seen, look
from primum.actions.propose import NewActivity, NewLine, propose
from primum.cases.queries import activity as one
from primum.cases.queries import policy
from primum.cases.queries.effects import look_signs
from primum.cli.story_effects import weigh
from primum.core.vocabulary import Choice
from primum.people import door
from primum.people.sight import Viewer, viewing
from primum.register import queries as register

Say = Callable[[str], None]
PROTOCOL = "support-to-security-forces"

CAREFUL: dict[str, object] = {
    "support_kind": ["training_advisory"],
    "lethal": "no",
    "exempt_whole": "no",
    "training_only": "yes",
    "assessment_kind": "specific",
    "mandate_objective": "Rule of law: arrests written down and read by a magistrate.",
    "recipient_kind": ["police"],
    "papers": ["unit_list", "request_letter"],
    "unit_history": "continuous",
    "commander_confirmed": "yes",
    "unit_grave_violations": "no",
    "commander_grave_violations": "no",
    "credible_information": ["none_found"],
    "screened_by": ["human_rights"],
    "children_harmed": ["none_known"],
    "sexual_violence": "none_known",
    "real_risk": "no",
    "detention": "no",
    "indirect_users": ["nobody_else"],
    "groups_at_risk": ["nobody_worse"],
    "reprisal_risk": "none_seen",
    "access": "in_writing",
    "heard": ["community", "women_apart"],
    "other_ways": ["do_nothing", "smaller"],
}
"""A course: training and nothing else, so little is asked."""

WHOLE: dict[str, object] = {
    "training_only": "no",
    "validity_months": 3,
    "earlier_decisions": ["none_found"],
    "composition": ["one_force"],
    "recent_conduct": "no_complaints",
    "paid_and_fed": "regularly",
    "fights_beside": ["nobody_else"],
    "risk_reason": "No pattern in two years; an order against beatings is read out.",
    "land_and_returns": ["neither"],
    "transfers": ["nothing_seen"],
    "messages": ["nothing_wrong"],
    "who_gains": ["nobody_gains"],
    "monitoring": ["people_and_means", "finding_out", "telling", "stopping"],
    "influence": "giving_helps",
    "policy_letter": "sent_and_explained",
    "stop_when": "One person beaten in custody, or two visits refused.",
    "forbidden_uses": "yes",
    "who_asked": "community",
    "cost_of_nothing": "Arrests stay unwritten; families do not know where people are held.",
}
"""What is asked besides where there is more than a course."""

WATCHFUL: dict[str, object] = (
    CAREFUL
    | WHOLE
    | {
        "support_kind": ["logistical_ops"],
        "mandate_objective": "Protection of civilians: patrols can call for help after dark.",
        "composition": ["several_forces"],
        "detention": "yes",
        "children_apart": "yes",
        "women_guarded": "yes",
        "register_kept": "yes",
        "held_too_long": "no",
        "custody_risk": ["none_seen"],
        "traceable": "yes",
        "access": "spoken",
    }
)
"""Six radio sets: goods, and people are held, so the whole is asked."""

ASK_HUMAN_RIGHTS = {"unknown": "The human rights office would know."}
ASKED: dict[str, object] = WATCHFUL | {
    "support_kind": ["training_advisory", "logistical_ops", "infrastructure"],
    "mandate_objective": "Protection of civilians: families return, and somebody keeps watch.",
    "building_for": ["post"],
    "later_use": ["holding"],
    "legal_powers": "under_court",
    "records_room": "yes",
    "upkeep_paid": "yes",
    "unit_history": "newly_formed",
    "indirect_users": ["other_unit"],
    "reprisal_risk": "some",
    "safe_channel": "yes",
    "access": "in_writing",
    "unit_grave_violations": ASK_HUMAN_RIGHTS,
    "commander_grave_violations": ASK_HUMAN_RIGHTS,
    "real_risk": ASK_HUMAN_RIGHTS,
    "children_apart": {"unknown": "We were not let into the cells."},
}
"""The police post, as Nadia answers it. Tomas starts from this and puts right what he knows."""

AS_AGREED: dict[str, object] = {
    "used_as_agreed": "as_agreed",
    "access_given": "yes",
    "same_commander": "yes",
    "anyone_suffered": "no",
    "punished_since": "nobody",
    "women_say": "Fewer are stopped at the market gate. Nobody asked for money this week.",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """The invented parties and the place the story is told about."""

    detachment: UUID
    battalion: UUID
    place: UUID
    protocol: UUID


def tell(now: datetime, say: Say) -> None:
    """Write the story, dated so that something is due today and something lapses this week."""
    setting = _people_and_units(now - timedelta(days=120))
    say("Invented parties of Sarrat entered.")
    _radios(setting, now - timedelta(days=40))
    _course(setting, now - timedelta(days=75))
    _reports(setting, now - timedelta(days=9))
    _police_post(setting, now - timedelta(days=2))
    say("Three invented requests and two invented reports written.")


def _as(duty_or_post: str, now: datetime) -> Viewer:
    return door.viewer_of_post(duty_or_post, now)


def _people_and_units(now: datetime) -> Setting:
    officer = _as("due-diligence-officer", now)

    def enter(name: str, kind: str, *names: str, **more: str) -> UUID:
        party = NewParty(name, kind, names, country="Sarrat", invented=True, **more)
        return enter_party(by=officer, now=now, party=party)

    police = enter("Sarrat National Police Service", "force", "SNPS")
    opposition = enter("Integrated Opposition Police", "force", "IOP")
    detachment = enter("Kodwel Joint Police Detachment", "unit", "KJPD")
    commander = enter("Imre Talvane", "person")
    battalion = enter(
        "Norland battalion",
        "own_component",
        "NORBATT",
        organisation="norland-contingent",
        contributor_state="Norland",
    )
    for upper, lower, kind, role, rank in (
        (police, detachment, "commands", "Command", ""),
        (opposition, detachment, "commands", "Command", ""),
        (commander, detachment, "holds_post", "Commander", "Lieutenant Colonel"),
    ):
        tie = NewTie(upper, lower, kind, role, rank, first=f"{now.year}-01")
        enter_tie(by=officer, now=now, tie=tie)
    with viewing(officer):
        place = next(key for key, names in register.places(officer) if "post" in names["en"])
        version = next(row.id for row in policy.protocols(officer) if row.name == PROTOCOL)
    return Setting(detachment, battalion, place, version)


def _ask(
    setting: Setting,
    now: datetime,
    title: str,
    why: str,
    lines: list[NewLine],
    answers: dict[str, object] | None = None,
) -> UUID:
    return propose(
        by=_as("police-training-officer", now),
        now=now,
        activity=NewActivity(
            title=title,
            why=why,
            mandate_objective="Rule of law (invented mandate)",
            place=setting.place,
            starts=now.date(),
            ends=(now + timedelta(days=180)).date(),
            lines=lines,
            protocols=[setting.protocol],
            answers=answers or {},
            invented=True,
        ),
    )


def _approve(key: UUID, now: datetime, words: str, answers: dict[str, object]) -> None:
    soon = now + timedelta(hours=2)
    assess(by=_as("due-diligence-officer", soon), now=soon, activity=key, answers=answers)
    later = now + timedelta(hours=6)
    advise(
        by=_as("chief-due-diligence", later),
        now=later,
        activity=key,
        position="support_with_conditions",
        words="Small, non-lethal, and it lets us look inside. Keep the conditions.",
    )
    decided = now + timedelta(hours=30)
    decide(
        by=_as("head-of-mission", decided),
        now=decided,
        activity=key,
        decision=NewDecision(
            choice=Choice.GO_WITH_CONDITIONS,
            words=words,
            told="Approved until the day shown, on the conditions listed.",
            until=decided + timedelta(days=80),
        ),
    )


def _radios(setting: Setting, now: datetime) -> None:
    """Approved and delivered; its first look is due and nobody has looked: it will lapse."""
    key = _ask(
        setting,
        now,
        "Six radio sets for the Kodwel detachment",
        "Patrols cannot call for help after dark.",
        [NewLine(setting.detachment, "logistical_ops", "Radio sets", "6", 7200, 36)],
    )
    weigh(key, now + timedelta(hours=1))
    _approve(key, now, "Radios lower the risk to those they escort.", WATCHFUL)
    _keep_what_comes_first(key, now + timedelta(days=3))
    _deliver_first_line(key, now + timedelta(days=5), "6 radio sets handed over, serials listed")


def _course(setting: Setting, now: datetime) -> None:
    """Approved, delivered and looked at once: what following up looks like."""
    key = _ask(
        setting,
        now,
        "Course on arrest and custody",
        "So that arrests are written down and children are not held with adults.",
        [
            NewLine(
                setting.detachment, "training_advisory", "Five-day course", "36 places", 9000, 36
            )
        ],
    )
    weigh(key, now + timedelta(hours=1), look_after=30)
    _approve(key, now, "A course we teach ourselves, with looks that follow it.", CAREFUL)
    _keep_what_comes_first(key, now + timedelta(days=3))
    _deliver_first_line(key, now + timedelta(days=10), "Course held, 34 of 36 attended")
    seen_on = now + timedelta(days=33)
    monitor = _as("field-monitor-kodwel", seen_on)
    with viewing(monitor):
        page = one.activity_page(monitor, key, seen_on)
    if page is not None:
        first = next(each for each in page.looks if each.waits_for_me)
        with viewing(monitor):
            signs = {sign.id: "not_seen" for sign in look_signs(monitor, first.id)}
        words = "Register kept. Nobody held too long."
        seen = Seen("nothing_grave", "visit", AS_AGREED, words, signs=signs)
        look(by=monitor, now=seen_on, look=first.id, seen=seen)


def _keep_what_comes_first(key: UUID, now: datetime) -> None:
    """Whoever verifies them says that the commitments before delivery are met."""
    for post in ("due-diligence-officer", "field-monitor-kodwel"):
        viewer = _as(post, now)
        with viewing(viewer):
            page = one.activity_page(viewer, key, now)
        for owed in page.commitments if page else ():
            if owed.timing == "before" and owed.waits_for_me:
                answer_commitment(
                    by=viewer,
                    now=now,
                    commitment=owed.id,
                    answer="kept",
                    words="Seen on site, noted in the visit record.",
                    how="visit",
                )


def _deliver_first_line(key: UUID, now: datetime, what: str) -> None:
    officer = _as("police-training-officer", now)
    with viewing(officer):
        page = one.activity_page(officer, key, now)
    if page is not None:
        wish = NewDelivery(page.lines[0].id, what)
        deliver(by=officer, now=now, activity=key, delivery=wish)


def _reports(setting: Setting, now: datetime) -> None:
    file_report(
        by=_as("field-monitor-kodwel", now),
        now=now,
        report=NewReport(
            parties=(setting.detachment,),
            what="Two traders say men of the detachment took money at the market gate.",
            heard=now,
            happened_from=(now - timedelta(days=3)).date(),
            happened_to=(now - timedelta(days=2)).date(),
            confidence="plausible",
            people_min=2,
            people_max=5,
            source="K-17",
            place=setting.place,
            invented=True,
        ),
    )
    file_report(
        by=_as("field-monitor-kodwel", now),
        now=now,
        report=NewReport(
            parties=(setting.battalion,),
            what="A patrol is said to have driven through a sown field twice.",
            heard=now,
            confidence="heard",
            source="K-21",
            invented=True,
        ),
    )


def _police_post(setting: Setting, now: datetime) -> None:
    """The request that the newcomer walks: proposed, and waiting for its assessment."""
    key = _ask(
        setting,
        now,
        "Kodwel police post: building, training and joint patrols",
        "Displaced families return to Kodwel; 36 officers of two forces are to protect them.",
        [
            NewLine(
                setting.detachment,
                "infrastructure",
                "Repair of the post, with a records room",
                "1 building",
                42000,
                36,
            ),
            NewLine(
                setting.detachment,
                "training_advisory",
                "Course on arrest and custody",
                "36 places",
                9000,
                36,
            ),
            NewLine(
                setting.detachment,
                "logistical_ops",
                "Fuel for joint patrols",
                "400 l a month",
                3600,
                36,
            ),
        ],
        ASKED,
    )
    weigh(key, now + timedelta(hours=1), look_after=30)

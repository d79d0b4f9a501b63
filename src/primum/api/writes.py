"""Every write of the API: a row for each action, or its reason in NOT_HERE."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from primum.actions import (
    accept_effect,
    answer_commitment,
    answer_match,
    answer_surprise,
    answer_undertaking,
    assess_party,
    deliver,
    draw_sample,
    enter_facility,
    enter_party,
    extra_look,
    file_report,
    finish,
    go_on,
    grade_report,
    hold_meeting,
    intercede,
    letters,
    look,
    match_report,
    name_custodian,
    posts,
    propose,
    propose_protocol,
    publish_protocol,
    raise_stakes,
    read_handover,
    read_look,
    record_step,
    record_undertaking,
    release,
    renew,
    reopen,
    second_read_effects,
    sheet,
    stop,
    tell,
    waive,
    weigh_allegation,
    weigh_effects,
    write_handover,
)
from primum.actions import advise as advising
from primum.actions import assess as assessing
from primum.actions import decide as deciding
from primum.actions.keep_draft import drop_draft
from primum.actions.once import Key
from primum.api import gates
from primum.api.operations import Write
from primum.cases.queries import drafts
from primum.core.vocabulary import Ruling, Verb
from primum.people.sight import Viewer, viewing

PAPER: Final = frozenset({"on_behalf"})
"""A sheet of paper that somebody signed is scanned and attached on its page."""

KIND: Final = frozenset({"kind"})
"""What is reported is harm, as on its page."""


def assess(
    *,
    by: Viewer,
    now: datetime,
    activity: UUID,
    answers: Mapping[str, object],
    exempt: Collection[UUID] = (),
    key: Key = None,
) -> Ruling:
    """Write an assessment, superseding the last one; returns the Ruling as this post may see it.

    What this post changed since a Ruling first stood beside its form is marked, as on the page.
    """
    with viewing(by):
        draft = drafts.draft(by, "assess", activity)
        beside = assessing.Beside(exempt, draft.shown if draft else None, still=tuple(answers))
        ruling = assessing.assess(
            by=by, now=now, activity=activity, answers=answers, beside=beside, key=key
        )
        drop_draft(by=by, now=now, purpose="assess", about=activity)
        return ruling


ACTIVITY = "activities/{activity}"
REPORT = "reports/{report}"
WRITES: Final[tuple[Write, ...]] = (
    Write("activities", propose.propose),
    Write(f"{ACTIVITY}/assess", assess, gates.may(Verb.ASSESS), of=assessing.assess),
    Write(f"{ACTIVITY}/advise", advising.advise, gates.may(Verb.ADVISE)),
    Write(f"{ACTIVITY}/decide", deciding.decide, gates.may(Verb.DECIDE), without=PAPER),
    Write("decisions/{decision}/confirm", sheet.confirm_decision),
    Write("decisions/{decision}/disown", sheet.disown_decision),
    Write(f"{ACTIVITY}/deliver", deliver.deliver, gates.may_deliver),
    Write(f"{ACTIVITY}/record", deliver.record_delivery, gates.may_deliver),
    Write("deliveries/{delivery}/answer", deliver.answer_breach),
    Write("looks/{look}/look", look.look, gates.sees_look),
    Write("commitments/{commitment}/answer", answer_commitment.answer_commitment),
    Write("owed/{owed}/release", release.release),
    Write(f"{ACTIVITY}/go-on", go_on.go_on),
    Write(f"{ACTIVITY}/suspend", stop.suspend),
    Write(f"{ACTIVITY}/resume", stop.resume),
    Write(f"{ACTIVITY}/withdraw", stop.withdraw),
    Write(f"{ACTIVITY}/finish", finish.finish),
    Write(f"{ACTIVITY}/close", finish.close),
    Write("told/{told}/check", tell.check_told, gates.has_told),
    Write("told/{told}/rewrite", tell.rewrite_told, gates.has_told),
    Write("reports", file_report.file_report, without=KIND),
    Write(f"{REPORT}/raise-seal", file_report.raise_seal, gates.sees_report),
    Write(f"{REPORT}/grade", grade_report.grade_report, gates.sees_report),
    Write(
        f"{REPORT}/weigh/{{party}}", weigh_allegation.weigh_allegation, gates.sees_report_and_party
    ),
    Write("parties", enter_party.enter_party, gates.enters),
    Write("ties", enter_party.enter_tie, gates.enters),
    Write("parties/{party}/assess", assess_party.assess_party, gates.assesses_party),
    Write("matches/{match}/answer", answer_match.answer_match),
    Write("protocols", propose_protocol.propose_protocol, gates.proposes_protocols),
    Write("protocols/{version}/publish", publish_protocol.publish_protocol),
    Write("posts/{post}/seat", posts.seat),
    Write("posts/{post}/vacate", posts.vacate),
    # Effects.
    Write(f"{ACTIVITY}/effects", weigh_effects.weigh_effects, gates.sees_activity),
    Write(f"{ACTIVITY}/effects/suggest", weigh_effects.suggest_effect, gates.sees_activity),
    Write("weighings/{weighing}/read", second_read_effects.second_read_effects),
    Write("effects/{effect}/accept", accept_effect.accept_effect),
    Write("reports/match", match_report.match_report),
    Write("surprises/{surprise}/answer", answer_surprise.answer_surprise),
    # Looks, buildings, and what a post hands on.
    Write("looks", extra_look.extra_look),
    Write("looks/{look}/read", read_look.read_look, gates.sees_look),
    Write("facilities", enter_facility.enter_facility),
    Write("custodians", name_custodian.name_custodian),
    Write("handover", write_handover.write_handover),
    Write("handover/read", read_handover.read_handover),
    # Suspending, going on, ending.
    Write("stops", stop.suspend_scope),
    Write("stops/{stop}/lift", stop.lift),
    Write(f"{ACTIVITY}/renew", renew.renew),
    Write(f"{ACTIVITY}/reopen", reopen.reopen),
    Write(f"{ACTIVITY}/close-early", finish.close_early),
    Write(f"{ACTIVITY}/raise-stakes", raise_stakes.raise_stakes),
    # With the authorities.
    Write("undertakings", record_undertaking.record_undertaking),
    Write("undertakings/{undertaking}/answer", answer_undertaking.answer_undertaking),
    Write("steps", record_step.record_step),
    Write("waivers", waive.waive),
    Write("waivers/{waiver}/end", waive.end_waiver),
    Write("intercessions", intercede.intercede),
    Write("intercessions/{intercession}/approve", intercede.approve_intercession),
    Write("intercessions/{intercession}/answer", intercede.answer_intercession),
    Write("letters", letters.write_letter),
    Write("letters/{letter}/rewrite", letters.rewrite_letter),
    Write("letters/{letter}/check", letters.check_letter),
    Write("letters/{letter}/send", letters.send_letter),
    # Oversight.
    Write("samples", draw_sample.draw_sample),
    Write("meetings", hold_meeting.hold_meeting),
)

NOT_HERE: Final[Mapping[str, str]] = {
    "add_person.add_person": "by the operator at the machine: nobody in post makes accounts",
    "recover_account.recover_account": "by the operator at the machine, for a lost telephone",
    "found_mission.found_mission": "before there is anybody who could ask",
    "found_mission.seat_cast": "the invented cast of a demonstration",
    "import_register.import_register": "by the operator: a file of the machine, for minutes",
    "import_register.import_trainings": "by the operator: a file of the machine, for minutes",
    "undo_import.undo_import": "by the operator, as importing",
    "publish_protocol.install_protocol": "the program itself, with texts that ship",
    "tick.tick": "the clock alone",
    "finish.lapse": "the clock alone",
    "keep_draft.keep_draft": "a form half filled in; a program keeps its own",
    "keep_draft.drop_draft": "as keeping one",
    "tokens.make_token": "a person who has just signed in, on their account page",
    "tokens.revoke_token": "a person on their account page: a stolen token ends no other",
}
"""Actions without an operation, each with its reason."""

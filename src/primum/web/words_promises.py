"""The words for promises: how they are checked, what the authorities did, what is waived."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

WORDS: Mapping[str, object] = {
    "to_mission": _("the mission"),
    "to_people": _("the people there"),
    # how a promise was checked, or why it could not be
    "how_visit": _("by a visit"),
    "how_phone": _("by telephone"),
    "how_partner": _("through a partner"),
    "how_community": _("through the community"),
    "how_joint": _("by a joint visit"),
    "how_papers": _("by reading what was sent"),
    "how_access_refused": _("not checked: access was refused"),
    "how_not_safe": _("not checked: it was not safe to go"),
    "how_nobody_free": _("not checked: nobody was free to go"),
    "how_nothing_shown": _("not checked: nothing was shown"),
    "how_too_early": _("not checked: it is too early to tell"),
    # what the authorities promise and do, and what is waived
    "undertaking": _("check what the authorities undertook"),
    "waiver_over": _("a waiver is over: say what follows"),
    "answer_kept": _("kept"),
    "answer_partly_kept": _("partly kept"),
    "answer_broken": _("broken"),
    "answer_lapsed": _("its day passed and nothing came"),
    "investigated": _("investigated"),
    "charged": _("charged"),
    "tried": _("brought to trial"),
    "convicted": _("convicted"),
    "acquitted": _("acquitted"),
    "removed_from_post": _("removed from post"),
    "compensated": _("those harmed were compensated"),
    "nothing": _("nothing"),
    "waived_hard_stop": _("a hard stop that the leadership may pass"),
    "waived_officer": _("an officer in command"),
    "waived_unit": _("the unit itself"),
    "account_no_finding": _("No grave allegation that you may see."),
    "account_none": _("No step that we have evidence of."),
    "account_some": _("Some steps, with evidence. Nobody was held to account in every case."),
    "account_effective": _("In every case somebody was held to account, with evidence."),
}

DID: Mapping[str, object] = {
    "record_undertaking": _("recorded an undertaking of the authorities"),
    "answer_undertaking": _("answered an undertaking of the authorities"),
    "record_step": _("recorded what the authorities did"),
    "waive": _("gave a waiver"),
    "end_waiver": _("ended a waiver"),
}
"""What a ledger line says its post did."""

"""Words for the intercession ladder and its letters."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

WORDS: Mapping[str, object] = {
    # steps
    "concern": _("concern"),
    "interceded": _("interceded"),
    "formal_notice": _("formal notice"),
    "final_notice": _("final notice"),
    "resumed": _("resumed"),
    # what a step is about
    "scope_unit": _("support to this unit"),
    "scope_commander": _("support to units of one commander"),
    "scope_operation": _("support to one operation"),
    "scope_support_type": _("one kind of support"),
    "scope_all": _("all support"),
    # what they answered
    "answer_acted": _("they took steps, and proof of them was seen"),
    "answer_promised": _("they promised steps"),
    "answer_acknowledged": _("they acknowledged it, no more"),
    "answer_rejected": _("they rejected it"),
    # letters
    "letter_policy": _("policy letter"),
    "letter_concern": _("letter of concern"),
    "letter_formal_notice": _("formal notice"),
    "letter_final_notice": _("final notice"),
    "letter_suspension": _("notice of suspension"),
    "letter_resumption": _("notice of resumption"),
    "letter_withdrawal": _("notice of withdrawal"),
    "letter_state_waiting": _("waits for a second reader"),
    "letter_state_sent_back": _("sent back, to be written anew"),
    "letter_state_passed": _("read, may be sent"),
    "letter_state_sent": _("sent"),
    "channel_by_hand": _("handed over"),
    "channel_note_verbale": _("with a note verbale"),
    "channel_courier": _("by courier"),
    "channel_email": _("by e-mail"),
    # what waits on a desk
    "approve_rung": _("approve this step, or send it back"),
    "write_letter": _("write the letter"),
    "answer_rung": _("the authorities’ answer"),
    "read_letter": _("read a letter: could they work out who spoke?"),
    "rewrite_letter": _("write a letter anew"),
    "send_letter": _("send a letter"),
}

DID: Mapping[str, object] = {
    "intercede": _("wrote a step of an intercession"),
    "approve_rung": _("approved a step of an intercession"),
    "send_back_rung": _("sent a step of an intercession back"),
    "answer_rung": _("recorded what the authorities answered"),
    "write_letter": _("wrote a letter to authorities"),
    "rewrite_letter": _("wrote a letter anew"),
    "pass_letter": _("read a letter and let it go"),
    "send_back_letter": _("read a letter and sent it back"),
    "send_letter": _("recorded that a letter was sent"),
}

FIELDS: Mapping[str, object] = {
    "reference": _("Reference"),
    "scope_words": _("Which"),
}

"""Words for the lines of the ledger: what each says its post did."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from primum.web import words_effects, words_ladder, words_promises, words_stops

DID: Mapping[str, object] = {
    **words_effects.DID,
    **words_ladder.DID,
    **words_promises.DID,
    **words_stops.DID,
    "propose": pgettext_lazy("what a post did", "proposed"),
    "assess": pgettext_lazy("what a post did", "assessed"),
    "advise": pgettext_lazy("what a post did", "advised"),
    "decide": pgettext_lazy("what a post did", "decided"),
    "confirm": _("confirmed a decision recorded on its behalf"),
    "disown": _("said that they had not made the decision recorded on their behalf"),
    "deliver": _("recorded a delivery"),
    "record": _("recorded a delivery"),
    "record_breach": _("recorded a delivery no approval covers"),
    "answer_breach": _("answered a breach"),
    "look": _("made a look"),
    "look_refused": _("tried to look; it was not possible"),
    "read_look": _("read a look and found it enough to rely on"),
    "refuse_look": _("read a look and found it not enough"),
    "answer": _("answered a commitment"),
    "release": _("released something owed"),
    "finish": _("finished delivering"),
    "suspend": pgettext_lazy("what a post did", "suspended"),
    "resume": pgettext_lazy("what a post did", "resumed"),
    "withdraw": pgettext_lazy("what a post did", "withdrew"),
    "lapse": _("recorded that the approval had run out"),
    "close": pgettext_lazy("what a post did", "closed"),
    "report": _("filed a report"),
    "raise_seal": _("raised a seal"),
    "raise_stakes": _("raised the stakes of a case"),
    "sample": _("drew a sample of cases"),
    "minute": _("minuted it at a meeting of the leadership"),
    "meet": _("wrote the minutes of a meeting of the leadership"),
    "grade": _("said how sure a report is"),
    "go_on": _("decided to go on"),
    "match": _("answered a match"),
    "enter": _("entered the party"),
    "enter_tie": _("entered a relation"),
    "seat": _("seated somebody in a post"),
    "vacate": _("vacated a post"),
    "publish": _("put a protocol in force"),
    "assess_party": _("assessed the party as a whole"),
    "weigh_allegation": _("weighed an allegation"),
    "pass_words": _("passed words on to the requester"),
    "send_back_words": _("sent words back to be written otherwise"),
    "rewrite_words": _("wrote words anew"),
    "propose_protocol": _("proposed a protocol"),
    "add_person": _("made an account"),
    "recover": _("gave somebody access again"),
    "make_token": _("made a token for a program"),
    "revoke_token": _("revoked a token"),
    "import": _("imported a register"),
    "import_batch": _("imported a part of a register"),
    "import_undo": _("undid an import"),
    "enter_facility": _("wrote down what the building is for"),
    "name_custodian": _("wrote down in whose hands it is"),
    "write_handover": _("wrote a hand-over"),
    "read_handover": _("read the hand-over of the post"),
}
"""What a ledger line says its post did."""

"""The words of suspending, reviewing and renewing, for `words`."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

WORDS: Mapping[str, object] = {
    # decisions
    "stop": _("suspension of less or more than this activity"),
    "lift": _("end of a suspension"),
    "reopen": _("reopening"),
    "close_early": _("closing before the watch ends"),
    # how widely a suspension reaches
    "scope_line": _("this line"),
    "scope_unit": _("this unit, under any of its names"),
    "scope_commander": _("all that this officer commands"),
    "scope_operation": _("this whole activity"),
    "scope_all": _("everything under this force or unit"),
    # what may have changed since an approval
    "changed_people": _("Who takes part or benefits"),
    "changed_commander": _("Who commands"),
    "changed_place": _("Where it is"),
    "changed_use": _("What it is used for"),
    "changed_harm": _("New harm, or talk of it"),
    # what waits on a desk
    "review": _("review: assess it again"),
    "reopened": _("who commands, or the unit, has changed: deliver nothing until it is decided on"),
    # why a delivery is a breach
    "command_changed": _("another commander or unit than the one decided on"),
}

DID: Mapping[str, object] = {
    "stop": _("suspended a line, a unit, an officer’s units or a force"),
    "lift": _("lifted a suspension"),
    "renew": _("asked for a renewal"),
    "reopen": _("reopened it"),
    "close_early": _("closed it before the watch ended"),
    "expose": _("noted a delivery under another commander or unit that nobody could know of"),
}
"""What a ledger line says its post did."""

MISTAKES: Mapping[str, object] = {
    "is_review": _("This is a review of what was approved. Choose that."),
    "unconfirmed": _("This was answered before. Say that it is still so, or change it."),
    "records_say_more": _(
        "Support to this unit, under this or a former name, was refused or suspended before."
        " Choose that."
    ),
}
"""Why an answer cannot be taken, by the code of the core."""

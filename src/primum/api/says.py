"""Reasons in the reader's language, with plain values: dates as ISO writes them, codes as words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from primum.core.protocol import AnswerMistake
from primum.core.vocabulary import Because, Due

WORDS: Mapping[str, object] = {
    # where an activity stands
    "proposed": _("proposed"),
    "assessed": _("assessed"),
    "decided": _("approved"),
    "under_way": _("under way"),
    "done": _("done"),
    "watched": _("done, being watched"),
    "closed": _("closed"),
    "suspended": _("suspended"),
    "lapsed": _("lapsed"),
    "withdrawn": _("withdrawn"),
    "not_done": _("not done"),
    # how widely a suspension reaches
    "scope_line": _("this line"),
    "scope_unit": _("this unit, under any of its names"),
    "scope_commander": _("all that this officer commands"),
    "scope_operation": _("this whole activity"),
    "scope_all": _("everything under this force or unit"),
    # how grave something is, and who may pass a hard stop
    "low": _("low"),
    "medium": _("medium"),
    "high": _("high"),
    "barred": _("barred"),
    "ordinary": _("ordinary"),
    "leadership": _("the leadership"),
    "nobody": _("nobody"),
}
"""The codes that reasons hold among their values, as the pages say them."""


class Said(BaseModel):
    """One reason: a code for programs, a sentence for people, the field or question it is about."""

    code: str
    says: str
    where: str = ""


def said(because: object) -> object:
    """A reason of the core in the reader's language."""
    if not isinstance(because, Because):
        return because
    values = {name: _plain(value) for name, value in because.values.items()}
    return Said(code=because.code, says=gettext(because.says) % values)


def mistaken(wrong: AnswerMistake) -> Said:
    return Said(code=wrong.code, says=gettext(wrong.says), where=wrong.question)


def _plain(value: object) -> str:
    if isinstance(value, Due):
        return f"{value.at:%Y-%m}" if value.month_only else value.at.date().isoformat()
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(map(_plain, value))
    if isinstance(value, Mapping):
        return str(value.get((get_language() or "en").split("-")[0]) or value.get("en", ""))
    return str(WORDS.get(value, value)) if isinstance(value, str) else str(value)

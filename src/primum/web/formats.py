"""Words for values: sentences in the reader's language, dates with their zone, money, ages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.timesince import timesince

A_MINUTE = timedelta(minutes=1)
FULL_DATE = 3  # year, month, day


def said(text: Mapping[str, str] | str | None) -> str:
    """One sentence of several, in the reader's language, else in English."""
    if not text:
        return ""
    if isinstance(text, str):
        return text
    language = (translation.get_language() or "en").split("-")[0]
    return text.get(language) or text.get("en") or next(iter(text.values()), "")


def day(value: date | None) -> str:
    return date_format(value, "j F Y") if value else "–"


def month(value: date) -> str:
    return date_format(value, "F Y")


def moment(value: datetime | None) -> str:
    """A moment with its zone, always: mission staff sit in several."""
    return date_format(value, "j F Y, H:i") + " UTC" if value else "–"


def money(value: object, decimals: int = 0) -> str:
    if not isinstance(value, int | float | Decimal):
        return "–"
    return f"{number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True)} USD"


def published(text: str) -> str:
    """A date as its publisher gave it: partial ones stay partial, and say so."""
    parts = [part for part in text.split("-") if part]
    if not all(part.isdecimal() for part in parts):
        return text
    if len(parts) == FULL_DATE:
        return day(date.fromisoformat(text[:10]))
    if len(parts) == FULL_DATE - 1:
        named = month(date(int(parts[0]), int(parts[1]), 1))
        return translation.gettext("%(month)s, day unknown") % {"month": named}
    if parts:
        return translation.gettext("%(year)s, month unknown") % {"year": parts[0]}
    return translation.gettext("date unknown")


def age(value: datetime | None, now: datetime) -> str:
    """How long ago, or how long until, in words."""
    if value is None:
        return ""
    if abs(value - now) < A_MINUTE:
        return translation.gettext("now")
    if value <= now:
        return translation.gettext("%(time)s ago") % {"time": _first(timesince(value, now))}
    return translation.gettext("in %(time)s") % {"time": _first(timesince(now, value))}


def _first(words: str) -> str:
    # “2 days, 3 hours” says more than anyone needs; the full moment stands beside it.
    return words.split(",", maxsplit=1)[0].split("،", maxsplit=1)[0]

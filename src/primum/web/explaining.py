"""Names and values of the protocol language in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from django.utils.translation import gettext as _

from primum.core.protocol import FACTS, Protocol, ValueClass
from primum.core.vocabulary import Text
from primum.web import formats, words

YES_NO: Final = ("yes", "no")


def asked(rules: Protocol) -> Callable[[str], Text]:
    """The words of a question or fact by the name that rules call it."""

    def inner(name: str) -> Text:
        if name in FACTS:
            return {"en": FACTS[name].meaning}
        question = rules.by_id[rules.question_of.get(name, name)]
        cell = name.partition(".")[2]
        if not cell:
            return question.ask
        return {"en": f"{formats.said(question.ask)} {words.cell(cell)}"}

    return inner


def questions(rules: Protocol, names: Iterable[str]) -> tuple[Text, ...]:
    """What is still open, in words."""
    said = asked(rules)
    return tuple(said(name) for name in names)


def answer(rules: Protocol) -> Callable[[str, ValueClass], str]:
    """One class of answers in words: options by their labels, numbers and days by their bounds."""

    def inner(name: str, each: ValueClass) -> str:
        if each.above is not None or each.below is not None:
            return _but_not(_between(each), each.besides)
        question = rules.by_id.get(rules.question_of.get(name, name))
        labels = {option.id: option.label for option in question.options} if question else {}
        shown = [formats.said(labels[o]) if o in labels else words.word(o) for o in each.options]
        return _either(shown)

    return inner


def _between(each: ValueClass) -> str:
    parts = [_("%(one)s exactly") % {"one": option} for option in each.options]
    if each.above is not None and each.below is not None:
        parts.append(_("between %(low)s and %(high)s") % {"low": each.above, "high": each.below})
    elif each.above is not None:
        parts.append(_("more than %(low)s") % {"low": each.above})
    else:
        parts.append(_("less than %(high)s") % {"high": each.below})
    return _either(parts)


def _but_not(said: str, besides: tuple[str, ...]) -> str:
    if not besides:
        return said
    return _("%(said)s, but not %(besides)s") % {"said": said, "besides": _either(list(besides))}


def _either(said: list[str]) -> str:
    whole = said[0] if said else ""
    for each in said[1:]:
        whole = _("%(one)s or %(two)s") % {"one": whole, "two": each}
    return whole

"""From the words of a letter to what stands on its paper, in its language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from primum.core.vocabulary import Text
from primum.exchange.documents.letter import LetterPaper, paragraphs_of
from primum.exchange.documents.templates import frame

LOCALES = {"en": "en_GB"}
"""How a language writes a day: the United Nations write 3 March 2026."""
BODY = ("opening", "facts", "asks", "otherwise", "closing")


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as it was worded: whose it is, for whom, and its parts."""

    language: str
    sender: Text
    signatory: Text
    addressee: str
    reference: str
    deadline: date | None
    words: Mapping[str, str]


def letter_paper(written: Written, sent_on: date | None = None) -> LetterPaper:
    """What stands on it; without a day of sending it says that it is a draft."""
    code = written.language
    said = {name: text[code] for name, text in frame().items()}
    head = [said["reference"] % {"reference": written.reference}]
    head.append(said["date"] % {"day": _day(sent_on, code)} if sent_on else said["undated"])
    if written.deadline:
        head.append(said["answer_by"] % {"day": _day(written.deadline, code)})
    body = [each for part in BODY for each in paragraphs_of(written.words.get(part, ""))]
    sender = _in(written.sender, code)
    return LetterPaper(
        language=code,
        sender=sender,
        head=head,
        reference=written.reference,
        addressee=_lines(written.addressee),
        subject=" ".join(written.words["subject"].split()),
        paragraphs=[said["greeting"], *body, said["farewell"]],
        signature=[_in(written.signatory, code), sender],
        mark="" if sent_on else said["not_sent"],
    )


def scope_in(language: str, scope: str, which: str) -> str:
    """What a step is about, as a letter says it."""
    return frame()[f"scope_{scope}"][language] % {"which": which}


def _day(day: date, code: str) -> str:
    return str(format_date(day, "long", locale=LOCALES.get(code, code)))


def _in(text: Text, code: str) -> str:
    return text.get(code) or text["en"]


def _lines(text: str) -> Sequence[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]

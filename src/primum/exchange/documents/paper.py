"""A protocol's questions as a form to print and fill in by hand, set by Typst.

It asks in the order of the page, so that what comes back on paper is typed in from top to bottom.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from primum.core.protocol import CELLS, Kind, Protocol, Question, names_in
from primum.core.vocabulary import Text
from primum.exchange.documents.setting import pdf

LAYOUT: Final = """
#let form = document
#set page(paper: "a4", margin: (x: 2cm, y: 1.8cm), footer: context text(8pt)[
  #form.footer #h(1fr) #counter(page).display("1 / 1", both: true)])
#set text(10.5pt)
#set par(leading: 0.55em)
#let tick(round) = box(width: 0.85em, height: 0.85em, baseline: 12%, stroke: 0.7pt,
  radius: if round { 0.45em } else { 0pt })
#let line = box(width: 1fr, height: 1.5em, stroke: (bottom: 0.5pt + gray))
= #form.title
#text(9pt, fill: luma(90))[#form.lead]
#v(0.4em)
#table(columns: (1fr, 1fr), stroke: 0.4pt + gray, inset: 6pt,
  ..form.head.map(each => [#text(9pt, each) #v(1em)]))
#for section in form.sections [
  == #section.heading
  #for ask in section.questions [
    #block(breakable: false, width: 100%, above: 1.1em)[
      #text(weight: "bold")[#ask.number. #ask.ask] #text(9pt)[#ask.mark]
      #if ask.note != "" [ \\ #text(9pt, fill: luma(90))[#ask.note] ]
      #if ask.help != "" [ \\ #text(9pt, fill: luma(90))[#ask.help] ]
      #for option in ask.options [ \\ #tick(ask.one) #h(0.4em) #option ]
      #if ask.cells.len() > 0 [
        #table(columns: ask.cells.len(), stroke: 0.4pt + gray, inset: 4pt,
          ..ask.cells.map(cell => text(8.5pt, cell)), ..ask.cells.map(cell => v(1.2em)))
      ]
      #for _ in range(ask.lines) [ #line \\ ]
      #linebreak()
      #text(9pt)[#tick(false) #h(0.4em) #form.unknown #line]
      #if ask.evidence [ #linebreak() #text(9pt)[#form.rests #line] ]
    ]
  ]
]
"""

LINES: Final[Mapping[Kind, int]] = {
    Kind.TEXT: 3,
    Kind.NUMBER: 1,
    Kind.MONEY: 1,
    Kind.DATE: 1,
    Kind.PLACE: 1,
    Kind.PARTY: 2,
    Kind.EVIDENCE: 3,
}


@dataclass(frozen=True, slots=True)
class PaperWords:
    """The words of the form that are not the protocol's, in the reader's language."""

    lead: str
    head: Sequence[str]
    sections: Mapping[str, str]
    yes: str
    no: str
    required: str
    unknown: str
    rests: str
    depends: str
    """Holds %(numbers)s."""
    least_most: str
    cells: Mapping[str, str]
    footer: str


@dataclass(frozen=True, slots=True)
class _Ask:
    number: int
    ask: str
    mark: str
    note: str
    help: str
    options: Sequence[str]
    one: bool
    cells: Sequence[str]
    lines: int
    evidence: bool


def paper_form(protocol: Protocol, language: str, words: PaperWords) -> bytes:
    """The questions asked before the decision, as PDF bytes."""
    before = [question for question in protocol.questions if question.section.before]
    numbers = {question.id: number for number, question in enumerate(before, 1)}
    sections = [
        {
            "heading": words.sections[section],
            "questions": [
                asdict(_ask(protocol, question, numbers, language, words))
                for question in before
                if question.section == section
            ],
        }
        for section in dict.fromkeys(question.section for question in before)
    ]
    form = {
        "title": _in(protocol.title, language),
        "lead": words.lead,
        "head": list(words.head),
        "unknown": words.unknown,
        "rests": words.rests,
        "sections": sections,
        "footer": words.footer,
    }
    return pdf(LAYOUT, form, language)


def _ask(
    protocol: Protocol,
    question: Question,
    numbers: Mapping[str, int],
    language: str,
    words: PaperWords,
) -> _Ask:
    kind = question.kind
    options = [_in(option.label, language) for option in question.options]
    return _Ask(
        number=numbers[question.id],
        ask=_in(question.ask, language),
        mark=words.required if question.required else "",
        note=_note(protocol, question, numbers, words),
        help=_in(question.help, language) if question.help else "",
        options=[words.yes, words.no] if kind is Kind.YES_NO else options,
        one=kind is not Kind.SEVERAL,
        cells=[words.cells[cell] for cell in CELLS] if kind is Kind.PEOPLE else [],
        lines=LINES.get(kind, 0),
        evidence=kind is not Kind.EVIDENCE,
    )


def _note(
    protocol: Protocol, question: Question, numbers: Mapping[str, int], words: PaperWords
) -> str:
    """Which earlier answers decide whether it is asked, and how a number is written."""
    notes: list[str] = []
    if question.when is not None:
        on = {protocol.question_of.get(name, "") for name in names_in(question.when.expression)}
        found = sorted(numbers[name] for name in on if name in numbers)
        notes.append(words.depends % {"numbers": ", ".join(map(str, found))})
    if question.kind in (Kind.NUMBER, Kind.MONEY):
        notes.append(words.least_most)
    return " ".join(notes)


def _in(text: Text, language: str) -> str:
    return text.get(language) or text["en"]

"""A decision sheet as PDF: what a leader who does not sign in reads, answers and signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from primum.exchange.documents.setting import pdf

LAYOUT = """
#let sheet = document
#set page(paper: "a4", margin: 2.2cm, footer: text(8pt, sheet.printed))
#set text(11pt)
#set par(leading: 0.6em)
#text(9pt)[Primum]
= #sheet.heading
== #sheet.title
#v(0.5em)
#table(columns: (1fr, 3fr), stroke: 0.4pt + gray,
  ..sheet.facts.map(pair => (text(weight: "bold", pair.at(0)), pair.at(1))).flatten())
#table(columns: (3fr, 3fr, 2fr, 1.4fr), stroke: 0.4pt + gray,
  ..sheet.lines.map(line => line).flatten())
#v(0.8em)
#for choice in sheet.choices [
  #box(width: 1em, height: 1em, stroke: 0.8pt, baseline: 15%) #h(0.5em) #choice #h(1.5em)
]
#for ask in sheet.asks [
  #v(0.8em)
  #text(weight: "bold", ask)
  #box(width: 100%, height: 3.4cm, stroke: 0.4pt + gray)
]
#v(0.8em)
#table(columns: (1fr, 2fr), rows: 1cm, stroke: 0.4pt + gray, align: horizon,
  ..sheet.sign.map(line => (line, "")).flatten())
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the sheet; every string in the reader's language."""

    title: str
    heading: str
    facts: Sequence[tuple[str, str]]
    lines: Sequence[tuple[str, str, str, str]]
    choices: Sequence[str]
    asks: Sequence[str]
    sign: Sequence[str]
    printed: str
    language: str = "en"


def decision_sheet(sheet: Sheet) -> bytes:
    """The sheet as PDF bytes, from right to left where its language is written so."""
    return pdf(LAYOUT, asdict(sheet), sheet.language)

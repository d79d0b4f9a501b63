"""A list as PDF: a plan, a queue, a hand-over, for whoever goes where no page opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from primum.exchange.documents.setting import pdf

LAYOUT = """
#let listing = document
#set page(paper: "a4", margin: 2cm, footer: context [
  #set text(8pt)
  #listing.printed #h(1fr) #counter(page).display("1 / 1", both: true)
])
#set text(10.5pt)
#set par(leading: 0.6em)
#text(9pt)[Primum]
= #listing.title
#for line in listing.lead [
  #par(line)
]
#for part in listing.parts [
  == #part.heading
  #if part.lines.len() == 0 [
    #par(part.none)
  ]
  #for line in part.lines [
    #block(breakable: false, above: 0.9em)[
      #if part.boxes [ #box(width: 0.9em, height: 0.9em, stroke: 0.6pt, baseline: 12%) #h(0.4em) ]
      #text(line.at(0))
      #if line.at(1) != "" [ \\ #text(9pt, luma(80), line.at(1)) ]
    ]
  ]
]
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One heading with its lines: what it is, and what is to be known of it in smaller letters."""

    heading: str
    lines: Sequence[tuple[str, str]]
    none: str = ""
    """What stands there when there are no lines."""
    boxes: bool = False
    """A box to tick before each line."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What stands on the paper; every string in the reader's language."""

    title: str
    lead: Sequence[str]
    parts: Sequence[Part]
    printed: str
    language: str = "en"


def printed_list(listing: Listing) -> bytes:
    """The list as PDF bytes, from right to left where its language is written so."""
    return pdf(LAYOUT, asdict(listing), listing.language)

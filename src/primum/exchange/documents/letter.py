"""A letter to authorities as DOCX and as PDF: the same words in the same order."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Final

import docx
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from primum.exchange.documents.setting import pdf

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF: Final = "application/pdf"
BLANK: Final = re.compile(r"\n[ \t]*\n")
FONT: Final = "Times New Roman"
LAYOUT: Final = """
#let letter = document
#set page(paper: "a4", margin: (x: 2.5cm, top: 2.2cm, bottom: 2.4cm), footer: context text(8pt)[
  #letter.reference #h(1fr) #counter(page).display("1 / 1", both: true)])
#set text(11pt)
#set par(leading: 0.65em, justify: false)
#if letter.mark != "" [
  #block(width: 100%, inset: 6pt, stroke: 1pt + black)[#text(weight: "bold", letter.mark)]
]
#text(12pt, weight: "bold", letter.sender)
#v(0.6em)
#for line in letter.head [ #line \\ ]
#v(0.6em)
#for line in letter.addressee [ #line \\ ]
#v(0.8em)
#text(weight: "bold", letter.subject)
#v(0.4em)
#for each in letter.paragraphs [
  #par(each)
]
#v(2.2cm)
#block(breakable: false)[#for line in letter.signature [ #line \\ ]]
"""


@dataclass(frozen=True, slots=True)
class LetterPaper:
    """What stands on it, every string in the letter's language."""

    language: str
    sender: str
    head: Sequence[str]
    """Reference, date, the day an answer is asked for by."""
    reference: str
    addressee: Sequence[str]
    subject: str
    paragraphs: Sequence[str]
    """From the greeting to the farewell."""
    signature: Sequence[str]
    """The post that signs, and its mission."""
    mark: str = ""
    """Printed across the top of what has not been sent."""


def letter_pdf(paper: LetterPaper) -> bytes:
    return pdf(LAYOUT, asdict(paper), paper.language)


def letter_docx(paper: LetterPaper) -> bytes:
    """The letter for a word processor: plain paragraphs, no author, no date of ours inside."""
    made = docx.Document()
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(11)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.paragraph_format.space_after = Pt(8)
    core = made.core_properties
    core.author = core.last_modified_by = core.comments = ""
    core.title, core.language = paper.subject, paper.language
    core.created = core.modified = datetime(2000, 1, 1, tzinfo=UTC)
    for text, bold, close in _blocks(paper):
        line = made.add_paragraph()
        line.add_run(text).bold = bold
        if close:
            line.paragraph_format.space_after = Pt(0)
    section.footer.paragraphs[0].text = paper.reference
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _blocks(paper: LetterPaper) -> Iterator[tuple[str, bool, bool]]:
    """Text, whether bold, whether the next line follows close."""
    if paper.mark:
        yield paper.mark, True, False
    yield paper.sender, True, False
    for lines in (paper.head, paper.addressee):
        yield from ((line, False, line != lines[-1]) for line in lines)
    yield paper.subject, True, False
    yield from ((each, False, False) for each in paper.paragraphs)
    yield from (("", False, False) for _ in range(3))  # room to sign
    yield from ((line, False, True) for line in paper.signature)


def paragraphs_of(text: str) -> list[str]:
    """What was typed, paragraph by paragraph; a line break inside one is a space."""
    blocks = BLANK.split(text.replace("\r\n", "\n"))
    return [" ".join(block.split()) for block in blocks if block.strip()]

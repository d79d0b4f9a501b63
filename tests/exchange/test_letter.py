"""Letters on paper: every template in both languages, read back from DOCX and from PDF.

They are also written to `var/letters/`, so that somebody can look at them.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader

from primum.core.letters import GAP, LANGUAGES, PARTS
from primum.exchange.documents import (
    Written,
    letter_docx,
    letter_paper,
    letter_pdf,
    scope_in,
)
from primum.exchange.documents.letter import paragraphs_of
from primum.exchange.documents.templates import KINDS, filled, frame, template

VAR = Path(__file__).parents[2] / "var" / "letters"
SENT = date(2026, 3, 3)
PARTY = "Kodwel Joint Police Detachment"
OPEN = re.compile(r"\[\[.*?\]\]")
GAPS = {
    "en": "Persons held at the police post of Kodwel were beaten, by several accounts (invented).",
    "fr": "Des personnes détenues au poste de police de Kodwel ont été battues (inventé).",
}


def written(kind: str, language: str) -> Written:
    scope = scope_in(language, "operation", "Clear Road")
    parts = filled(kind, language, {"party": PARTY, "scope": scope})
    return Written(
        language=language,
        sender={
            "en": "United Nations Mission in Sarrat (invented)",
            "fr": "Mission des Nations Unies au Sarrat (inventée)",
        },
        signatory={"en": "Head of mission", "fr": "Chef de la Mission"},
        addressee="Ministry of the Interior\nOffice of the Minister\nSarrat City",
        reference=f"UNISAR/{kind}/7",
        deadline=date(2026, 3, 17) if kind not in ("policy", "withdrawal") else None,
        words={part: _whole(part, text, language) for part, text in parts.items()},
    )


def _whole(part: str, text: str, language: str) -> str:
    """A part as its writer hands it on: gaps filled in."""
    return GAPS[language] if part == "facts" and GAP in text else OPEN.sub("…", text)


def said(content: bytes) -> str:
    """The words of a PDF, however its lines were broken."""
    text = "\n".join(each.extract_text() for each in PdfReader(io.BytesIO(content)).pages)
    return "".join(text.split())


def in_docx(content: bytes) -> list[str]:
    return [each.text for each in docx.Document(io.BytesIO(content)).paragraphs]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_both_forms_say_the_same(kind: str, language: str) -> None:
    """Every line of the letter stands in the DOCX and in the PDF, in its order."""
    paper = letter_paper(written(kind, language), SENT)
    as_docx, as_pdf = letter_docx(paper), letter_pdf(paper)
    VAR.mkdir(parents=True, exist_ok=True)
    (VAR / f"{kind}-{language}.docx").write_bytes(as_docx)
    (VAR / f"{kind}-{language}.pdf").write_bytes(as_pdf)
    lines = [*paper.head, *paper.addressee, paper.subject, *paper.paragraphs, *paper.signature]
    read = in_docx(as_docx)
    assert [each for each in read if each] == [paper.sender, *lines]
    whole, at = said(as_pdf), 0
    for line in lines:
        found = whole.find("".join(line.split()), at)
        assert found >= at, line
        at = found


@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_are_in_its_language(language: str) -> None:
    """A French letter gives a French date, whatever its writer's pages are in."""
    head = letter_paper(written("final_notice", language), SENT).head
    day, due = {"en": ("3 March 2026", "17 March 2026"), "fr": ("3 mars 2026", "17 mars 2026")}[
        language
    ]
    assert day in head[1] and due in head[2]


def test_without_a_day_no_answer_is_asked_for() -> None:
    """A notice of withdrawal awaits nothing."""
    assert len(letter_paper(written("withdrawal", "en"), SENT).head) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_says_so(language: str) -> None:
    """In both forms; and what has gone does not."""
    draft = letter_paper(written("concern", language))
    mark = frame()["not_sent"][language]
    assert in_docx(letter_docx(draft))[0] == mark
    assert "".join(mark.split()) in said(letter_pdf(draft))
    gone = letter_paper(written("concern", language), SENT)
    assert mark not in in_docx(letter_docx(gone))


def test_nobody_is_named_inside() -> None:
    """A DOCX carries no author, no company and no day but its own."""
    content = letter_docx(letter_paper(written("concern", "en"), SENT))
    core = docx.Document(io.BytesIO(content)).core_properties
    assert (core.author, core.last_modified_by, core.comments) == ("", "", "")
    assert core.created is not None and core.created.year == 2000
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        whole = b"".join(parts.read(name) for name in parts.namelist())
    assert b"python-docx" not in whole
    info = PdfReader(io.BytesIO(letter_pdf(letter_paper(written("concern", "en"), SENT)))).metadata
    assert info is None or (info.author is None and info.creation_date is None)


def test_words_are_words() -> None:
    """What a writer types is set as it is: no markup of either form, no formula, no field."""
    hostile = '#panic("x") *bold* <w:p/> & =1+1 \\ $x$ {{ MERGEFIELD }}'
    text = written("concern", "en")
    evil = Written(
        **{
            **{name: getattr(text, name) for name in text.__dataclass_fields__},
            "words": {**text.words, "facts": hostile},
        }
    )
    paper = letter_paper(evil, SENT)
    assert hostile in in_docx(letter_docx(paper))
    assert "".join(hostile.split()) in said(letter_pdf(paper))


def test_paragraphs() -> None:
    """A blank line parts them; a broken line does not."""
    assert paragraphs_of("One\r\nline.\r\n\r\n\r\nTwo.\n \nThree.\n") == [
        "One line.",
        "Two.",
        "Three.",
    ]


class TestTemplates:
    @pytest.mark.parametrize("kind", KINDS)
    def test_each_part_in_both_languages(self, kind: str) -> None:
        """Nothing is missing, and what is from memory is marked for its writer."""
        found = template(kind)
        assert set(found.parts) == set(PARTS)
        assert "to be checked" in found.check["en"] and "à vérifier" in found.check["fr"]

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("kind", [each for each in KINDS if each != "policy"])
    def test_the_facts_are_nobodys_but_the_writers(self, kind: str, language: str) -> None:
        """No template words an allegation: a gap stands there, and with gaps no letter goes."""
        assert GAP in filled(kind, language, {"party": PARTY, "scope": "x"})["facts"]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_scope_has_words(self, language: str) -> None:
        """In the letter's language, with which one."""
        for scope in ("unit", "commander", "operation", "support_type", "all"):
            said_so = scope_in(language, scope, "X")
            assert ("X" in said_so) is (scope in ("commander", "operation", "support_type"))

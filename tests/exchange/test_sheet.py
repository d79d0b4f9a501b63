"""The decision sheet: printed with fonts that it carries, in the direction of its language."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from pathlib import Path

import fontpkg_noto_sans_arabic as arabic
import pytest

from primum.exchange.documents import Sheet, decision_sheet

LEFT, MIDDLE = 62, 297  # points: the margin of the page, and half of A4
MISSING = rb"\000\000"
"""The letter number 0 of a font, as a PDF writes it: the sign of a letter that it lacks."""

FRENCH = Sheet(
    title="Cours et papeterie pour le détachement de Kodwel",
    heading="Feuille de décision",
    facts=[("Pourquoi", "Pour que les arrestations soient écrites."), ("Où", "Kodwel")],
    lines=[("Cours", "Détachement de Kodwel", "formation ou conseil", "9\u202f000 USD")],
    choices=["non", "pas maintenant", "oui, à conditions", "oui"],
    asks=["Pourquoi\u202f? En vos propres mots.", "Que dit-on au demandeur\u202f?"],
    sign=["Approuvé jusqu’au", "Nom", "Signature", "Date et heure (UTC)"],
    printed="Imprimé le 2 mars 2026, 09:00 UTC",
    language="fr",
)
ARABIC = Sheet(
    title="دورة تدريبية وقرطاسية لمفرزة كودويل (Kodwel Joint Police Detachment)",
    heading="ورقة القرار",
    facts=[("السبب", "لكي تُدوَّن الاعتقالات ويقرأها قاضٍ."), ("المكان", "مركز شرطة كودويل")],
    lines=[("Course on arrest", "مفرزة شرطة كودويل المشتركة", "تدريب أو مشورة", "9,000 USD")],
    choices=["لا", "ليس الآن", "نعم بشروط", "نعم"],
    asks=["لماذا؟ بكلماتك.", "ماذا يقال لمقدم الطلب؟"],
    sign=["الموافقة حتى", "الاسم", "التوقيع", "التاريخ والوقت (UTC)"],
    printed="طُبع في 2 آذار/مارس 2026، 09:00 UTC",
    language="ar",
)


def streams(pdf: bytes) -> list[bytes]:
    """Every part of the PDF that can be unpacked."""
    found = []
    for start in re.finditer(rb"stream\r?\n", pdf):
        try:
            found.append(zlib.decompressobj().decompress(pdf[start.end() :]))
        except zlib.error:
            continue
    return found


def text_of(pdf: bytes) -> bytes:
    """What draws the letters of the page."""
    return b"".join(each for each in streams(pdf) if b"BT" in each and b"Tf" in each)


def fonts(pdf: bytes) -> set[str]:
    """The fonts it names, without the letters that mark a part of one."""
    named = re.findall(rb"/FontName ?/\w+\+([\w-]+)", b"".join([pdf, *streams(pdf)]))
    return {name.decode().split("-")[0] for name in named}


def embedded(pdf: bytes) -> int:
    """How many fonts travel inside."""
    return len(re.findall(rb"/FontFile[23]? \d+ \d+ R", b"".join([pdf, *streams(pdf)])))


def first_letter(pdf: bytes) -> float:
    """How far from the left edge the first word of the page stands, in points."""
    found = re.search(rb"q 1 0 0 -1 ([\d.]+) [\d.]+ cm", text_of(pdf))
    assert found is not None
    return float(found[1])


def test_an_arabic_sheet_carries_its_font() -> None:
    """Printed anywhere, it prints the same: the font that Primum pins travels inside."""
    pdf = decision_sheet(ARABIC)
    assert "NotoSansArabic" in fonts(pdf)
    assert embedded(pdf) >= len(fonts(pdf))


def test_an_arabic_sheet_reads_from_the_right() -> None:
    """The page begins at its right edge, and says so to whoever turns it."""
    pdf = decision_sheet(ARABIC)
    assert first_letter(pdf) > MIDDLE
    assert re.search(rb"/Direction ?/R2L", pdf)
    assert b"/Lang(ar)" in pdf.replace(b"/Lang (", b"/Lang(")


def test_a_french_sheet_reads_from_the_left() -> None:
    """The control, in the letters that Typst brings."""
    pdf = decision_sheet(FRENCH)
    assert int(first_letter(pdf)) == LEFT
    assert not re.search(rb"/Direction ?/R2L", pdf)
    assert fonts(pdf) == {"LibertinusSerif"}


@pytest.mark.parametrize("sheet", [ARABIC, FRENCH], ids=["ar", "fr"])
def test_no_letter_is_a_box(sheet: Sheet) -> None:
    """Neither font lacks a letter: none is drawn as the sign of a missing one."""
    assert MISSING not in text_of(decision_sheet(sheet))


def test_a_box_would_be_found() -> None:
    """The test of the test: a letter of a script that neither font has."""
    pdf = decision_sheet(replace(FRENCH, title="日本"))
    assert MISSING in text_of(pdf)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_name_in_the_other_script_is_written_too(language: str) -> None:
    """An Arabic name on an English sheet has its letters, and turns nothing round."""
    pdf = decision_sheet(replace(FRENCH, title=ARABIC.title, language=language))
    assert fonts(pdf) == {"LibertinusSerif", "NotoSansArabic"}
    assert int(first_letter(pdf)) == LEFT


def test_the_font_is_the_pinned_one() -> None:
    """Not whatever the machine has: it comes from the installed package, and Typst finds it."""
    (font,) = Path(arabic.ROOT).rglob("*.ttf")
    assert font.stat().st_size > 100_000
    lines = (Path(__file__).parents[2] / "requirements.txt").read_text(encoding="utf-8")
    assert re.search(r"^fontpkg-noto-sans-arabic==[\d.]+ \\\n +--hash=sha256:", lines, re.MULTILINE)

"""Letters: written, read by a second post for who could be given away, sent, kept as they went."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import docx
import pytest
from pypdf import PdfReader

from primum.actions.base import NotThere, withhold_again
from primum.actions.letters import NewLetter, rewrite_letter, send_letter, write_letter
from primum.cases.models import File, Letter, LetterReading, LetterText
from primum.cases.queries import letters as queries
from primum.core.letters import Reading
from primum.people import mission
from primum.people.models import Organisation
from primum.people.sight import viewing
from primum.register.models import Tie
from tests import builders
from tests.builders import refused
from tests.builders_ladder import (
    CLEAN,
    FACTS,
    LATER,
    TIMED,
    TODAY,
    approve,
    files,
    letter,
    letter_row,
    read,
    send,
    sent,
    standing,
    step,
    texts,
    wording,
)
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db
READERS = frozenset({"tomas", "aminata", "ruth", "grace", "jonas", "helena", "samir", "bruno"})


class TestWriting:
    def test_a_letter_of_a_step(self) -> None:
        """Its kind is the step's, its seal too; it waits to be read."""
        key = letter(standing(rung="formal_notice"))
        row = letter_row(key)
        assert (row.kind, row.state, row.language) == ("formal_notice", "waiting", "en")
        assert [each.words["facts"] for each in texts(key)] == [FACTS]
        assert "write_letter" in builders.lines(row.party_id)

    def test_the_policy_letter(self) -> None:
        """Of no step, and it asks for no answer by a day."""
        key = letter(said=wording(None))
        assert letter_row(key).kind == "policy"

    @pytest.mark.parametrize("name", [each for each in NAMES if each not in ("tomas", "aminata")])
    def test_others_write_none(self, name: str) -> None:
        """A letter comes from the posts that know what is on record."""
        party = builders.party()
        with refused("not_your_move"):
            letter(party=party, by=name)

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            (wording(facts=" "), "no_letter"),
            (wording(closing="We met [[when]]."), "gaps"),
            (replace(wording(), addressee=" "), "no_addressee"),
            (wording(reference=" "), "no_reference"),
            (wording(None), "no_deadline"),
            (wording(TODAY), "past_deadline"),
        ],
    )
    def test_what_is_no_letter(self, said: object, code: str) -> None:
        """Each in words, and nothing is kept."""
        key = standing()
        with refused(code):
            letter(key, said=said)  # type: ignore[arg-type]

    def test_no_other_language(self) -> None:
        """There are templates in two."""
        key = standing()
        with refused("no_language"):
            letter(key, language="xx")

    def test_of_a_step_that_was_sent_back(self) -> None:
        """It will never stand."""
        key = approve(step(), words="No.", approves=False)
        with refused("step_sent_back"):
            letter(key)

    def test_of_a_step_of_another_party(self) -> None:
        """Or of none: not there."""
        other = builders.party("Another")
        for about in (standing(), uuid4()):
            new = NewLetter(other, "en", wording(), about)
            with pytest.raises(NotThere):
                write_letter(by=viewer("tomas"), now=NOW, letter=new)


class TestReading:
    @pytest.mark.parametrize("name", ["aminata", "ruth"])
    def test_a_second_post_lets_it_go(self, name: str) -> None:
        """Both answers are kept with their words, and a line of the ledger says that it passed."""
        key = read(letter(standing()), name)
        assert letter_row(key).state == "passed"
        with viewing(viewer("tomas")):
            kept = LetterReading.objects.get(text__letter=key)
        assert (kept.words_tell, kept.timing_tells, kept.passes) == (False, False, True)
        assert "pass_letter" in builders.lines(letter_row(key).party_id)

    def test_not_its_writer(self) -> None:
        """Nor whoever wrote an earlier wording of it, nor cover of their post."""
        key = letter(standing())
        with refused("own_words"):
            read(key, "tomas")
        rewrite_letter(by=viewer("aminata"), now=NOW, letter=key, wording=wording())
        for name in ("tomas", "aminata"):
            with refused("own_words"):
                read(key, name)
        read(key, "ruth")

    def test_cover_of_the_writers_post(self) -> None:
        """Somebody who sat there last month is no second post."""
        key = letter(standing())
        builders.held("ruth", "due-diligence-officer", NOW - timedelta(days=30), NOW)
        with refused("own_words"):
            read(key, "ruth")

    @pytest.mark.parametrize("name", ["helena", "samir", "grace", "bruno"])
    def test_not_a_post_without_the_duty(self, name: str) -> None:
        """Those who decide do not know who spoke."""
        key = letter(standing())
        with refused("not_your_move"):
            read(key, name)

    @pytest.mark.parametrize(
        ("reading", "codes"),
        [
            (Reading(None, "", None, ""), ("no_words_answer", "no_timing_answer")),
            (Reading(False, " ", False, "Why."), ("no_words_answer",)),
            (Reading(False, "Why.", False, ""), ("no_timing_answer",)),
            (replace(TIMED, not_before=TODAY), ("not_before_past",)),
        ],
    )
    def test_half_an_answer_is_none(self, reading: Reading, codes: tuple[str, ...]) -> None:
        """Both questions, each with words."""
        key = letter(standing())
        with refused(*codes):
            read(key, reading=reading)

    @pytest.mark.parametrize(
        "reading",
        [
            Reading(True, "Only one family lives there.", False, "No visit lately."),
            Reading(False, "Many know.", True, "We were there yesterday."),
            Reading(True, "One family.", True, "Yesterday.", LATER),
        ],
    )
    def test_a_yes_sends_it_back(self, reading: Reading) -> None:
        """With what to change; a day to wait for cures the timing and never the words."""
        key = read(letter(standing()), reading=reading)
        assert letter_row(key).state == "sent_back"
        with refused("unread"):
            send(key)

    def test_written_anew_it_is_read_again(self) -> None:
        """Every wording stays; the newest is what would go."""
        key = read(letter(standing()), reading=Reading(True, "One family.", False, "No."))
        new = wording(facts="Several accounts from several places (invented).")
        rewrite_letter(by=viewer("tomas"), now=NOW, letter=key, wording=new)
        assert letter_row(key).state == "waiting"
        assert [each.number for each in texts(key)] == [1, 2]
        read(key, "ruth")
        with viewing(viewer("tomas")):
            shown = queries.letter_page(viewer("tomas"), key, NOW)
        assert shown is not None
        assert shown.text.passes and shown.former[0].words_why == "One family."

    def test_what_passed_and_was_worded_anew_passed_no_more(self) -> None:
        """A word changed after the reading is read too."""
        key = read(letter(standing()))
        rewrite_letter(by=viewer("tomas"), now=NOW, letter=key, wording=wording(facts="More."))
        with refused("unread"):
            send(key)

    def test_once(self) -> None:
        """Two readers: the second is told."""
        key = read(letter(standing()), "ruth")
        with refused("answered"):
            read(key)


class TestSending:
    def test_it_is_kept_as_it_went(self) -> None:
        """Both forms, byte for byte, with the digests that they had."""
        key = sent(standing())
        row = letter_row(key)
        assert (row.state, row.sent_on, row.channel) == ("sent", TODAY, "by_hand")
        as_docx, as_pdf = files(key)
        for each in (as_docx, as_pdf):
            assert hashlib.sha256(bytes(each.content)).hexdigest() == each.digest
            assert each.seal_id == row.seal_id
        words = [p.text for p in docx.Document(io.BytesIO(bytes(as_docx.content))).paragraphs]
        assert FACTS in words and "Date: 2 March 2026" in words
        pages = PdfReader(io.BytesIO(bytes(as_pdf.content))).pages
        assert "".join(FACTS.split()) in "".join("".join(p.extract_text() for p in pages).split())
        assert "send_letter" in builders.lines(row.party_id)

    def test_not_unread(self) -> None:
        """Nobody sends what nobody read."""
        key = letter(standing())
        with refused("unread"):
            send(key)

    def test_not_of_a_step_that_does_not_stand(self) -> None:
        """It may be written and read while the step waits for its approval; it does not go."""
        about = step()
        key = read(letter(about))
        with refused("unapproved"):
            send(key)
        approve(about)
        send(key)

    def test_not_before_its_day(self) -> None:
        """What its timing would give away today, it no longer does from then on."""
        key = read(letter(standing()), reading=TIMED)
        for day in (TODAY, LATER - timedelta(days=1)):
            now = NOW + timedelta(days=(day - TODAY).days)
            with refused("too_early"):
                send(key, now=now)
        send(key, now=NOW + timedelta(days=10))
        assert letter_row(key).sent_on == LATER

    def test_not_by_saying_a_later_day(self) -> None:
        """A day still to come is no day on which it went."""
        key = read(letter(standing()), reading=TIMED)
        with refused("future"):
            send(key, on=LATER)

    @pytest.mark.parametrize("name", ["aminata", "bruno", "samir", "helena"])
    def test_who_may_say_so(self, name: str) -> None:
        """Whoever hands it over: human rights, the chief of staff, the leadership."""
        send(read(letter(standing())), name)

    @pytest.mark.parametrize("name", ["jonas", "grace", "ruth"])
    def test_who_may_not(self, name: str) -> None:
        """Others may read it and that is all."""
        key = read(letter(standing()))
        with refused("not_your_move"):
            send(key, name)

    def test_how(self) -> None:
        """By one of four ways."""
        key = read(letter(standing()))
        with refused("no_channel"):
            send_letter(by=viewer("tomas"), now=NOW, letter=key, channel="pigeon", sent_on=TODAY)

    def test_gone_is_gone(self) -> None:
        """Not worded anew, not read again, not sent twice, and the database lets nobody."""
        key = sent(standing())
        with refused("sent"):
            rewrite_letter(by=viewer("tomas"), now=NOW, letter=key, wording=wording())
        with refused("sent"):
            send(key)
        with refused("answered"):
            read(key)


class TestSight:
    @pytest.mark.parametrize("name", NAMES)
    def test_its_seal_decides(self, name: str) -> None:
        """Letter, words, answers and files alike."""
        key = sent(standing())
        sees = name in READERS
        with viewing(viewer(name)):
            assert Letter.objects.filter(id=key).exists() is sees
            assert LetterText.objects.filter(letter=key).exists() is sees
            assert LetterReading.objects.exists() is sees
            assert File.objects.filter(case=key).exists() is sees
            assert (queries.letter_page(viewer(name), key, NOW) is not None) is sees

    def test_law_8(self) -> None:
        """A letter about one's own organisation is withheld whatever the seal, as it went too."""
        party = builders.party(organisation=Organisation.objects.get(code="human-rights"))
        new = NewLetter(party, "en", wording())
        key = write_letter(by=viewer("tomas"), now=NOW, letter=new)
        for name, sees in (("grace", False), ("tomas", False), ("bruno", True)):
            with viewing(viewer(name)):
                assert Letter.objects.filter(id=key).exists() is sees
                assert LetterText.objects.filter(letter=key).exists() is sees

    def test_law_8_holds_for_files(self) -> None:
        """Even for somebody whose seal would let them."""
        party = builders.party()
        key = sent(standing(party))
        with viewing(viewer("grace")):
            assert File.objects.filter(case=key).count() == 2
        _belongs_to(party, "human-rights")
        with viewing(viewer("grace")):
            assert not File.objects.filter(case=key).exists()
            assert not Letter.objects.filter(id=key).exists()
        with viewing(viewer("bruno")):
            assert File.objects.filter(case=key).count() == 2

    def test_what_is_hidden_is_not_there(self) -> None:
        """Every verb on it."""
        key = letter(standing())
        for name in ("nadia", "eva"):
            with pytest.raises(NotThere):
                read(key, name, reading=CLEAN)
            with pytest.raises(NotThere):
                send(key, name)


def _belongs_to(party: UUID, code: str) -> None:
    """The register learns who commands this unit: what is about it is withheld anew."""
    above = builders.party("Its command", organisation=Organisation.objects.get(code=code))
    with viewing(viewer("tomas")):
        Tie(
            seal_id=mission.default_seal("register"),
            kind="commands",
            upper_id=above,
            lower_id=party,
        ).save(force_insert=True)
        withhold_again()

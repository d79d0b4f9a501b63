"""What every action stands on: salted digests, ended posts, one transaction."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

import pytest
from django.db import connections

from primum.actions.answer_commitment import answer_commitment
from primum.actions.answer_match import answer_match
from primum.actions.base import (
    NotThere,
    Refused,
    activity_of,
    chosen_seal,
    digest,
    holding,
    needs,
    salt,
)
from primum.actions.decide import decide
from primum.actions.deliver import NewDelivery, answer_breach, record_delivery
from primum.actions.enter_party import NewParty, NewTie, enter_party, enter_tie
from primum.actions.file_report import NewReport, file_report
from primum.actions.look import Seen, look
from primum.actions.posts import seat, vacate
from primum.actions.release import release
from primum.actions.stop import suspend
from primum.cases.verify import verify
from primum.core.vocabulary import Verb
from primum.people import mission
from primum.people.models import Person
from primum.people.sight import NoViewer, require, viewing
from primum.register.models import Match
from tests.builders import (
    CAREFUL,
    DAY,
    INSTANT,
    advised,
    commitments,
    emptied,
    looks,
    on_short,
    party,
    post,
    yes,
)
from tests.cast import NOW, viewer

WORDS = "They beat a man at the gate."
TOLD = "Stopped until further notice."


@dataclass
class Kept:
    verb: str
    digest: str
    line: str


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_no_digest_can_be_guessed_from_its_words() -> None:
    """Ids, posts and digests: no line holds words, nor a hash of words without their salt."""
    case, who = on_short(), viewer("samir")
    owed, seen = commitments(case), looks(case)
    nadia, grace = viewer("nadia"), viewer("grace")
    breach = record_delivery(
        by=nadia, now=NOW, activity=case.activity, delivery=NewDelivery(case.line, WORDS),
        happened=NOW,
    )  # fmt: skip
    answer_breach(by=who, now=NOW, delivery=breach, words=WORDS)
    answer_commitment(
        by=viewer("tomas"), now=NOW, commitment=owed[0].id, answer="broken", words=WORDS
    )
    look(by=grace, now=NOW, look=seen[0].id, seen=Seen("grave", "visit", {}, WORDS))
    release(by=who, now=NOW, owed=seen[1].id, words=WORDS)
    suspend(by=who, now=NOW, activity=case.activity, words=WORDS, told=TOLD)
    unit = party()
    file_report(by=grace, now=NOW, report=NewReport((unit,), WORDS, NOW, "heard"))
    other = advised(CAREFUL)
    decide(by=who, now=NOW, activity=other.activity, decision=yes(words=WORDS, told=TOLD))
    seated = register_and_posts()

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT verb, digest, line FROM cases_entry")
        kept = [Kept(*row) for row in cursor.fetchall()]
    assert {"decide", "answer", "look", "release", "suspend", "report", "answer_breach",
            "record_breach", "enter", "enter_tie", "match", "seat",
            "vacate"} <= {each.verb for each in kept}  # fmt: skip
    tried = [*guesses(), *(json.dumps(words) for words in seated)]
    plain = {hashlib.sha256(guess.encode()).hexdigest() for guess in tried}
    for each in kept:
        assert each.digest not in plain, each.verb
        assert WORDS not in each.line and TOLD not in each.line
    said = [each.digest for each in kept if each.digest]
    assert len(said) == len(set(said)), "equal words have unequal digests"
    assert verify().whole


def register_and_posts() -> list[list[str]]:
    """A party, a tie, a match and two seats; what could be guessed of them, with every public key.

    Names of units are published, and who sat where is known to everybody: only a salt hides which
    name or which person a line is about, once the row is erased.
    """
    tomas, bruno = viewer("tomas"), viewer("bruno")
    one, other = (
        enter_party(by=tomas, now=NOW, party=NewParty(name, "unit")) for name in ("One", "Two")
    )
    tied = enter_tie(by=tomas, now=NOW, tie=NewTie(one, other, "commands", "Command"))
    match = Match(seal_id=mission.seal_named("open"), recipient="ONE", dataset="x", party_id=one,
                  why="same name")  # fmt: skip
    match.save(force_insert=True)
    answer_match(by=tomas, now=NOW, match=match.id, same=True)
    stranger, chair = Person.objects.get(username="stranger"), post("police-chief-of-staff")
    held = seat(by=bruno, now=NOW, person=stranger.id, post=chair)
    vacate(by=bruno, now=NOW + DAY, post=chair)
    told = [[str(stranger.id), str(NOW), "None"], [str(stranger.id), str(NOW), str(NOW + DAY)]]
    plain = [["One"], ["Two"], ["commands", "Command"], ["ONE", "confirmed"], [str(held)], *told]
    return [*plain, *([str(key), *words] for key in (one, other, tied, held) for words in plain)]


def guesses() -> list[str]:
    """What somebody with the words and the source code, but without the salts, would try."""
    lists = (
        [WORDS], [WORDS, TOLD], ["broken", WORDS], ["grave", "{}", WORDS],
        [WORDS, "", "heard"], ["go_with_conditions", TOLD, WORDS], [WORDS, NOW.isoformat(), ""],
        [WORDS, NOW.isoformat(), "before_commitments"],
    )  # fmt: skip
    return [*(json.dumps(words) for words in lists), *("".join(words) for words in lists), WORDS]


@pytest.mark.django_db
class TestChosenSeal:
    @pytest.mark.parametrize(
        ("kind", "code", "taken"),
        [
            ("look", "", True),
            ("look", "looks", True),
            ("look", "protection", False),  # watch keepers read it, who read no look
            ("look", "secretariat", True),
            ("look", "due-diligence", False),  # of the same level, and one more post reads it
            ("look", "support", False),
            ("decider", "looks", True),
            ("decider", "due-diligence", True),
            ("full_ruling", "assessors", False),
            ("report", "looks", False),
            ("activity", "open", False),
            ("register", "open", True),
            ("register", "vault", True),
        ],
    )
    def test_never_more_readers_and_never_a_lower_level(
        self, kind: str, code: str, taken: bool
    ) -> None:
        """Levels and audience: whoever reads under the seal named may read under the default."""
        with viewing(viewer("nadia")):
            if taken:
                named = code or mission.current().default_seals[kind]
                assert chosen_seal(Verb.PROPOSE, kind, code) == mission.seal_named(named)
            else:
                with pytest.raises(Refused, match="More people"):
                    chosen_seal(Verb.PROPOSE, kind, code)

    def test_a_seal_that_nobody_knows(self) -> None:
        """A name the mission does not have is no seal."""
        with viewing(viewer("nadia")), pytest.raises(Refused, match="no seal of this name"):
            chosen_seal(Verb.PROPOSE, "report", "top secret")


@pytest.mark.django_db
class TestHolding:
    def test_who_holds_the_post_acts(self) -> None:
        """The holding under which somebody acts is found."""
        found = holding(viewer("nadia"), NOW, Verb.PROPOSE)
        assert (found.person_id, found.post_id) == (viewer("nadia").person, viewer("nadia").post)

    def test_to_its_last_instant_and_no_longer(self) -> None:
        """A post that has run out acts no more, whatever viewer is still at hand."""
        nadia = viewer("nadia")
        row = holding(nadia, NOW, Verb.PROPOSE)
        emptied("police-training-officer", at=NOW + DAY)
        assert holding(nadia, NOW + DAY - INSTANT, Verb.PROPOSE).id == row.id
        with pytest.raises(Refused, match="no longer hold"):
            holding(nadia, NOW + DAY, Verb.PROPOSE)


@pytest.mark.django_db
def test_what_is_not_there_is_not_there() -> None:
    """An unknown key and a sealed one answer the same."""
    sealed = advised(CAREFUL, seal="decider").activity
    with viewing(viewer("ines")), pytest.raises(NotThere):
        activity_of(sealed)


@pytest.mark.django_db
def test_without_a_viewer_nothing_is_read() -> None:
    """Law 8: a query outside a viewing block, or in another's, raises."""
    with pytest.raises(NoViewer):
        require(viewer("samir"))
    with viewing(viewer("samir")), pytest.raises(NoViewer):
        require(viewer("nadia"))


def test_salts_and_digests() -> None:
    """Two salts differ, and so do the digests of the same words under them."""
    one, other = salt(), salt()
    assert one != other and len(one) == 32
    assert digest(one, WORDS) != digest(other, WORDS)
    assert digest(one, WORDS) == digest(one, WORDS)
    assert digest(one, "a", "b") != digest(one, "ab") != digest(one, "a b")


@pytest.mark.parametrize("blank", ["", " ", "\n\t "])
def test_words_that_say_nothing(blank: str) -> None:
    """Blanks are no reasons; words are kept without the blanks around them."""
    with pytest.raises(Refused, match="Say why"):
        needs(blank, Verb.DECIDE)
    assert needs("  Because.\n", Verb.DECIDE) == "Because."

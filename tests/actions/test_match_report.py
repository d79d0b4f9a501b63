"""Which effect a report of harm shows; what nobody foresaw goes to the steward, and no more."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from primum.actions.answer_surprise import answer_surprise
from primum.actions.base import NotThere
from primum.actions.file_report import NewReport, file_report
from primum.actions.match_report import Matched, match_report
from primum.actions.propose_protocol import propose_protocol
from primum.cases.models import Effect, EffectReport, Entry, Surprise
from primum.cases.queries.surprises import (
    cases_to_match,
    foresight,
    reports_to_match,
    surprise_page,
    surprises,
)
from primum.people import door, mission
from primum.people.sight import viewing
from tests.builders import (
    CAREFUL,
    DAY,
    GOOD,
    Case,
    advised,
    lines,
    party,
    proposed,
    refused,
    under_way,
)
from tests.builders_sealed import raised, report, sealed_as, undone
from tests.cast import NAMES, NOW, viewer
from tests.effects import SILENT, live, page, rows, weigh

pytestmark = pytest.mark.django_db
LATER = NOW + 5 * DAY
SECRET = "Seven traders were beaten behind the mill (invented)."


def running() -> Case:
    """Approved and under way, with one harm foreseen that is not serious."""
    case = under_way(CAREFUL)
    weigh(case, SILENT, GOOD, whole=False, now=NOW)
    return case


def harm(case: Case, seal: str = "", **more: object) -> UUID:
    return report(case.party, seal, "grace", LATER, what=SECRET, **more)


def match(
    case: Case, told: UUID, effect: UUID | None = None, name: str = "tomas", **more: object
) -> UUID:
    wish: dict[str, object] = {"how": "market", "order": 2, "words": "Prices doubled."}
    matched = Matched(told, case.activity, effect, **{**wish, **more})  # type: ignore[arg-type]
    return match_report(by=viewer(name, LATER), now=LATER, matched=matched)


def told_steward(name: str = "karim") -> list[tuple[object, ...]]:
    with viewing(viewer(name)):
        return [(s.title["en"], s.kinds, s.order, s.how) for s in surprises(viewer(name))]


class TestForeseen:
    def test_match(self) -> None:
        """The effect shows its report to those who may read that, and stays as it was to others."""
        case = running()
        key, told = live(case)[SILENT.what].id, harm(case)
        match(case, told, key)
        by_name = {
            name: next(line for line in page(case, name).every if line.id == key)
            for name in ("tomas", "jonas")
        }
        assert by_name["tomas"].matches == (told,) and by_name["jonas"].matches == ()
        assert by_name["tomas"].state == by_name["jonas"].state == "expected"
        assert told_steward() == []
        assert lines(case.activity)[-1] == "match_report"

    def test_once(self) -> None:
        case = running()
        told = harm(case)
        match(case, told, live(case)[SILENT.what].id)
        with refused("matched"):
            match(case, told)

    def test_the_same_key_is_one_match(self) -> None:
        case = running()
        told, key = harm(case), uuid4()
        assert match(case, told, key=key) == match(case, told, key=key)
        with viewing(door.clock()):
            assert Surprise.objects.count() == 1

    def test_with_a_harm_that_stands_in_this_case(self) -> None:
        """Not with a good, a struck one, one of another case, or nothing."""
        case = running()
        good = live(case)[GOOD.what].id
        struck = next(row.id for row in rows(case) if row.state == "struck")
        told = harm(case)
        for key in (good, struck, uuid4()):
            with pytest.raises(NotThere):
                match(case, told, key)


class TestWhichReports:
    def test_about_a_party_of_an_approved_case(self) -> None:
        """Not before the yes, not about somebody else; unless its filer linked it."""
        early = advised(CAREFUL)
        told = harm(early)
        with refused("not_about"):
            match(early, told)
        case = running()
        other = report(party("Another unit"), now=LATER)
        with refused("not_about"):
            match(case, other)

    def test_linked_by_its_filer(self) -> None:
        """A harm by nobody we support may have come of it all the same."""
        case = proposed()
        wish = NewReport(
            (party("Bandits"),), "A shop burned (invented).", LATER, "plausible",
            activity=case.activity, invented=True,
        )  # fmt: skip
        told = file_report(by=viewer("grace", LATER), now=LATER, report=wish)
        with viewing(viewer("tomas")):
            assert [c.activity for c in cases_to_match(viewer("tomas"), told, LATER)] == [
                case.activity
            ]
        match(case, told)

    def test_a_case_that_is_not_there_is_not_linked(self) -> None:
        """Nor is one that is sealed from the filer: the same answer."""
        wish = NewReport((party(),), "Heard.", LATER, "heard", activity=uuid4())
        with refused("no_activity"):
            file_report(by=viewer("grace", LATER), now=LATER, report=wish)

    def test_only_harm(self) -> None:
        case = running()
        told = harm(case, kind="context")
        with refused("not_about"):
            match(case, told)

    def test_what_waits(self) -> None:
        """Listed until it is matched in each case; what was refuted is not."""
        case = running()
        told = harm(case)
        harm(case, confidence="refuted")
        tomas = viewer("tomas")
        with viewing(tomas):
            assert [key for key, _ in reports_to_match(tomas, LATER)] == [told]
        match(case, told)
        with viewing(tomas):
            assert reports_to_match(tomas, LATER) == ()

    @pytest.mark.parametrize("name", ["grace", "samir", "nadia", "peter", "karim"])
    def test_who_may(self, name: str) -> None:
        case = running()
        told = harm(case)
        with refused("not_your_move"):
            match(case, told, name=name)

    def test_what_one_may_not_read_one_does_not_match(self) -> None:
        case = running()
        with pytest.raises(NotThere):
            match(case, harm(case, "secretariat"))
        with pytest.raises(NotThere):
            match(replace(case, activity=uuid4()), harm(case))


class TestSurprise:
    def test_the_steward_learns_what_was_not_asked(self) -> None:
        """Protocol, kind, order, and how: nothing of the case, the party or the report."""
        case = running()
        match(case, harm(case))
        assert told_steward() == [
            ("Support to security forces", ("training_advisory",), 2, "market")
        ] or told_steward()[0][1:] == (("training_advisory",), 2, "market")
        karim = viewer("karim")
        with viewing(karim):
            (shown,) = surprises(karim)
            said = repr(surprise_page(karim, shown.id))
        for secret in (SECRET, "Prices doubled", str(case.activity), str(case.party), "Kodwel"):
            assert secret not in said

    @pytest.mark.parametrize("how", ["", "magic"])
    def test_how_it_came_about_is_asked(self, how: str) -> None:
        case = running()
        told = harm(case)
        with refused("no_mechanism"):
            match(case, told, how=how)
        with refused("no_mechanism"):
            match(case, told, order=4)
        with refused("no_what"):
            match(case, told, words=" ")

    def test_who_sees_what_of_it(self) -> None:
        """The steward's row: steward, chief of staff, auditor. The effect: as its report."""
        case = running()
        match(case, harm(case))
        for name in NAMES:
            with viewing(viewer(name)):
                reads = name in ("tomas", "aminata", "ruth")
                assert Effect.objects.filter(state="surprise").exists() is reads, name
                assert EffectReport.objects.filter(kind="match").exists() is reads, name
                process = name in ("karim", "bruno", "lena")
                assert Surprise.objects.exists() is process, name
                entries = set(Entry.objects.values_list("verb", flat=True))
                assert ("surprise" in entries) is process, name
                sees = name in ("tomas", "aminata", "ruth", "peter")
                assert ("match_report" in entries) is sees, name

    def test_it_follows_the_seal_of_its_report(self) -> None:
        """Raised afterwards: the harm is gone from the page of those who may no longer read it."""
        case = running()
        told = harm(case)
        match(case, told)
        assert [line.what for line in page(case).surprises] == ["Prices doubled."]
        assert raised("report", told, "secretariat")
        assert page(case).surprises == ()
        assert [line.what for line in page(case, "aminata").surprises] == ["Prices doubled."]

    def test_the_page_of_the_others_is_the_same(self) -> None:
        """Matched, a surprise, or no report at all: one page to who reads no reports."""
        seen = []
        for kind in ("none", "matched", "surprise"):
            with undone():
                case = running()
                if kind != "none":
                    match(
                        case, harm(case), live(case)[SILENT.what].id if kind == "matched" else None
                    )
                for name in ("nadia", "jonas", "samir", "lena"):
                    shown = page(case, name)
                    lines_ = [(str(x.what), x.state, x.grounds, x.matches) for x in shown.every]
                    seen.append((name, sorted(lines_), shown.surprises, shown.reports))
        assert seen[:4] == seen[4:8] == seen[8:]

    def test_a_mission_that_seals_reports_otherwise(self) -> None:
        """Whatever seal the report has, the effect is as narrow."""
        case = running()
        with sealed_as("report", "assessors"):
            told = harm(case)
        match(case, told)
        assert page(case, "ruth").surprises == ()
        assert len(page(case).surprises) == 1


class TestAnswer:
    def key(self) -> UUID:
        case = running()
        match(case, harm(case))
        with viewing(viewer("karim")):
            return surprises(viewer("karim"))[0].id

    def answer(self, key: UUID, answer: str = "there", **more: object) -> None:
        wish: dict[str, object] = {"words": "Question worse_how asks it."}
        answer_surprise(
            by=viewer("karim"),
            now=LATER,
            surprise=key,
            answer=answer,
            **{**wish, **more},  # type: ignore[arg-type]
        )

    @pytest.mark.parametrize("answer", ["there", "not_general"])
    def test_in_words(self, answer: str) -> None:
        key = self.key()
        with refused("no_reasons"):
            self.answer(key, answer, words=" ")
        self.answer(key, answer)
        assert told_steward() == []
        with viewing(viewer("karim")):
            shown = surprise_page(viewer("karim"), key)
        assert shown is not None and (shown.answer, shown.version) == (answer, None)
        with refused("surprise_answered"):
            self.answer(key, answer)

    def test_changed_names_the_text(self) -> None:
        """Only a later text of the same protocol counts as a change of it."""
        key = self.key()
        with refused("no_version"):
            self.answer(key, "changed")
        with viewing(viewer("karim")):
            old = surprises(viewer("karim"))[0].protocol
        with refused("no_version"):
            self.answer(key, "changed", version=old)
        from primum.protocols.reader import text_of  # noqa: PLC0415

        text = text_of("support-to-security-forces").replace("lease: 90d", "lease: 80d")
        new = propose_protocol(
            by=viewer("karim"), now=LATER, text=text, filename="s.yaml", why="Asks for prices."
        )
        self.answer(key, "changed", version=new)
        with viewing(viewer("karim")):
            shown = surprise_page(viewer("karim"), key)
        assert shown is not None and shown.version == new

    def test_who_may(self) -> None:
        """The steward answers; who seats the steward reads; for the others it is not there."""
        key = self.key()
        for name, error in (("bruno", "not_your_move"), ("tomas", ""), ("nadia", "")):
            call = {"now": LATER, "surprise": key, "answer": "there", "words": "It does."}
            if error:
                with refused(error):
                    answer_surprise(by=viewer(name), **call)  # type: ignore[arg-type]
            else:
                with pytest.raises(NotThere):
                    answer_surprise(by=viewer(name), **call)  # type: ignore[arg-type]

    def test_an_answer_is_chosen(self) -> None:
        key = self.key()
        with refused("no_answer_to_surprise"):
            self.answer(key, "perhaps")


def test_foresight() -> None:
    """Harms foreseen among harms seen, as far as one may know; what is not matched is said."""
    case = running()
    for _ in range(2):
        match(case, harm(case), live(case)[SILENT.what].id)
    match(case, harm(case))
    harm(case)
    for name, wanted in (("tomas", (2, 1, 1)), ("jonas", (0, 0, 0)), ("nadia", (0, 0, 0))):
        with viewing(viewer(name)):
            found = foresight(viewer(name), LATER)
        assert (found.seen, found.foreseen, found.not_matched) == wanted, name


def test_the_seal_of_surprises_is_the_missions() -> None:
    """Missions name it; it opens to the steward's post."""
    assert mission.default_seal("surprise") == mission.seal_named("steward")

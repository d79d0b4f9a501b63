"""A yes answers for every serious harm: met by a commitment, or accepted in the decider's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from uuid import UUID, uuid4

import pytest

from primum.actions.accept_effect import accept_effect
from primum.actions.base import NotThere
from primum.actions.decide import NewDecision, decide
from primum.actions.release import release
from primum.actions.second_read_effects import second_read_effects
from primum.actions.weigh_effects import NewWeighing, weigh_effects
from primum.cases.models import Accepted, Commitment, Entry
from primum.core import effects
from primum.core.vocabulary import Choice
from primum.people import door
from primum.people.sight import viewing
from tests.builders import (
    BUILDING,
    CAREFUL,
    DAY,
    GOOD,
    GRAVE,
    Case,
    advised,
    commitments,
    lines,
    on_short,
    refused,
    stage,
    yes,
)
from tests.builders_sealed import sealed_as, undone
from tests.cast import NOW, viewer
from tests.effects import BEATEN, SILENT, live, page, read, ready, weigh

pytestmark = pytest.mark.django_db
MET = "access_any_time"
"""A commitment proposed wherever people may be held."""
CODES = {"effects_not_weighed", "effects_not_read", "effects_unmet"}


def choose(case: Case, decision: NewDecision, name: str = "samir") -> UUID:
    return decide(by=viewer(name), now=NOW, activity=case.activity, decision=decision)


def meet(case: Case, code: str) -> None:
    key = live(case)[BEATEN.what].id
    wish = NewWeighing(met={key: code})
    weigh_effects(by=viewer("tomas"), now=NOW, activity=case.activity, weighing=wish)


class TestNotWeighed:
    def test_a_yes_waits_for_every_pathway(self) -> None:
        """Nobody weighed them, or not all: a yes is refused, and told who does it."""
        case = advised(CAREFUL, weighing=False)
        for choice in (Choice.GO, Choice.GO_WITH_CONDITIONS):
            with refused("effects_not_weighed"):
                choose(case, yes(choice=choice))
        weigh(case, BEATEN, GOOD, whole=False)
        with refused("effects_not_weighed", "effects_unmet"):
            choose(case, yes())

    @pytest.mark.parametrize("choice", [Choice.NO, Choice.NOT_NOW])
    def test_a_no_waits_for_nothing(self, choice: Choice) -> None:
        """No costs no more than yes: it needs no effect weighed."""
        case = advised(CAREFUL, weighing=False)
        choose(case, NewDecision(choice, "Not now.", "Not approved."))
        assert stage(case) == ("not_done" if choice is Choice.NO else "assessed")

    def test_a_protocol_without_pathways_asks_for_none(self) -> None:
        assert stage(on_short()) == "decided"

    def test_who_may_not_decide_hears_that_first(self) -> None:
        """The gate tells nothing to a post whose decision it is not."""
        case = advised(CAREFUL, weighing=False)
        with refused("not_your_move"):
            choose(case, yes(), "jonas")


class TestSecondReader:
    @pytest.mark.parametrize("only", [(GOOD,), (SILENT,), ()], ids=["good", "harm", "nothing"])
    def test_a_one_sided_list_is_read_twice(self, only: tuple[effects, ...]) -> None:  # type: ignore[valid-type]
        """No harm, nothing but harm, or nothing at all: another person reads it before a yes."""
        case = advised(CAREFUL, weighing=False)
        made = weigh(case, *only)
        with refused("effects_not_read"):
            choose(case, yes())
        read(made)
        choose(case, yes())
        assert stage(case) == "decided"

    def test_what_was_missed_is_weighed_again(self) -> None:
        """“Something is missing” holds the yes up until somebody adds it."""
        case = advised(CAREFUL, weighing=False)
        read(weigh(case, GOOD), finds="missed")
        with refused("effects_not_read"):
            choose(case, yes())
        weigh(case, SILENT, whole=False)
        choose(case, yes())

    def test_another_person_reads_it(self) -> None:
        """Not the one who weighed, in whatever post; not the proposer; not a stranger to it."""
        case = advised(CAREFUL, weighing=False)
        made = weigh(case, GOOD)
        with refused("own_weighing"):
            read(made, "tomas")
        for name in ("samir", "jonas", "bruno"):
            with refused("not_your_move"):
                read(made, name)
        with pytest.raises(NotThere):
            read(made, "nadia")
        with pytest.raises(NotThere):
            read(uuid4())
        read(made, "grace")
        with refused("read_already"):
            read(made, "ruth")

    def test_what_a_reader_says(self) -> None:
        case = advised(CAREFUL, weighing=False)
        made = weigh(case, GOOD)
        with refused("no_finding"):
            read(made, finds="fine")
        with refused("no_reasons"):
            second_read_effects(
                by=viewer("ruth"), now=NOW, weighing=made, finds="agrees", words=" "
            )

    def test_it_is_read_as_it_stands(self) -> None:
        """Weighed anew meanwhile, the older sitting is not what anybody reads."""
        case = advised(CAREFUL, weighing=False)
        made = weigh(case, GOOD)
        weigh(case, replace(GOOD, what="More of it"), now=NOW + DAY, whole=False)
        with refused("read_already"):
            read(made, now=NOW + DAY)

    def test_that_it_was_needed_is_not_told_to_the_proposer(self) -> None:
        """A line “read a second time” would tell her what the list looks like."""
        case = advised(CAREFUL, weighing=False)
        read(weigh(case, GOOD))
        assert "second_read_effects" in lines(case.activity)
        with viewing(viewer("nadia")):
            told = Entry.objects.filter(case=case.activity).values_list("verb", flat=True)
            assert "second_read_effects" not in told and "weigh_effects" in told


class TestUnmet:
    def test_a_serious_harm_holds_a_yes_up(self) -> None:
        """A case that is ready but for that is not approved."""
        case = ready(BUILDING)
        with refused("effects_unmet"):
            choose(case, yes())

    @pytest.mark.parametrize(
        ("change", "held_up"),
        [
            ({}, True),
            ({"seriousness": "serious", "likelihood": "possible"}, True),
            ({"seriousness": "slight"}, False),
            ({"likelihood": "unlikely"}, False),
            ({"option": effects.DO_NOTHING}, False),
            ({"option": "Train somebody else"}, False),
        ],
    )
    def test_which_harms_do(self, change: Mapping[str, str], held_up: bool) -> None:
        """Serious or grave, possible or likely, of what is proposed; no other way holds it up."""
        case = ready(BUILDING, replace(BEATEN, **change), SILENT, GOOD)  # type: ignore[arg-type]
        assert bool(page(case).serious) is held_up
        if held_up:
            with refused("effects_unmet"):
                choose(case, yes())
        else:
            choose(case, yes())

    def test_met_by_a_commitment_that_is_asked_for(self) -> None:
        """The commitment counts when this yes asks for it, and not when it leaves it out."""
        case = ready(BUILDING)
        meet(case, MET)
        with refused("effects_unmet"):
            choose(case, yes(conditions=()))
        choose(case, yes(conditions=(MET,)))
        assert {each.code for each in commitments(case)} == {MET}

    def test_a_commitment_that_is_not_proposed_meets_nothing(self) -> None:
        """It would not be asked for."""
        case = ready(CAREFUL)
        meet(case, "medical_plan_ready")
        with refused("effects_unmet"):
            choose(case, yes(conditions=("medical_plan_ready",)))

    def test_one_that_is_owed_already_meets_it(self) -> None:
        """From an earlier approval, as long as it is neither broken nor let go."""
        case = ready(BUILDING)
        meet(case, MET)
        choose(case, yes())
        (owed,) = [each for each in commitments(case) if each.code == MET]
        with viewing(door.clock()):
            from primum.cases.effects import gate  # noqa: PLC0415

            assert not gate(case.activity, ()).unmet
        release(by=viewer("samir"), now=NOW, owed=owed.id, words="The post was closed.")
        with viewing(door.clock()):
            assert Commitment.objects.get(id=owed.id).state == "released"
            assert gate(case.activity, ()).unmet

    def test_accepted_with_the_decision(self) -> None:
        """The decider's own words, kept apart, under the seal of those who decide."""
        case = ready(BUILDING)
        key = live(case)[BEATEN.what].id
        with refused("effects_unmet"):
            choose(case, yes(accepts={key: "   "}))
        with refused("effects_unmet"):
            choose(case, yes(accepts={uuid4(): "Of another case."}))
        choose(case, yes(accepts={key: "Worse happens if nobody is there."}))
        assert page(case).serious[0].accepted == "Worse happens if nobody is there."
        assert page(case, "nadia").serious == ()
        with viewing(viewer("nadia")):
            assert not Accepted.objects.exists()

    def test_a_no_accepts_nothing(self) -> None:
        """Words typed for a yes that became a no are not kept as an acceptance."""
        case = ready(BUILDING)
        key = live(case)[BEATEN.what].id
        choose(case, NewDecision(Choice.NO, "No.", "No.", accepts={key: "Perhaps."}))
        with viewing(door.clock()):
            assert not Accepted.objects.exists()

    def test_past_a_hard_stop_no_acceptance_helps(self) -> None:
        case = ready(GRAVE)
        key = live(case)[BEATEN.what].id
        with refused("hard_stop"):
            choose(case, yes(accepts={key: "All the same."}))


class TestAccept:
    def accept(self, case: Case, name: str = "samir", what: str = BEATEN.what) -> None:
        accept_effect(
            by=viewer(name), now=NOW, effect=live(case)[what].id, words="Worse without us."
        )

    def test_before_the_decision(self) -> None:
        """Somebody who may decide accepts it; then the yes goes."""
        case = ready(BUILDING)
        self.accept(case)
        choose(case, yes())
        with viewing(viewer("nadia")):
            told = set(Entry.objects.filter(case=case.activity).values_list("verb", flat=True))
        assert "accept_effect" in lines(case.activity) and "accept_effect" not in told

    @pytest.mark.parametrize("name", ["jonas", "tomas", "aminata", "grace"])
    def test_who_may_not(self, name: str) -> None:
        """Only a post that may decide this case, and no hand of which is in it."""
        case = ready(BUILDING)
        with refused("not_your_move"):
            self.accept(case, name)

    def test_what_needs_none(self) -> None:
        case = ready(BUILDING, BEATEN, SILENT, GOOD)
        for what in (SILENT.what, GOOD.what):
            with refused("not_to_accept"):
                self.accept(case, what=what)
        with pytest.raises(NotThere):
            accept_effect(by=viewer("samir"), now=NOW, effect=uuid4(), words="Yes.")
        with refused("no_reasons"):
            accept_effect(by=viewer("samir"), now=NOW, effect=live(case)[BEATEN.what].id, words="")


class TestSealed:
    """Law 6: an effect sealed from the decider counts, and nothing tells which."""

    def sealed(self) -> Case:
        case = advised(BUILDING, weighing=False)
        weigh(case, replace(BEATEN, seal="secretariat"), SILENT, GOOD, by="tomas")
        return case

    def test_it_counts_and_is_not_told(self) -> None:
        """The same refusal as for one he sees; his page reads as if there were none."""
        case = self.sealed()
        assert BEATEN.what not in {line.what for line in page(case, "samir").every}
        assert page(case, "samir").serious == ()
        with refused("effects_unmet") as reasons:
            choose(case, yes())
        assert not reasons[0].values and BEATEN.what not in str(reasons[0])
        key = live(case)[BEATEN.what].id
        with refused("effects_unmet"):
            choose(case, yes(accepts={key: "Guessing a key helps nobody."}))

    def test_the_page_is_the_same_with_and_without(self) -> None:
        """Frozen values of what he sees, compared: equal."""
        seen = []
        for seal in ("secretariat", "none"):
            with undone():
                case = advised(BUILDING, weighing=False)
                extra = (replace(BEATEN, seal=seal),) if seal == "secretariat" else ()
                weigh(case, *extra, SILENT, GOOD)
                shown = page(case, "samir")
                seen.append(
                    (
                        [(line.what, line.order, line.state) for line in shown.every],
                        list(shown.struck and [line.struck_why for line in shown.struck]),
                        shown.reading and (shown.reading.needed, shown.reading.mine),
                        len(shown.unanswered),
                    )
                )
        assert seen[0] == seen[1]

    def test_it_makes_no_list_whole(self) -> None:
        """Who reads the good alone would else learn from the yes that a harm is there."""
        case = advised(CAREFUL, weighing=False)
        made = weigh(case, GOOD, replace(SILENT, seal="secretariat"))
        assert page(case, "samir").reading.needed  # type: ignore[union-attr]
        with refused("effects_not_read"):
            choose(case, yes())
        read(made, "ruth")
        choose(case, yes())

    def test_by_the_default_seal_of_a_mission_too(self) -> None:
        """Whatever a mission calls its seals: what lies above one's own is not there."""
        case = advised(BUILDING, weighing=False)
        with sealed_as("assessment", "secretariat"):
            weigh(case, BEATEN, SILENT, GOOD)
        with refused("effects_unmet"):
            choose(case, yes())


@pytest.mark.parametrize(
    ("seriousness", "likelihood", "met", "accepted"),
    list(product(effects.SERIOUSNESS, effects.LIKELIHOODS, (False, True), (False, True))),
)
def test_no_yes_without_an_answer(
    seriousness: str, likelihood: str, met: bool, accepted: bool
) -> None:
    """Every combination: a yes goes exactly where the core says that nothing is left to answer."""
    owed = effects.must_be_met(
        good=False, seriousness=seriousness, likelihood=likelihood, option=effects.AS_PROPOSED
    )
    one = replace(BEATEN, seriousness=seriousness, likelihood=likelihood)
    case = ready(BUILDING, replace(one, met_by=MET if met else ""), SILENT, GOOD)
    accepts = {live(case)[BEATEN.what].id: "Accepted."} if accepted else {}
    if owed and not (met or accepted):
        with refused("effects_unmet"):
            choose(case, yes(accepts=accepts))
    else:
        choose(case, yes(accepts=accepts))

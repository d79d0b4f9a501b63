"""A protocol comes in force by a second post; a loosened hard stop by the leadership alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from primum.actions.base import Refused
from primum.actions.propose_protocol import propose_protocol
from primum.actions.publish_protocol import install_protocol, publish_protocol
from primum.cases.models import Entry, ProtocolVersion, Publication
from primum.cases.queries import policy
from primum.core.protocol import ProtocolError
from primum.people import door
from primum.people.sight import viewing
from primum.protocols import text_of
from tests.builders import PROTOCOL, SHORT, short
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
STRICTER = SHORT.replace("watch: ", "watch: 1", 1)
SHIPPED = text_of(PROTOCOL)
LOOSER = SHIPPED.replace(
    "{rule: grave_violations_without_steps, passable_by: nobody}",
    "{rule: grave_violations_without_steps, passable_by: leadership}",
)


def proposed(text: str = STRICTER, by: str = "karim", days: float = 0) -> UUID:
    given = {"filename": "short.yaml", "why": "The looks of May came too late."}
    return propose_protocol(by=viewer(by), now=NOW + DAY * days, text=text, **given)


def publish(version: UUID, by: str = "aminata", days: float = 1, words: str = "Agreed.") -> UUID:
    return publish_protocol(by=viewer(by), now=NOW + DAY * days, version=version, words=words)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refused.value.refusal.reasons]


def in_force(name: str = "short-course") -> str:
    with viewing(viewer("ines")):
        return next(row.text for row in policy.protocols(viewer("ines")) if row.name == name)


@pytest.fixture(autouse=True)
def founded() -> Iterator[None]:
    short()
    yield


def test_a_second_post_puts_a_text_in_force() -> None:
    """Proposed, it changes nothing; published, it is what the next case is asked."""
    version = proposed()
    assert in_force() == SHORT
    publish(version)
    assert in_force() == STRICTER
    row = ProtocolVersion.objects.get(id=version)
    assert (row.text, row.proposed_by and row.proposed_by.post_id) == (
        STRICTER,
        viewer("karim").post,
    )
    with viewing(viewer("aminata")):
        assert Entry.objects.filter(case=version).count() == 2


def test_the_same_text_twice_is_the_same_version() -> None:
    assert proposed() == proposed(days=2)


@pytest.mark.parametrize("name", ["nadia", "jonas", "lena", "ines", "samir"])
def test_only_the_steward_proposes(name: str) -> None:
    with pytest.raises(Refused) as refused:
        proposed(by=name)
    assert codes(refused) == ["not_your_move"]


@pytest.mark.parametrize("name", ["nadia", "jonas", "lena", "tomas", "grace"])
def test_only_some_posts_publish(name: str) -> None:
    version = proposed()
    with pytest.raises(Refused) as refused:
        publish(version, by=name)
    assert codes(refused) == ["not_your_move"]
    assert in_force() == SHORT


def test_nobody_publishes_their_own_text() -> None:
    version = proposed()
    with pytest.raises(Refused) as refused:
        publish(version, by="karim")
    assert codes(refused) == ["own_protocol"]


def test_words_are_asked_of_both() -> None:
    with pytest.raises(Refused):
        propose_protocol(by=viewer("karim"), now=NOW, text=STRICTER, filename="x.yaml", why=" ")
    with pytest.raises(Refused):
        publish(proposed(), words=" ")


def test_what_is_in_force_is_not_published_twice() -> None:
    version = proposed()
    publish(version)
    with pytest.raises(Refused) as refused:
        publish(version, days=2)
    assert codes(refused) == ["in_force"]


def test_every_mistake_is_told_and_nothing_is_kept() -> None:
    before = ProtocolVersion.objects.count()
    with pytest.raises(ProtocolError) as wrong:
        proposed(SHORT.replace("watch: ", "watch: a while # ", 1).replace("lease: ", "leese: ", 1))
    assert len(wrong.value.mistakes) >= 2
    assert ProtocolVersion.objects.count() == before


def test_a_duty_nobody_carries_is_a_mistake() -> None:
    with pytest.raises(ProtocolError, match="is not a duty of this mission"):
        proposed(SHORT.replace("assesses: assesses", "assesses: assess_it_all", 1))


def test_a_loosened_hard_stop_needs_the_leadership() -> None:
    """And the words of the leadership stand on the page of the text, with what they loosened."""
    install_protocol(by=door.clock(), now=NOW, text=SHIPPED, filename="s.yaml")
    assert LOOSER != SHIPPED
    version = proposed(LOOSER)
    with pytest.raises(Refused) as refused:
        publish(version, by="aminata")
    assert codes(refused) == ["loosens_stop"]
    publish(version, by="samir", words="For the evacuation of March only.")
    with viewing(viewer("ines")):
        shown = policy.document(viewer("ines"), version)
    assert shown is not None
    (publication,) = shown.publications
    assert [because.code for because in publication.loosens] == ["stop_passable"]
    assert publication.words == "For the evacuation of March only."
    assert "stop_passable" in [because.code for because in shown.differences]


def test_a_tightened_stop_does_not() -> None:
    install_protocol(by=door.clock(), now=NOW, text=SHIPPED, filename="s.yaml")
    tighter = SHIPPED.replace(
        "{rule: joint_without_medical_plan, passable_by: leadership}",
        "{rule: joint_without_medical_plan, passable_by: nobody}",
    )
    assert tighter != SHIPPED
    publish(proposed(tighter), by="aminata")
    assert in_force(PROTOCOL) == tighter


def test_an_upgrade_does_not_undo_what_the_mission_published() -> None:
    publish(proposed())
    newer = SHORT.replace("watch: ", "watch: 2", 1)
    install_protocol(by=door.clock(), now=NOW + 5 * DAY, text=newer, filename="short.yaml")
    assert in_force() == STRICTER
    assert ProtocolVersion.objects.filter(text=newer).exists()


def test_an_upgrade_replaces_a_text_that_shipped() -> None:
    newer = SHORT.replace("watch: ", "watch: 2", 1)
    install_protocol(by=door.clock(), now=NOW + DAY, text=newer, filename="short.yaml")
    assert in_force() == newer
    install_protocol(by=door.clock(), now=NOW + 2 * DAY, text=newer, filename="short.yaml")
    assert Publication.objects.filter(version__name="short-course").count() == 2


def test_only_the_program_installs() -> None:
    with pytest.raises(Refused) as refused:
        install_protocol(by=viewer("karim"), now=NOW, text=STRICTER, filename="short.yaml")
    assert codes(refused) == ["not_your_move"]

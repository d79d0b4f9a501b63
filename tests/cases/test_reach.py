"""Whom a stop covers: the database's walk over dated ties, beside the core's reading of dates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from primum.actions.stop import NewStop, Righted, lift, suspend_scope
from primum.cases import standing
from primum.cases.models import Lift, Stop
from primum.cases.queries import stops
from primum.core.command import Holding, Open, Span, parse_date
from primum.people import mission
from primum.people.sight import viewing
from primum.register.models import Tie
from tests.builders import DAY, party, tie, under_way
from tests.builders_sealed import raised
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db

DATES = ("", "2025", "2026-03", "2026-03-10", "2026-04-01")
DAYS = (
    *(date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 3, 1)),
    *(date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11), date(2026, 3, 31)),
    *(date(2026, 4, 1), date(2026, 4, 2), date(2027, 1, 1)),
)


def dated(first: str, last: str, open_ended: str, start: bool | None, **more: object) -> UUID:
    fields: dict[str, object] = {"kind": "commands", "upper_id": party(), "lower_id": party()}
    row = Tie(
        id=uuid4(),
        seal_id=mission.default_seal("register"),
        first_cited=first,
        last_cited=last,
        open_ended=open_ended,
        first_is_start=start,
        **{**fields, **more},
    )
    row.save(force_insert=True)
    return row.id


def may_hold(key: UUID) -> list[bool]:
    """What the database says of each of DAYS."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tie_may_hold(t, d) FROM register_tie t, unnest(%s::date[])"
            " WITH ORDINALITY AS o(d, n) WHERE t.id = %s ORDER BY n",
            [list(DAYS), key],
        )
        return [bool(row[0]) for row in cursor.fetchall()]


@pytest.mark.parametrize("open_ended", ["Y", "N", "E", ""])
@pytest.mark.parametrize("start", [True, False, None])
def test_the_database_reads_dates_as_the_core_does(open_ended: str, start: bool | None) -> None:
    """Ruled out exactly where the core says “no”: every precision, every order of two dates."""
    with viewing(viewer("tomas")):
        for first, last in product(DATES, DATES):
            key = dated(first, last, open_ended, start)
            span = Span(parse_date(first), parse_date(last), Open(open_ended), start)
            wanted = [span.held_on(day) is not Holding.NO for day in DAYS]
            assert may_hold(key) == wanted, (first, last, open_ended, start)


class TestAnotherStatement:
    """A posting entered as going on, and later entered as ended: the end counts."""

    def test_an_end_ends_what_was_open(self) -> None:
        upper, lower = party("Imre Talvane", "person"), party()
        more = {"upper_id": upper, "lower_id": lower, "kind": "holds_post", "role": "Commander"}
        going = dated("2026-01", "", "Y", True, **more)
        dated("2026-01", "2026-03-10", "E", True, **more)
        with viewing(viewer("tomas")):
            assert may_hold(going) == [day >= date(2026, 1, 1) and day <= date(2026, 3, 10)
                                       for day in DAYS]  # fmt: skip

    def test_who_came_back_is_back(self) -> None:
        upper, lower = party("Imre Talvane", "person"), party()
        more = {"upper_id": upper, "lower_id": lower, "kind": "holds_post", "role": "Commander"}
        dated("2025", "2026-03-09", "E", True, **more)
        back = dated("2026-04-01", "", "Y", True, **more)
        with viewing(viewer("tomas")):
            assert may_hold(back) == [day >= date(2026, 4, 1) for day in DAYS]

    def test_the_end_of_another_role_is_another_matter(self) -> None:
        """A deputy until the tenth, the commander from then on."""
        upper, lower = party("Imre Talvane", "person"), party()
        more = {"upper_id": upper, "lower_id": lower, "kind": "holds_post"}
        dated("2025", "2026-03-10", "E", True, role="Deputy commander", **more)
        now = dated("2026-03-10", "", "Y", True, role="Commander", **more)
        with viewing(viewer("tomas")):
            assert may_hold(now) == [day >= date(2026, 3, 10) for day in DAYS]


def test_ties_that_turn_in_a_circle_end() -> None:
    """Bad data never hangs a delivery: the walk ends on any network."""
    one, two = party(), party("Another")
    for upper, lower in ((one, two), (two, one), (one, one)):
        for kind in ("commands", "renamed_to"):
            if (upper, lower, kind) != (one, one, "commands"):
                tie(upper, lower, kind)
    with viewing(viewer("tomas")), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM stop_reach(%s::uuid[], %s)", [[one], NOW.date()])
        (count,) = cursor.fetchone() or (0,)
    assert 0 < count < 10


def test_the_preview_and_the_gate_agree_where_everything_is_seen() -> None:
    """To whoever sees every row, what would stop is what then stops, scope by scope."""
    case = under_way()
    force, officer = party("SNPS", "force"), party("Imre Talvane", "person")
    tie(force, case.party)
    more = {"kind": "holds_post", "role": "Commander", "lower_id": case.party}
    dated("2026-01", "", "Y", True, upper_id=officer, **more)
    elsewhere, other = party("River Post"), party("Osk Derrin", "person")
    dated("2026-01", "", "Y", True, upper_id=other, **{**more, "lower_id": elsewhere})
    for scope, key, covers in (
        ("unit", case.party, True),
        ("commander", officer, True),
        ("all", force, True),
        ("all", case.party, True),
        ("unit", force, False),
        ("unit", elsewhere, False),
        ("commander", other, False),
    ):
        with viewing(viewer("samir")):
            shown = stops.preview(viewer("samir"), scope, key, NOW)
            before = standing.stopped(case.activity, NOW)
        assert before == ()
        assert bool(shown.lines) == covers, (scope, key)
        made = suspend_scope(by=viewer("samir"), now=NOW, stop=NewStop(scope, "So.", party=key))
        with viewing(viewer("samir")):
            assert bool(standing.stopped(case.activity, NOW)) == covers, (scope, key)
        lift(by=viewer("samir"), now=NOW, stop=made, righted=Righted("So.", "Seen."))


class TestSeals:
    def test_a_stop_goes_up_with_its_activity(self) -> None:
        """Raised to the secretariat, who stopped a line of it and why is the secretariat's too."""
        case = under_way()
        wish = NewStop("line", "So.", activity=case.activity, line=case.line)
        key = suspend_scope(by=viewer("samir"), now=NOW, stop=wish)
        lift(by=viewer("samir"), now=NOW + DAY, stop=key, righted=Righted("So.", "Seen."))
        assert seen("jonas") == (1, 1)
        assert raised("activity", case.activity, "secretariat")
        assert seen("jonas") == (0, 0)
        assert seen("aminata") == (1, 1)

    @pytest.mark.parametrize("name", NAMES)
    def test_who_reads_a_stop(self, name: str) -> None:
        """Those who read the reasons of decisions, and nobody else; the auditor sees process."""
        suspend_scope(by=viewer("samir"), now=NOW, stop=NewStop("unit", "So.", party=party()))
        readers = {"tomas", "aminata", "ruth", "grace", "jonas", "helena", "samir", "bruno"}
        assert (seen(name)[0] == 1) == (name in readers)

    @pytest.mark.parametrize("table", ["cases_stop", "cases_lift", "cases_renewal"])
    def test_nothing_of_it_is_rewritten(self, table: str) -> None:
        """Law 11: neither updated nor deleted, whoever asks."""
        for statement in (f"UPDATE {table} SET salt = salt", f"DELETE FROM {table}"):
            with viewing(viewer("samir")), pytest.raises(DatabaseError), transaction.atomic():
                connection.cursor().execute(statement)


def seen(name: str, now: datetime = NOW) -> tuple[int, int]:
    with viewing(viewer(name, now + timedelta(0))):
        return Stop.objects.count(), Lift.objects.count()

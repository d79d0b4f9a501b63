"""Who is looking: the token, the block, the roles, and the walls of every sealed table."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings, settings
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from primum.cases.models import Activity, Assessment, Report, Ruling
from primum.cases.queries import lists
from primum.people import mission, sight
from primum.people.models import Post
from primum.people.sight import NoViewer, Viewer, require, viewing
from tests import builders
from tests.builders_sealed import CLOCK, LOW, asked, client_of, content_of, raised, report
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db
NO_VIEWER, BAD_TOKEN, NOT_ALLOWED, POLICY = "PV001", "PV002", "42501", "42501"


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> None:
    settings.CLOCK = CLOCK


@contextmanager
def refused(state: str) -> Iterator[None]:
    """The database says no with this very code, and the transaction goes on."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        yield
    assert getattr(caught.value.__cause__, "sqlstate", "") == state, caught.value


def sql(statement: str, *values: Any) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def token_in_force() -> str:
    return str(sql("SELECT coalesce(current_setting('primum.viewer', true), '')")[0][0])


def signed(person: object, post: object, until: int, secret: str | None = None) -> str:
    """A token as the server would sign it, with a secret of one's own if wished."""
    said = f"{person}|{post}|{until}"
    key = hashlib.sha256(b"primum sight " + (secret or settings.SECRET_KEY).encode()).digest()
    return f"{said}|{hmac.new(key, said.encode(), hashlib.sha256).hexdigest()}"


def look_as(token: str) -> int:
    """How many seals somebody sees who set this token by themselves."""
    sql("SELECT set_config('primum.viewer', %s, true)", token)
    return len(sql("SELECT unnest(visible_seals())"))


def soon() -> int:
    return int(time.time()) + 60


class TestNoViewer:
    def test_a_query_without_a_block_raises(self) -> None:
        """Outside a block, a query asked for somebody raises instead of answering nothing."""
        with pytest.raises(NoViewer):
            lists.activities(viewer("nadia"), lists.Filter())

    def test_a_query_for_somebody_else_raises(self) -> None:
        """Inside Nadia's block nobody asks in Tomas' name."""
        with viewing(viewer("nadia")), pytest.raises(NoViewer):
            lists.activities(viewer("tomas"), lists.Filter())

    def test_the_same_person_in_another_post_is_somebody_else(self) -> None:
        """The block is for a person in a post, not for a person."""
        nadia = viewer("nadia")
        other = Viewer(nadia.person, uuid4(), frozenset())
        with viewing(nadia), pytest.raises(NoViewer):
            require(other)

    def test_rows_without_a_viewer_are_an_error_of_the_database(self) -> None:
        """A forgotten filter is no empty list: PostgreSQL refuses as soon as there is a row."""
        report(builders.assessed(dict(LOW)).party)
        for model in (Activity, Report, Assessment):
            with refused(NO_VIEWER):
                model.objects.count()

    def test_gates_without_a_viewer_answer_nothing(self) -> None:
        """No engine function tells anything to nobody."""
        key = uuid4()
        for call in (
            "SELECT visible_seals()",
            f"SELECT * FROM activity_owed('{builders.decided(dict(LOW)).activity}', now())",
            f"SELECT * FROM before_unmet('{key}')",
            f"SELECT * FROM activity_pulse('{key}', now())",
            "SELECT * FROM mission_totals(now())",
            f"SELECT raise_seal('report', '{key}', '{key}')",
        ):
            try:
                with transaction.atomic():
                    assert sql(call) == []
            except DatabaseError as error:
                assert getattr(error.__cause__, "sqlstate", "") == NO_VIEWER


class TestToken:
    def test_a_signed_token_is_taken(self) -> None:
        """The control: what the server signs opens the eyes of that post."""
        aminata = viewer("aminata")
        assert look_as(signed(aminata.person, aminata.post, soon())) > 0

    def test_another_key_is_refused(self) -> None:
        """A token signed with another secret is nobody's."""
        aminata = viewer("aminata")
        with refused(BAD_TOKEN):
            look_as(signed(aminata.person, aminata.post, soon(), "another secret"))

    def test_a_token_past_its_time_is_refused(self) -> None:
        """A stolen token dies with its hour."""
        aminata = viewer("aminata")
        with refused(BAD_TOKEN):
            look_as(signed(aminata.person, aminata.post, int(time.time()) - 1))

    @pytest.mark.parametrize("part", [0, 1, 2])
    def test_an_altered_token_is_refused(self, part: int) -> None:
        """Changing person, post or time in a good token breaks its signature."""
        nadia, aminata = viewer("nadia"), viewer("aminata")
        parts = signed(nadia.person, nadia.post, soon()).split("|")
        parts[part] = str([aminata.person, aminata.post, soon() + 9999][part])
        with refused(BAD_TOKEN):
            look_as("|".join(parts))

    @pytest.mark.parametrize(
        "shape", ["{post}", "{person}|{post}", "{token}|", "{token}|x", "|||", "a|b|c|d", "'"]
    )
    def test_what_is_no_token_is_refused(self, shape: str) -> None:
        """A plain post key, a cut or lengthened token: refused, never taken for a viewer."""
        aminata = viewer("aminata")
        token = signed(aminata.person, aminata.post, soon())
        said = shape.format(person=aminata.person, post=aminata.post, token=token)
        with refused(BAD_TOKEN):
            look_as(said)

    def test_the_token_is_never_part_of_a_statement(self, tmp_path: Path) -> None:
        """Statements are shown to other sessions of the role; what is bound to them is not."""
        connection.ensure_connection()
        wire = connection.connection.pgconn
        with (tmp_path / "wire").open("wb") as out:
            wire.trace(out.fileno())
            try:
                with viewing(viewer("aminata")):
                    token = token_in_force()
            finally:
                wire.untrace()
        sent = [line for line in (tmp_path / "wire").read_text().splitlines() if "\tF\t" in line]
        with_token = {line.split("\t")[3].split()[0] for line in sent if token in line}
        assert with_token == {"Bind"}
        assert any("set_config($2, $3, true)" in line for line in sent)

    def test_a_token_does_not_outlive_its_transaction(self) -> None:
        """The viewer is set for the block; afterwards none is left on the connection."""
        with viewing(viewer("aminata")):
            assert token_in_force()
        assert token_in_force() == ""


class TestBlock:
    def test_nested_blocks_restore_the_former_viewer(self) -> None:
        """After an inner block the outer viewer looks again, in PostgreSQL and in Python."""
        nadia, aminata = viewer("nadia"), viewer("aminata")
        with viewing(nadia):
            before = token_in_force()
            with viewing(aminata):
                assert str(aminata.post) in token_in_force()
            assert token_in_force() == before
            require(nadia)
        assert token_in_force() == ""
        with pytest.raises(NoViewer):
            require(nadia)

    def test_an_error_inside_restores_the_former_viewer(self) -> None:
        """An exception does not leave the next query with somebody else's eyes."""
        nadia = viewer("nadia")
        with viewing(nadia):
            before = token_in_force()
            with pytest.raises(ZeroDivisionError), viewing(viewer("aminata")):
                1 / 0  # noqa: B018
            assert token_in_force() == before
            require(nadia)

    def test_a_database_error_inside_restores_the_former_viewer(self) -> None:
        """A broken statement rolls back to the block's start, viewer included."""
        nadia = viewer("nadia")
        with viewing(nadia):
            before = token_in_force()
            with pytest.raises(DatabaseError), viewing(viewer("aminata")):
                sql("SELECT 1 / 0")
            assert token_in_force() == before
        assert token_in_force() == ""

    def test_a_released_savepoint_inside_leaves_the_viewer(self) -> None:
        """An inner atomic block neither opens nor shuts anybody's eyes."""
        aminata = viewer("aminata")
        with viewing(aminata):
            with transaction.atomic():
                sql("SELECT 1")
            assert str(aminata.post) in token_in_force()

    def test_a_request_leaves_no_viewer_behind(self) -> None:
        """After a page nobody looks, whether it was found or not."""
        client = client_of(viewer("aminata"))
        for address in ("/", f"/activities/{uuid4()}/", "/nowhere/"):
            client.get(address)
            assert token_in_force() == ""


class TestStreams:
    def test_an_export_has_rows(self) -> None:
        """A body streamed after the request's block opens a block of its own: rows, not nothing."""
        builders.proposed()
        answer = client_of(viewer("nadia")).get(reverse("activity_export"))
        assert answer.streaming
        assert token_in_force() == ""
        lines = content_of(answer).decode().splitlines()
        assert len(lines) == 2 and "Kodwel" in lines[1]
        assert token_in_force() == ""

    def test_a_broken_off_export_leaves_no_viewer(self) -> None:
        """A reader who hangs up halfway leaves nobody's eyes behind."""
        builders.proposed()
        answer = client_of(viewer("nadia")).get(reverse("activity_export"))
        assert answer.streaming
        stream: Any = answer
        next(iter(stream))
        for close in stream._resource_closers:  # close() would also end the test's connection
            close()
        assert token_in_force() == ""
        with pytest.raises(NoViewer):
            require(viewer("nadia"))

    def test_an_export_gives_what_the_pages_give(self) -> None:
        """A careless export holds nothing that its reader's pages do not."""
        builders.proposed()
        asked(title="Sealed away", seal="secretariat")
        for name in ("nadia", "ines", "eva", "lena"):
            answer = client_of(viewer(name)).get(reverse("activity_export"))
            assert b"Sealed away" not in content_of(answer)
        answer = client_of(viewer("aminata")).get(reverse("activity_export"))
        assert b"Sealed away" in content_of(answer)


class TestWriting:
    def test_one_may_file_above_ones_sight(self) -> None:
        """A field monitor's report is kept, and she cannot read it back."""
        key = report(builders.party(), "secretariat", by="grace")
        with viewing(viewer("grace")):
            assert not Report.objects.filter(id=key).exists()
        with viewing(viewer("aminata")):
            assert Report.objects.filter(id=key).exists()

    def test_what_one_does_not_see_one_does_not_change(self) -> None:
        """An UPDATE of an invisible row hits nought rows, and says so like one of no row."""
        key = report(builders.party())
        with viewing(viewer("nadia")):
            assert Report.objects.filter(id=key).update(confidence="refuted") == 0
            assert Report.objects.filter(id=uuid4()).update(confidence="refuted") == 0
        with viewing(viewer("tomas")):
            assert Report.objects.get(id=key).confidence == "plausible"

    def test_one_cannot_delete(self) -> None:
        """Nothing is deleted, by whoever sees it."""
        key = report(builders.party())
        with viewing(viewer("tomas")), refused(NOT_ALLOWED):
            sql("DELETE FROM cases_report WHERE id = %s", key)

    @pytest.mark.parametrize("seal", ["support", "protection"])
    def test_raising_a_seal_works(self, seal: str) -> None:
        """Whoever sees a report may raise it to the secretariat, above their own sight."""
        key = report(builders.party(), seal)
        assert raised("report", key, "secretariat", by="tomas")
        with viewing(viewer("tomas")):
            assert not Report.objects.filter(id=key).exists()

    @pytest.mark.parametrize("seal", ["open", "support", "protection"])
    def test_lowering_by_the_function_is_refused(self, seal: str) -> None:
        """The function only raises."""
        key = report(builders.party(), "protection")
        assert not raised("report", key, seal, by="tomas")
        with viewing(viewer("nadia")):
            assert not Report.objects.filter(id=key).exists()

    @pytest.mark.parametrize("seal", ["open", "support"])
    def test_lowering_by_a_plain_update_is_refused(self, seal: str) -> None:
        """No UPDATE of the web role lowers a seal: a slip of the code must not open a report."""
        key = report(builders.party(), "protection")
        with viewing(viewer("tomas")):
            lower = mission.seal_named(seal)
            try:
                with transaction.atomic():
                    Report.objects.filter(id=key).update(seal=lower)
            except DatabaseError:
                pass
        with viewing(viewer("nadia")):
            assert not Report.objects.filter(id=key).exists()

    def test_the_wall_against_the_named_is_not_taken_down(self) -> None:
        """No UPDATE of the web role empties whom a report is withheld from (law 8)."""
        key = report(builders.contingent(), "support")
        with viewing(viewer("tomas")):
            try:
                with transaction.atomic():
                    Report.objects.filter(id=key).update(
                        withheld_organisations=[], withheld_states=[]
                    )
            except DatabaseError:
                pass
        with viewing(viewer("eva")):
            assert not Report.objects.filter(id=key).exists()

    def test_raising_by_somebody_who_does_not_see_it_does_nothing(self) -> None:
        """The answer for a hidden record is that for a record that is not there."""
        key = report(builders.party(), "protection")
        assert raised("report", key, "secretariat", by="nadia") is False
        assert raised("report", uuid4(), "secretariat", by="nadia") is False

    def test_raising_by_the_party_it_is_withheld_from_does_nothing(self) -> None:
        """A report withheld from Eva does not exist for her, whatever function she calls."""
        key = report(builders.contingent(), "support")
        assert raised("report", key, "secretariat", by="eva") is False
        with viewing(viewer("tomas")):
            assert Report.objects.filter(id=key).exists()

    def test_raising_never_puts_a_thing_out_of_the_clocks_sight(self) -> None:
        """An activity nobody sees, not even the clock, would never lapse: refused."""
        case = builders.decided(dict(LOW))
        raised("activity", case.activity, "vault")
        with viewing(viewer("nadia")):
            assert Activity.objects.filter(id=case.activity).exists()

    @pytest.mark.parametrize(
        "kind",
        [
            "seal",
            "entry",
            "chain",
            "report r; DROP TABLE cases_report; --",
            "report'",
            "Report",
            "",
        ],
    )
    def test_raise_seal_takes_no_other_kind(self, kind: str) -> None:
        """The kind is one of a fixed list, so no name of a table gets in."""
        with viewing(viewer("tomas")), refused("PV003"):
            sql("SELECT raise_seal(%s, %s, %s)", kind, uuid4(), uuid4())

    def test_what_was_judged_is_not_rewritten(self) -> None:
        """Assessments and rulings are superseded; the web role cannot edit one (law 11)."""
        builders.assessed(dict(LOW))
        with viewing(viewer("tomas")):
            with refused(NOT_ALLOWED):
                Assessment.objects.update(answers={})
            with refused(NOT_ALLOWED):
                Ruling.objects.update(text="{}")

    @pytest.mark.parametrize("table", ["advice", "ground", "decision", "assessment", "ruling"])
    def test_no_column_of_what_was_chosen_may_be_changed(self, table: str) -> None:
        """Of a decision only its confirmation and its lease's end are written later (law 11)."""
        may = {
            str(row[0])
            for row in sql(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
                " AND NOT attisdropped AND has_column_privilege(attrelid, attnum, 'UPDATE')",
                f"cases_{table}",
            )
        }
        assert may <= {"confirmed", "confirmed_by_id", "lease_ended"}


class TestWebRole:
    """What the role that pages sign in as may not do, whatever slips into its queries."""

    @pytest.mark.parametrize(
        "statement",
        [
            "SELECT * FROM people_sightkey",
            "UPDATE people_sightkey SET pad_inner = ''",
            "INSERT INTO people_sightkey VALUES (2, '', '')",
            "INSERT INTO people_seal (id, code, level, purpose)"
            " VALUES (gen_random_uuid(), 'mine', 0, '')",
            "UPDATE people_seal SET level = 0",
            "UPDATE people_seal_posts SET post_id = post_id",
            "INSERT INTO people_seal_posts (seal_id, post_id) SELECT seal_id, post_id"
            " FROM people_seal_posts LIMIT 1",
            "INSERT INTO people_seal_organisations (seal_id, organisation_id)"
            " SELECT seal_id, organisation_id FROM people_seal_organisations LIMIT 1",
            "DELETE FROM people_seal_organisations",
            "UPDATE people_organisation SET parent_id = NULL",
            "UPDATE people_post SET sees_to = 3",
            "UPDATE people_post SET duties = '{decides_leadership}'",
            "INSERT INTO people_post SELECT * FROM people_post LIMIT 1",
            "SELECT seq FROM cases_entry",
            "SELECT hash FROM cases_entry",
            "SELECT line FROM cases_entry",
            "SELECT digest FROM cases_entry",
            "SELECT * FROM cases_chain",
            "SELECT * FROM cases_checkpoint",
            "SELECT * FROM cases_checkpointhead",
            "INSERT INTO cases_entry (id) VALUES (gen_random_uuid())",
            "UPDATE cases_entry SET verb = 'approve'",
            "DELETE FROM cases_entry",
            "TRUNCATE cases_entry CASCADE",
            "UPDATE cases_entrysight SET seal_id = seal_id",
            "DELETE FROM cases_entrysight",
            "SET ROLE primum_engine",
            "SET ROLE primum_owner",
            "SET SESSION AUTHORIZATION primum_owner",
            "ALTER TABLE cases_report DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE cases_report NO FORCE ROW LEVEL SECURITY",
            "CREATE POLICY mine ON cases_report USING (true)",
            "ALTER POLICY sees ON cases_report USING (true)",
            "DROP POLICY sees ON cases_report",
            "ALTER TABLE cases_entry DISABLE TRIGGER ALL",
            "CREATE TABLE mine (id int)",
            "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE OR REPLACE FUNCTION visible_seals() RETURNS uuid[] LANGUAGE sql AS 'SELECT 1'",
            "ALTER FUNCTION visible_seals() OWNER TO primum_web",
            "GRANT primum_engine TO primum_web",
            "CREATE VIEW mine AS SELECT 1",
        ],
    )
    def test_refused(self, statement: str) -> None:
        """The statement is refused to the web role for want of a right."""
        with viewing(viewer("aminata")), refused(NOT_ALLOWED):
            sql(statement)

    def test_it_is_the_web_role(self) -> None:
        """These tests run as the role they speak of, which passes no wall by its nature."""
        assert sql("SELECT current_user::text, session_user::text") == [("primum_web",) * 2]
        rights = "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = %s"
        for role in ("primum_web", "primum_engine", "primum_owner"):
            assert sql(rights, role) == [(False,)]

    def test_switching_row_security_off_gives_an_error(self) -> None:
        """`row_security = off` is a wish to fail rather than be filtered, never a way past."""
        report(builders.party())
        with viewing(viewer("nadia")), refused(NOT_ALLOWED):
            sql("SET LOCAL row_security = off")
            sql("SELECT * FROM cases_report")

    def test_conditions_do_not_run_on_hidden_rows(self) -> None:
        """A cast that would fail with a hidden text in its message never sees that text."""
        report(builders.party(), what="not a number")
        with viewing(viewer("nadia")):
            assert sql("SELECT count(*) FROM cases_report WHERE what::int > 0") == [(0,)]
        with viewing(viewer("tomas")), refused("22P02"):
            sql("SELECT count(*) FROM cases_report WHERE what::int > 0")

    def test_the_posts_that_seals_name_are_few(self) -> None:
        """A viewer sees the seals of their own sight and no other."""
        with viewing(viewer("nadia")):
            assert {row[0] for row in sql("SELECT code FROM people_seal")} == {"open", "support"}

    @pytest.mark.parametrize("name", NAMES)
    def test_nobody_reads_the_vault_seal(self, name: str) -> None:
        """Level 4 opens to nobody here, not even to those above."""
        with viewing(viewer(name)):
            assert "vault" not in {row[0] for row in sql("SELECT code FROM people_seal")}

    def test_a_post_cannot_be_chosen_by_a_setting(self) -> None:
        """Whoever sets the viewer to a bare post key sees an error, not that post's rows."""
        report(builders.party())
        post = Post.objects.get(code="chief-due-diligence").id
        with refused(BAD_TOKEN):
            sql("SELECT set_config('primum.viewer', %s, true)", str(post))
            sql("SELECT * FROM cases_report")


SEALED_TABLES = """
SELECT c.oid::regclass::text, c.relrowsecurity, c.relforcerowsecurity
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'seal_id'
WHERE c.relkind IN ('r', 'p') AND NOT a.attisdropped AND c.relnamespace = 'public'::regnamespace
  AND c.relname NOT LIKE 'people_seal_%%'
ORDER BY 1
"""
ENGINE_WRITES = {"cases_entrysight"}
"""Sealed tables that only engine functions write: the server reads them and no more."""
UNSEALED = {
    "account_emailaddress": "allauth's; e-mail is not used",
    "account_emailconfirmation": "allauth's; e-mail is not used",
    "auth_group": "Django's; not used",
    "auth_group_permissions": "Django's; not used",
    "auth_permission": "Django's; not used",
    "cases_protocolversion": "protocols are open to all (SETTLED 13)",
    "cases_publication": "which protocol is in force, by which post and why, is open to all",
    "cases_tick": "that the clock ran is shown to everybody",
    "django_content_type": "Django's",
    "django_migrations": "Django's",
    "django_session": "outside row security: it is what makes a viewer",
    "mfa_authenticator": "outside row security: it is what makes a viewer",
    "people_organisation": "open to all",
    "people_person": "outside row security: it is what makes a viewer",
    "people_post": "open to all",
    "people_seal_organisations": "audiences: the mission folder says them",
    "people_seal_posts": "audiences: the mission folder says them",
}
"""Tables without a wall, each with the reason. A new one must be thought about and put here."""


class TestCatalogue:
    """Read from PostgreSQL's own catalogue, so that a new table or function is judged too."""

    def test_every_sealed_table_has_its_walls(self) -> None:
        """A seal column means: row security on and forced, the policies, no DELETE, no TRUNCATE."""
        tables = sql(SEALED_TABLES)
        assert len(tables) > 20
        for name, enabled, forced in tables:
            assert (enabled, forced) == (True, True), name
            policies = {
                row[0]
                for row in sql(
                    "SELECT polname::text FROM pg_policy WHERE polrelid = %s::regclass", name
                )
            }
            wanted = {"engine", "sees"} if name in ENGINE_WRITES else WALLS
            assert policies == wanted, name

    @pytest.mark.parametrize("right", ["DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"])
    def test_no_role_of_the_server_has_this_right_on_a_sealed_table(self, right: str) -> None:
        """What is filed stays filed."""
        for name, *_ in sql(SEALED_TABLES):
            for role in ("primum_web", "primum_engine"):
                asked = sql("SELECT has_table_privilege(%s, %s, %s)", role, name, right)
                assert asked == [(False,)], (role, name, right)

    def test_tables_that_only_the_engine_writes_are_read_only(self) -> None:
        """The exceptions of the walls' test are no doors."""
        for name in ENGINE_WRITES:
            for right in ("INSERT", "UPDATE"):
                assert sql("SELECT has_table_privilege(%s, %s)", name, right) == [(False,)]

    def test_every_table_without_a_wall_is_known(self) -> None:
        """A new table is sealed, closed to the server, or on the list with its reason."""
        open_tables = {
            str(row[0])
            for row in sql(
                "SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p')"
                " AND relnamespace = 'public'::regnamespace AND NOT relrowsecurity"
                " AND has_any_column_privilege(oid, 'SELECT')"
            )
        }
        found = {name for name in open_tables if not name.startswith("procrastinate_")}
        assert found <= set(UNSEALED), f"without a wall: {sorted(found - set(UNSEALED))}"

    def test_no_sealed_policy_is_wider_than_seeing(self) -> None:
        """Reading and changing ask for the seal; only filing asks for nothing."""
        for name, *_ in sql(SEALED_TABLES):
            rows = sql(
                "SELECT polname::text, pg_get_expr(polqual, polrelid) FROM pg_policy"
                " WHERE polrelid = %s::regclass AND polname IN ('sees', 'changes')",
                name,
            )
            assert rows and all("visible_seals()" in str(qual) for _, qual in rows), name

    def test_roles_of_policies_are_named(self) -> None:
        """No policy is for PUBLIC: a new role starts with nothing."""
        assert sql("SELECT polname::text FROM pg_policy WHERE 0 = ANY (polroles)") == []


WALLS = {"engine", "sees", "files", "changes"}
ENGINE_FUNCTIONS = """
SELECT p.proname::text, p.prosecdef, coalesce(array_to_string(p.proconfig, ','), ''),
    coalesce(p.proacl::text, 'PUBLIC'), pg_get_function_result(p.oid),
    pg_get_function_arguments(p.oid)
FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner
WHERE r.rolname = 'primum_engine' ORDER BY 1
"""
RETURNS = {
    "activity_owed": "TABLE(kind text, due timestamp with time zone, month_only boolean)",
    "activity_pulse": "TABLE(kind text, record uuid, due timestamp with time zone,"
    " unannounced boolean, state text)",
    "before_unmet": "TABLE(since timestamp with time zone, until timestamp with time zone)",
    "first_assessed": "timestamp with time zone",
    "forget_drafts": "void",
    "judgements": "TABLE(activity uuid, assessment uuid, at timestamp with time zone,"
    " assessor uuid, advised boolean, advisers uuid[])",
    "ledger_append": "void",
    "ledger_checkpoint": "void",
    "mission_totals": "TABLE(asked integer, asked_before integer, looks_due integer,"
    " looks_made integer, median_seconds bigint, undecided integer, broken integer,"
    " broken_answered integer, breaches integer, unconfirmed integer, lapsed integer,"
    " disowned integer)",
    "parties_in_cases": "uuid[]",
    "password_is_signed": "trigger",
    "raise_seal": "boolean",
    "refresh_lease": "void",
    "seal_by_code": "uuid",
    "seal_readers": "uuid[]",
    "viewer_of": "TABLE(person uuid, post uuid)",
    "viewer_organisation": "uuid",
    "viewer_seats": "boolean",
    "viewer_state": "text",
    "visible_seals": "uuid[]",
    "narrower_seal": "uuid",
    "withhold_again": "void",
    "withhold_report": "void",
}
"""What each engine function may return: ids, counts, states, moments; no words of anybody."""


class TestEngine:
    def test_every_engine_function_is_pinned_and_closed(self) -> None:
        """Definer rights, a pinned search path that ends in pg_temp, and not for PUBLIC."""
        found = sql(ENGINE_FUNCTIONS)
        assert len(found) >= len(RETURNS)
        for name, definer, config, acl, _returns, _arguments in found:
            assert definer is True, name
            assert config == "search_path=pg_catalog, public, pg_temp", name
            assert "{=X" not in str(acl) and ",=X" not in str(acl) and acl != "PUBLIC", name

    def test_every_engine_function_returns_what_is_listed(self) -> None:
        """A new function, or a new column of one, is read by a person before it is let in."""
        found = {str(row[0]): str(row[4]) for row in sql(ENGINE_FUNCTIONS)}
        assert found == RETURNS

    def test_states_are_codes(self) -> None:
        """The text that gates return is a word of a fixed list, never somebody's sentence."""
        case = builders.decided(dict(LOW))
        with viewing(viewer("nadia")):
            rows = sql("SELECT kind, state FROM activity_pulse(%s, %s)", case.activity, NOW)
        words = {"look", "commitment", "open", "overdue", "made", "released", "kept"}
        assert {word for row in rows for word in row} <= words

    def test_no_function_but_the_engines_has_anothers_rights(self) -> None:
        """No other function runs with more rights than its caller has."""
        others = sql(
            "SELECT p.proname::text FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner"
            " WHERE p.prosecdef AND r.rolname <> 'primum_engine'"
        )
        assert others == []

    @pytest.mark.parametrize("name", ["nadia", "ines", "eva", "lena", "bruno"])
    def test_gates_do_not_speak_of_what_is_hidden(self, name: str) -> None:
        """Each gate asks first whether this viewer may see the activity at all."""
        key = asked(seal="secretariat")
        with viewing(viewer(name)):
            assert sql("SELECT * FROM activity_pulse(%s, %s)", key, NOW) == []
            assert sql("SELECT * FROM activity_owed(%s, %s)", key, NOW) == []
            assert sql("SELECT * FROM before_unmet(%s)", key) == []
            assert sql("SELECT * FROM judgements(%s::uuid[])", [key]) == []

    def test_a_line_of_the_ledger_names_who_holds_the_token(self) -> None:
        """Who acted comes from the signed token: no argument names another."""
        arguments = {str(row[0]): str(row[5]) for row in sql(ENGINE_FUNCTIONS)}["ledger_append"]
        assert "person" not in arguments and "post" not in arguments


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_viewer_is_left() -> None:
    """On a real connection too, the end of the block is the end of the viewer."""
    with viewing(viewer("aminata")):
        assert token_in_force()
    assert token_in_force() == ""
    builders.proposed()
    with refused(NO_VIEWER):
        Activity.objects.count()


def test_the_python_block_and_the_database_agree() -> None:
    """The token in force names the very viewer that Python believes in."""
    tomas = viewer("tomas")
    with viewing(tomas):
        assert token_in_force().split("|")[:2] == [str(tomas.person), str(tomas.post)]
        assert sql("SELECT person, post FROM viewer_of()") == [(tomas.person, tomas.post)]
    assert sight._current.get() is None

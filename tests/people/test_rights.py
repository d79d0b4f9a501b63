"""What the web role may write, table by table, read from PostgreSQL's catalogue and then tried.

Words slipped into a query run as this role. A new table, or a new column that may be changed,
fails here until somebody has thought about it and put it on the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client

from primum.actions.posts import seat, vacate
from primum.people import door
from primum.people.models import Holding, Person, Post
from primum.people.sessions import SessionStore, kept_as
from primum.people.sight import own_account, viewing
from tests.cast import NAMES, NOW, viewer
from tests.template import PASSWORD

pytestmark = pytest.mark.django_db
NOT_ALLOWED, NO_VIEWER, NEVER_LONGER, NOT_SIGNED = "42501", "PV001", "PV005", "PV006"
SIGN_IN = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True)
class May:
    """What the web role may do to a table beside reading it."""

    changes: str = ""
    adds: bool = True
    removes: bool = False


READ_ONLY = May(adds=False)
ADD_ONLY = May()
ANYTHING = "*"

RIGHTS: Mapping[str, May] = {
    # Whose a party is and of which state decides whom a report is withheld from.
    "register_importbatch": May("done ended undone counts"),
    "register_source": May("gone_id"),
    "register_place": ADD_ONLY,
    # A newer copy of a register corrects a row, and an import undone closes it: never its seal.
    "register_party": May("name folded country classification batch_id gone_id"),
    "register_partyname": May("gone_id"),
    "register_claim": May("gone_id"),
    "register_tie": May("gone_id"),
    "register_publishedsupport": May("gone_id"),
    "register_facility": ADD_ONLY,
    "register_custodian": May("corrected_by_id"),
    "register_match": May("state decided_by decided_at"),
    # Who may see what: from the mission folder, by the owner.
    "people_organisation": READ_ONLY,
    "people_post": READ_ONLY,
    "people_seal": READ_ONLY,
    "people_seal_organisations": READ_ONLY,
    "people_seal_posts": READ_ONLY,
    "people_sightkey": READ_ONLY,
    # Further walls than columns stand around these two: below.
    "people_holding": May("ends"),
    "people_person": May("password last_login"),
    # One's own alone, by a wall: below.
    "people_token": May("last_used revoked"),
    "people_sent": May("answer"),
    # The loop.
    "cases_activity": May("stage stage_since approved_until lease_end watch_until decided_stage"),
    "cases_governing": ADD_ONLY,
    "cases_line": ADD_ONLY,
    "cases_delivery": May("answered answer"),
    "cases_look": May(
        "state made made_by_id method independence same_visit_id result attempts answers words"
        " released_by decision_due decision_asked read_due"
    ),
    "cases_reading": ADD_ONLY,
    "cases_commitment": May(
        "state answered answered_by_id answers broken_at words decision_due due"
    ),
    "cases_assessment": ADD_ONLY,
    "cases_ruling": ADD_ONLY,
    "cases_advice": ADD_ONLY,
    "cases_decision": May("confirmed confirmed_by_id lease_ended"),
    "cases_ground": ADD_ONLY,
    "cases_told": ADD_ONLY,
    "cases_stop": ADD_ONLY,
    "cases_lift": ADD_ONLY,
    "cases_renewal": ADD_ONLY,
    "cases_allegation": ADD_ONLY,
    "cases_authoritystep": ADD_ONLY,
    "cases_undertaking": May("state answered answered_by_id answers failed"),
    "cases_waiver": May("ended ended_by_id ended_words"),
    "cases_weighing": May("read_by_id read_at read_finds read_words"),
    "cases_effect": May("state struck_why met_by"),
    "cases_effectreport": ADD_ONLY,
    "cases_accepted": ADD_ONLY,
    "cases_sign": May("answer at by_id"),
    "cases_surprise": May("answer version_id words answered answered_by_id"),
    "cases_intercession": May(
        "state judged judged_by_id judged_words deadline"
        " answer answer_words answered answer_by_id answer_at"
    ),
    "cases_relied": ADD_ONLY,
    "cases_reliedreport": ADD_ONLY,
    "cases_letter": May("state state_since sent_on sent_at sent_by_id channel"),
    "cases_lettertext": ADD_ONLY,
    "cases_letterreading": ADD_ONLY,
    # A wall of their own: who sits in the post, right above it, or seats people.
    "cases_handover": ADD_ONLY,
    "cases_handoverread": ADD_ONLY,
    # A wall lets each person reach what they typed themselves, and nobody else.
    "cases_draft": May(ANYTHING, removes=True),
    "cases_note": ADD_ONLY,
    "cases_file": ADD_ONLY,
    "cases_reminder": ADD_ONLY,
    "cases_report": May("confidence"),
    "cases_reportparty": ADD_ONLY,
    # Minutes, a draw, a raise: written once.
    "cases_meeting": ADD_ONLY,
    "cases_meetingitem": ADD_ONLY,
    "cases_raised": ADD_ONLY,
    "cases_sample": ADD_ONLY,
    "cases_protocolversion": ADD_ONLY,
    "cases_publication": ADD_ONLY,
    "cases_tick": ADD_ONLY,
    # The ledger: the engine's functions alone write it.
    "cases_chain": READ_ONLY,
    "cases_entry": READ_ONLY,
    "cases_entrysight": READ_ONLY,
    "cases_checkpoint": READ_ONLY,
    "cases_checkpointhead": READ_ONLY,
    # Others' tables. A session's row opens only with the browser's key; a second factor alone
    # opens nothing.
    "django_session": May(ANYTHING, removes=True),
    "mfa_authenticator": May(ANYTHING, removes=True),
    "account_emailaddress": READ_ONLY,
    "account_emailconfirmation": READ_ONLY,
    "auth_group": READ_ONLY,
    "auth_group_permissions": READ_ONLY,
    "auth_permission": READ_ONLY,
    "django_content_type": READ_ONLY,
    "django_migrations": READ_ONLY,
}
"""Every table but the job queue's: a worker needs all of those."""


def sql(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def refused(state: str) -> Iterator[None]:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        yield
    assert getattr(caught.value.__cause__, "sqlstate", "") == state, caught.value


COLUMNS = """
SELECT c.relname::text, a.attname::text, has_column_privilege(c.oid, a.attnum, 'UPDATE')
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
  AND c.relname NOT LIKE 'procrastinate%%' ORDER BY 1, a.attnum
"""


def columns() -> dict[str, dict[str, bool]]:
    """Table -> column -> whether the web role may change it, as the catalogue has it."""
    found: dict[str, dict[str, bool]] = {}
    for table, column, may in sql(COLUMNS):
        found.setdefault(table, {})[column] = may
    return found


def listed(table: str, there: Mapping[str, bool]) -> set[str]:
    changes = RIGHTS[table].changes
    return set(there) if changes == ANYTHING else set(changes.split())


class TestCatalogue:
    def test_every_table_is_listed(self) -> None:
        """A new table fails until it is on the list; one that is gone is taken off."""
        assert set(columns()) == set(RIGHTS)

    def test_what_may_be_changed_is_what_is_listed(self) -> None:
        """Column by column: no more, and no less than the pages need."""
        found = {
            table: {name for name, may in of.items() if may} for table, of in columns().items()
        }
        assert found == {table: listed(table, of) for table, of in columns().items()}

    @pytest.mark.parametrize(
        ("right", "wanted"),
        [
            ("INSERT", lambda may: may.adds),
            ("DELETE", lambda may: may.removes),
            ("TRUNCATE", lambda may: False),
            ("TRIGGER", lambda may: False),
            ("REFERENCES", lambda may: False),
        ],
    )
    def test_rights_on_tables(self, right: str, wanted: Any) -> None:
        """What may be added and removed, and that nothing is ever emptied."""
        for table, may in RIGHTS.items():
            asked = sql("SELECT has_table_privilege(%s, %s)", table, right)
            assert asked == [(wanted(may),)], table

    def test_every_other_column_is_refused_when_it_is_tried(self) -> None:
        """The catalogue's word, and then the deed: an UPDATE of each column by itself."""
        tried = 0
        with viewing(viewer("aminata")):
            for table, of in columns().items():
                for column in set(of) - listed(table, of):
                    with refused(NOT_ALLOWED):
                        sql(f'UPDATE {table} SET "{column}" = "{column}"')
                    tried += 1
        assert tried > 200

    def test_a_column_that_may_be_changed_can_be(self) -> None:
        """The control: what is listed is not refused."""
        with viewing(viewer("aminata")):
            for table, of in columns().items():
                for column in listed(table, of):
                    sql(f'UPDATE {table} SET "{column}" = "{column}" WHERE false')

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE register_party SET organisation_id = NULL",
            "UPDATE register_party SET contributor_state = ''",
            "UPDATE register_party SET seal_id = (SELECT id FROM people_seal LIMIT 1)",
            "UPDATE register_tie SET upper_id = lower_id",
            "UPDATE register_place SET names = '{}'",
            "UPDATE people_person SET is_active = true",
            "UPDATE people_person SET username = username || 'x'",
            "UPDATE people_holding SET person_id = person_id",
            "DELETE FROM people_person",
            "DELETE FROM django_migrations",
        ],
    )
    def test_what_would_take_a_wall_down(self, statement: str) -> None:
        """Said once in words: whose a party is, who sits where, who somebody is."""
        with viewing(viewer("bruno")), refused(NOT_ALLOWED):
            sql(statement)


SEAT = """
INSERT INTO people_holding (id, person_id, post_id, starts, acting, salt)
VALUES (%s, %s, %s, %s, true, '')
"""


def seated_by(name: str, person: UUID, code: str) -> None:
    """A statement slipped into a query of this viewer, that seats somebody."""
    post = Post.objects.get(code=code).id
    with viewing(viewer(name)):
        sql(SEAT, uuid4(), person, post, NOW)


def key(name: str) -> UUID:
    return Person.objects.get(username=name).id


class TestHoldings:
    def test_a_staffing_post_seats(self) -> None:
        """The control: through the action and by a bare statement alike."""
        post = Post.objects.get(code="director-human-rights").id
        seat(by=viewer("bruno"), now=NOW, person=key("stranger"), post=post)
        seated_by("bruno", key("stranger"), "chief-due-diligence")
        assert len(door.held(key("stranger"), NOW)) == 2

    @pytest.mark.parametrize("name", [name for name in NAMES if name != "bruno"])
    def test_nobody_else_does(self, name: str) -> None:
        """No statement in anybody else's query puts an accomplice into a post."""
        with refused(NOT_ALLOWED):
            seated_by(name, key("stranger"), "chief-due-diligence")

    def test_while_nobody_seats_people_the_post_above_does(self) -> None:
        """The chief of staff gone, the head of mission may fill that chair; the deputy may not."""
        vacate(by=viewer("bruno"), now=NOW, post=viewer("bruno").post)
        with refused(NOT_ALLOWED):
            seated_by("helena", key("stranger"), "chief-of-staff")
        seated_by("samir", key("stranger"), "chief-of-staff")

    def test_not_even_bruno_himself(self) -> None:
        """Whoever seats people does not seat themselves, by a statement either."""
        with refused(NOT_ALLOWED):
            seated_by("bruno", key("bruno"), "chief-due-diligence")

    def test_not_without_a_viewer(self) -> None:
        """Before anybody has signed in nobody is seated."""
        post = Post.objects.get(code="chief-due-diligence").id
        with refused(NO_VIEWER):
            sql(SEAT, uuid4(), key("stranger"), post, NOW)

    def test_nobody_is_seated_in_the_clock(self) -> None:
        """The post that sees almost everything has no person, ever."""
        with refused(NOT_ALLOWED):
            seated_by("bruno", key("stranger"), "clock")

    def test_a_holding_is_not_made_longer(self) -> None:
        """Cover that runs out next week is not drawn out by those who have it."""
        post = Post.objects.get(code="chief-due-diligence").id
        until = NOW + timedelta(days=7)
        cover = seat(
            by=viewer("bruno"),
            now=NOW,
            person=key("stranger"),
            post=post,
            ends=until,
            acting_cover=True,
        )
        for name in ("aminata", "bruno"):
            with viewing(viewer(name)):
                for ends in (None, until + timedelta(days=1), until):
                    with refused(NEVER_LONGER):
                        sql("UPDATE people_holding SET ends = %s WHERE id = %s", ends, cover)
        with viewing(viewer("aminata")):
            sql("UPDATE people_holding SET ends = %s WHERE id = %s", NOW, cover)
        assert Holding.objects.get(id=cover).ends == NOW

    def test_nobody_empties_somebody_elses_post(self) -> None:
        """An UPDATE without a WHERE ends the holdings of one's own post and no other."""
        with viewing(viewer("nadia")):
            sql("UPDATE people_holding SET ends = %s", NOW)
        assert door.held(key("nadia"), NOW) == []
        assert all(door.held(key(name), NOW) for name in NAMES if name != "nadia")


class TestPasswords:
    def test_a_password_is_changed_on_its_page(self) -> None:
        """The control: somebody signed in changes their own, and signs in with it."""
        client = Client()
        client.force_login(Person.objects.get(username="nadia"), SIGN_IN)
        fresh = "do no harm, then good"
        form = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
        assert client.post("/account/password/", form).status_code == 302
        assert Person.objects.get(username="nadia").check_password(fresh)

    @pytest.mark.parametrize("name", ["nadia", "bruno", ""])
    def test_no_statement_sets_one(self, name: str) -> None:
        """Whoever looks, or nobody: an UPDATE of a password is not signed."""
        set_all = "UPDATE people_person SET password = %s"
        with refused(NOT_SIGNED):
            if name:
                with viewing(viewer(name)):
                    sql(set_all, "x")
            else:
                sql(set_all, "x")

    def test_a_signature_is_for_one_person(self) -> None:
        """Inside the change of one's own password nobody else's is changed."""
        change = "UPDATE people_person SET password = 'x' WHERE id = %s"
        with own_account(key("nadia")):
            with refused(NOT_SIGNED):
                sql(change, key("samir"))
            sql(change, key("nadia"))
        with refused(NOT_SIGNED):
            sql(change.replace("'x'", "'y'"), key("nadia"))

    @pytest.mark.parametrize("shape", ["{token}", "account/{id}/9999999999/x", "account", "///"])
    def test_what_is_no_signature_is_refused(self, shape: str) -> None:
        """A viewer's token, a wrong signature, a word: none of them opens an account."""
        nadia = viewer("nadia")
        with viewing(nadia):
            token = str(sql("SELECT current_setting('primum.viewer')")[0][0])
            said = shape.format(token=token.replace("|", "/"), id=nadia.person)
            with refused(NOT_SIGNED):
                sql("SELECT set_config('primum.account', %s, true)", said)
                sql("UPDATE people_person SET password = 'x' WHERE id = %s", nadia.person)

    def test_an_account_made_by_a_statement_opens_nothing(self) -> None:
        """One can add a person; without a post they are a stranger."""
        with viewing(viewer("nadia")):
            sql(
                "INSERT INTO people_person (id, username, password, name, languages, is_active)"
                " VALUES (gen_random_uuid(), 'mine', 'x', 'Mine', '{}', true)"
            )
        client = Client()
        client.force_login(Person.objects.get(username="mine"), SIGN_IN)
        assert client.get("/").status_code == 404


class TestSessions:
    def signed_in(self, name: str) -> Client:
        client = Client()
        client.force_login(Person.objects.get(username=name), SIGN_IN)
        return client

    def with_key(self, session: str) -> Client:
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = session
        return client

    def test_a_session_opens_with_its_key(self) -> None:
        """The control: the browser's cookie, in another browser."""
        session = self.signed_in("samir").cookies[settings.SESSION_COOKIE_NAME].value
        assert self.with_key(session).get("/").status_code == 200

    def test_what_stands_in_the_table_is_no_key(self) -> None:
        """Who reads every row of the sessions can send none of them."""
        session = self.signed_in("samir").cookies[settings.SESSION_COOKIE_NAME].value
        kept = [str(row[0]) for row in sql("SELECT session_key FROM django_session")]
        assert kept == [kept_as(session)]
        assert session not in str(sql("SELECT session_key, session_data FROM django_session"))
        assert self.with_key(kept[0]).get("/").status_code == 302

    def test_a_copied_session_opens_nothing(self) -> None:
        """Samir's row, copied under a key that a colleague knows, is not Samir's session."""
        self.signed_in("samir")
        mine = "a" * 32
        sql(
            "INSERT INTO django_session (session_key, session_data, expire_date)"
            " SELECT %s, session_data, expire_date FROM django_session",
            kept_as(mine),
        )
        assert self.with_key(mine).get("/").status_code == 302

    def test_a_session_ends(self) -> None:
        """Signing out takes the row away, and its key opens nothing any more."""
        client = self.signed_in("samir")
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        assert SessionStore().exists(session)
        client.post("/sign-out/")
        assert not SessionStore().exists(session)
        assert self.with_key(session).get("/").status_code == 302

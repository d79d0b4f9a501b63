"""Tokens of programs, and what they sent under keys of their own."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import primum.people.models
from primum.people.policies import changeable, definer

# Who is at the door is not known yet, so a definer function says which tokens are alive.
ALIVE = """
SELECT t.digest::text, h.person_id, h.post_id, t.last_used
FROM people_token t JOIN people_holding h ON h.id = t.holding_id
JOIN people_person p ON p.id = h.person_id
WHERE t.id = wanted AND t.revoked IS NULL AND at < t.ends AND p.is_active
    AND h.starts <= at AND (h.ends IS NULL OR at < h.ends)
"""

# A person reaches their own tokens, made in a post they hold. The clock ends all those of somebody
# whose account is recovered.
OWN = """holding_id IN (
    SELECT id FROM people_holding WHERE person_id = (SELECT person FROM viewer_of()))"""
CLOCK = "(SELECT p.clock FROM people_post p JOIN viewer_of() v ON v.post = p.id)"
TOKENS = f"""
ALTER TABLE people_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE people_token FORCE ROW LEVEL SECURITY;
CREATE POLICY engine ON people_token TO primum_engine USING (true) WITH CHECK (true);
CREATE POLICY sees ON people_token FOR SELECT TO primum_web USING ({OWN} OR {CLOCK});
CREATE POLICY makes ON people_token FOR INSERT TO primum_web WITH CHECK (
    holding_id IN (SELECT h.id FROM people_holding h JOIN viewer_of() v
                   ON v.person = h.person_id AND v.post = h.post_id));
CREATE POLICY ends ON people_token FOR UPDATE TO primum_web USING ({OWN} OR {CLOCK});
REVOKE DELETE, TRUNCATE ON people_token FROM primum_web, primum_engine;
"""
SENT = """
ALTER TABLE people_sent ENABLE ROW LEVEL SECURITY;
ALTER TABLE people_sent FORCE ROW LEVEL SECURITY;
CREATE POLICY engine ON people_sent TO primum_engine USING (true) WITH CHECK (true);
CREATE POLICY own ON people_sent TO primum_web
    USING (person = (SELECT person FROM viewer_of()))
    WITH CHECK (person = (SELECT person FROM viewer_of()));
REVOKE DELETE, TRUNCATE ON people_sent FROM primum_web, primum_engine;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_walls")]

    operations = [
        migrations.CreateModel(
            name="Sent",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("person", models.UUIDField()),
                ("digest", models.CharField(max_length=64)),
                ("answer", models.JSONField(null=True)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("digest", models.CharField(max_length=64)),
                ("made", models.DateTimeField()),
                ("ends", models.DateTimeField()),
                ("last_used", models.DateField(null=True)),
                ("revoked", models.DateTimeField(null=True)),
                (
                    "salt",
                    models.CharField(default=primum.people.models.fresh_salt, max_length=32),
                ),
                (
                    "holding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tokens",
                        to="people.holding",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.RunSQL(TOKENS, migrations.RunSQL.noop),
        changeable("people_token", "last_used, revoked"),
        migrations.RunSQL(SENT, migrations.RunSQL.noop),
        changeable("people_sent", "answer"),
        definer(
            "token_alive(wanted uuid, at timestamptz)",
            "TABLE (digest text, person uuid, post uuid, used date)",
            ALIVE,
        ),
    ]

"""Hand-overs: what a leaver says, and who has read it, behind a wall of its own."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from primum.people.policies import definer

# Whose hand-overs somebody may open: of their own post, of the posts right below it and, where
# nobody sits for good, further down; of every post for whoever seats people. The query knows the
# moment and asks more strictly.
REMEMBERED = """
WITH RECURSIVE held AS (
    SELECT post_id AS id FROM people_holding WHERE ends IS NULL AND NOT acting
), below(id, step) AS (
    SELECT v.post, 0 FROM viewer_of() v
    UNION SELECT p.id, b.step + 1 FROM people_post p JOIN below b ON p.supervisor_id = b.id
    WHERE NOT p.clock AND b.step < 9 AND (b.step = 0 OR b.id NOT IN (SELECT id FROM held))
)
SELECT coalesce(array_agg(id), '{}') FROM people_post
WHERE id IN (SELECT id FROM below) OR viewer_seats()
"""

# Only whoever sits in a post speaks for it, and nobody reads for somebody else.
OWN = """post_id = (SELECT v.post FROM viewer_of() v) AND EXISTS (
    SELECT 1 FROM people_holding h JOIN viewer_of() v ON v.person = h.person_id
    WHERE h.id = by_id AND h.post_id = v.post)"""


def walled(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY engine ON {table} TO primum_engine USING (true) WITH CHECK (true);
        CREATE POLICY sees ON {table} FOR SELECT TO primum_web
            USING (post_id = ANY ((SELECT posts_remembered())::uuid[]));
        CREATE POLICY files ON {table} FOR INSERT TO primum_web WITH CHECK ({OWN});
        REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM primum_web;
        REVOKE DELETE, TRUNCATE ON {table} FROM primum_engine;
        """,
        migrations.RunSQL.noop,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0012_counts"),
        ("people", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="HandoverRead",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.holding",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("words", models.TextField()),
                ("at", models.DateTimeField()),
                ("salt", models.CharField(max_length=32)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.holding",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="newer",
                        to="cases.handover",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["post", "-at"], name="newest_handover")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("supersedes", None)),
                        fields=("post",),
                        name="one_first_handover",
                    )
                ],
            },
        ),
        definer("posts_remembered()", "uuid[]", REMEMBERED),
        walled("cases_handover"),
        walled("cases_handoverread"),
    ]

"""Drafts: what is typed and not yet sent, behind a wall of its own."""

import uuid

from django.db import migrations, models

from primum.people.policies import definer

OWN = "(person, post) = (SELECT v.person, v.post FROM viewer_of() v)"

FORGET = """
DELETE FROM cases_draft WHERE at < p_before
  AND EXISTS (SELECT 1 FROM people_post p JOIN viewer_of() v ON v.post = p.id WHERE p.clock)
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_gates")]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person", models.UUIDField()),
                ("post", models.UUIDField()),
                ("purpose", models.CharField(max_length=20)),
                ("about", models.UUIDField()),
                ("form", models.JSONField()),
                ("at", models.DateTimeField()),
                ("shown", models.JSONField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["person", "post", "purpose", "about"], name="one_draft_a_form"
                    )
                ],
            },
        ),
        # A draft is its writer's alone, in the post it was written in; it may be thrown away.
        migrations.RunSQL(
            f"""
            ALTER TABLE cases_draft ENABLE ROW LEVEL SECURITY;
            ALTER TABLE cases_draft FORCE ROW LEVEL SECURITY;
            CREATE POLICY own ON cases_draft TO primum_web USING ({OWN}) WITH CHECK ({OWN});
            REVOKE TRUNCATE ON cases_draft FROM primum_web;
            -- The engine reads no draft: it knows when one was kept, and forgets it.
            REVOKE ALL ON cases_draft FROM primum_engine;
            GRANT SELECT (at), DELETE ON cases_draft TO primum_engine;
            CREATE POLICY engine ON cases_draft TO primum_engine USING (true);
            """,
            migrations.RunSQL.noop,
        ),
        definer("forget_drafts(p_before timestamptz)", "void", FORGET, "sql volatile"),
    ]

"""Drafts: what is typed and not yet sent, behind a wall of its own."""

import uuid

from django.db import migrations, models

OWN = "(person, post) = (SELECT v.person, v.post FROM viewer_of() v)"


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
            REVOKE ALL ON cases_draft FROM primum_engine;
            """,
            migrations.RunSQL.noop,
        ),
    ]

"""Promises: what the authorities undertake and do, and what the leadership waives upon it."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from primum.people.policies import changeable, protect

# Each follows what it is about: who may not know of the report, or of the request, does not know of
# what was promised, done or waived because of it.
OF_REPORT = "(report_id IS NULL OR EXISTS (SELECT 1 FROM cases_report r WHERE r.id = report_id))"
OF_WAIVER = """EXISTS (SELECT 1 FROM cases_undertaking u WHERE u.id = undertaking_id)
    AND (activity_id IS NULL OR EXISTS (SELECT 1 FROM cases_activity a WHERE a.id = activity_id))"""

# So does every line of the ledger and every reminder about it.
TRACES = """
CREATE POLICY promises ON cases_entry AS RESTRICTIVE FOR SELECT TO primum_web USING (
    CASE record_kind
        WHEN 'allegation' THEN EXISTS (SELECT 1 FROM cases_allegation x WHERE x.id = record)
        WHEN 'authoritystep' THEN EXISTS (SELECT 1 FROM cases_authoritystep x WHERE x.id = record)
        WHEN 'undertaking' THEN EXISTS (SELECT 1 FROM cases_undertaking x WHERE x.id = record)
        WHEN 'waiver' THEN EXISTS (SELECT 1 FROM cases_waiver x WHERE x.id = record)
        ELSE true END);
CREATE POLICY promises ON cases_reminder AS RESTRICTIVE FOR SELECT TO primum_web USING (
    CASE
        WHEN what IN ('undertaking', 'waiver_over')
            THEN EXISTS (SELECT 1 FROM cases_undertaking x WHERE x.id = about)
        ELSE true END);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_looks"),
        ("people", "0002_walls"),
        ("register", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="Undertaking",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("text", models.TextField()),
                ("promised_by", models.CharField(max_length=200)),
                ("promised", models.DateField()),
                ("due", models.DateTimeField()),
                ("grace_days", models.PositiveSmallIntegerField(default=14)),
                ("source", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("kept", "Kept"),
                            ("partly_kept", "Partly"),
                            ("broken", "Broken"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="open",
                        max_length=20,
                    ),
                ),
                ("answered", models.DateTimeField(null=True)),
                ("answers", models.JSONField(default=list)),
                ("failed", models.DateTimeField(null=True)),
                ("at", models.DateTimeField()),
                ("salt", models.CharField(max_length=32)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.holding",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.holding",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.party",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.report",
                    ),
                ),
                (
                    "seal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.seal",
                    ),
                ),
                (
                    "verifier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Waiver",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hard_stop", "hard_stop"),
                            ("officer", "officer"),
                            ("unit", "unit"),
                        ],
                        max_length=20,
                    ),
                ),
                ("words", models.TextField()),
                ("until", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("ended", models.DateTimeField(null=True)),
                ("ended_words", models.TextField(blank=True)),
                ("salt", models.CharField(max_length=32)),
                (
                    "activity",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waivers",
                        to="cases.activity",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.holding",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.holding",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.line",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.party",
                    ),
                ),
                (
                    "seal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.seal",
                    ),
                ),
                (
                    "undertaking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waivers",
                        to="cases.undertaking",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AuthorityStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("investigated", "investigated"),
                            ("charged", "charged"),
                            ("tried", "tried"),
                            ("convicted", "convicted"),
                            ("acquitted", "acquitted"),
                            ("removed_from_post", "removed_from_post"),
                            ("compensated", "compensated"),
                            ("nothing", "nothing"),
                        ],
                        max_length=20,
                    ),
                ),
                ("day", models.DateField()),
                ("office", models.CharField(max_length=200)),
                ("evidence", models.TextField()),
                ("evidenced", models.BooleanField()),
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
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.party",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="cases.report",
                    ),
                ),
                (
                    "seal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.seal",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["party", "-day"], name="steps_of_party")],
            },
        ),
        migrations.AddIndex(
            model_name="undertaking",
            index=models.Index(fields=["due", "id"], name="undertakings_due"),
        ),
        migrations.AddIndex(
            model_name="undertaking",
            index=models.Index(fields=["party", "-at"], name="undertakings_of_party"),
        ),
        migrations.AddIndex(
            model_name="waiver",
            index=models.Index(fields=["party", "-at"], name="waivers_of_party"),
        ),
        protect("cases_undertaking", also=OF_REPORT),
        protect("cases_authoritystep", also=OF_REPORT),
        protect("cases_waiver", also=OF_WAIVER),
        changeable("cases_undertaking", "state, answered, answered_by_id, answers, failed"),
        changeable("cases_authoritystep", ""),
        changeable("cases_waiver", "ended, ended_by_id, ended_words"),
        migrations.RunSQL(TRACES, migrations.RunSQL.noop),
    ]

"""What the policy asks beside answers: allegations weighed, words read before they go, more."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from primum.people.policies import protect


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_drafts"),
        ("people", "0002_walls"),
        ("register", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="Allegation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("route", models.CharField(max_length=12)),
                ("standard", models.CharField(max_length=20)),
                ("factors", models.JSONField()),
                ("words", models.TextField()),
                ("at", models.DateTimeField()),
                ("salt", models.CharField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("audience", models.CharField(max_length=10)),
                ("words", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("passed", "Passed"),
                            ("sent_back", "Sent Back"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("salt", models.CharField(max_length=32)),
            ],
        ),
        migrations.AddField(
            model_name="activity",
            name="emergency_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="activity",
            name="emergency_why",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="assessment",
            name="edited",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="assessment",
            name="exempt",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="kind",
            field=models.CharField(
                choices=[
                    ("specific", "Specific"),
                    ("standing", "Standing"),
                    ("emergency", "Emergency"),
                    ("review", "Review"),
                    ("baseline", "Baseline"),
                ],
                default="specific",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="party",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="register.party",
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="stands_on",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.assessment",
            ),
        ),
        migrations.AddField(
            model_name="ground",
            name="against_words",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="ground",
            name="same_words",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="line",
            name="exempt",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="line",
            name="exempt_because",
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name="assessment",
            name="activity",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assessments",
                to="cases.activity",
            ),
        ),
        migrations.AlterField(
            model_name="assessment",
            name="stakes",
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("activity__isnull", True), ("party__isnull", True), _connector="XOR"
                ),
                name="about_one_thing",
            ),
        ),
        migrations.AddField(
            model_name="allegation",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.holding"
            ),
        ),
        migrations.AddField(
            model_name="allegation",
            name="party",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.party"
            ),
        ),
        migrations.AddField(
            model_name="allegation",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="weighed",
                to="cases.report",
            ),
        ),
        migrations.AddField(
            model_name="allegation",
            name="seal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.seal"
            ),
        ),
        migrations.AddField(
            model_name="told",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.holding"
            ),
        ),
        migrations.AddField(
            model_name="told",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="telling",
                to="cases.decision",
            ),
        ),
        migrations.AddField(
            model_name="told",
            name="of",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="cases.told",
            ),
        ),
        migrations.AddField(
            model_name="told",
            name="seal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.seal"
            ),
        ),
        migrations.AddIndex(
            model_name="allegation",
            index=models.Index(fields=["party", "-at"], name="allegations_of_party"),
        ),
        migrations.AddConstraint(
            model_name="told",
            constraint=models.UniqueConstraint(
                condition=models.Q(("of__isnull", False)), fields=("of",), name="told_answered_once"
            ),
        ),
        protect("cases_told"),
        protect(
            "cases_allegation",
            # Seen exactly when the report is: the report's own wall decides.
            also="EXISTS (SELECT 1 FROM cases_report r WHERE r.id = report_id)",
        ),
        # Written anew when weighed or answered again, never changed.
        migrations.RunSQL(
            "REVOKE UPDATE ON cases_told, cases_allegation FROM primum_web",
            migrations.RunSQL.noop,
        ),
    ]

"""Effects, their weighing, their signs and surprises; and the gate that a yes goes through."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from primum.people.policies import changeable, definer, protect

# A yes waits for three things, whatever seal they lie under: every pathway of the protocol is
# confirmed or struck; a list without harm, or with nothing else, was read by a second person; each
# serious harm that is not unlikely is met by a commitment asked for, or accepted in words. Three
# answers of yes or no: never which effect, nor how many. What fewer may read does not make a list
# whole: who sees one side alone could otherwise tell from the yes that the other is there.
GATE = """
WITH live AS (
    SELECT e.* FROM cases_effect e
    WHERE e.activity_id = p_activity AND e.state IN ('expected', 'watching')
      AND e.option = 'as_proposed'
), latest AS (
    SELECT w.* FROM cases_weighing w WHERE w.activity_id = p_activity
    ORDER BY w.at DESC, w.id LIMIT 1
)
SELECT
    EXISTS (SELECT 1 FROM unnest(p_pathways) AS asked(code) WHERE NOT EXISTS (
        SELECT 1 FROM cases_effect e WHERE e.activity_id = p_activity
        AND e.pathway = asked.code AND e.state <> 'suggested')),
    EXISTS (SELECT 1 FROM latest w WHERE w.read_finds <> 'agrees'
        AND (NOT EXISTS (SELECT 1 FROM live e WHERE e.good AND e.seal_id = w.seal_id)
             OR NOT EXISTS (SELECT 1 FROM live e WHERE NOT e.good AND e.seal_id = w.seal_id))),
    EXISTS (SELECT 1 FROM live e WHERE NOT e.good
        AND e.seriousness IN ('serious', 'grave') AND e.likelihood IN ('possible', 'likely')
        AND NOT (e.met_by <> '' AND e.met_by = ANY (p_asked))
        AND NOT EXISTS (SELECT 1 FROM cases_commitment c
                        WHERE c.activity_id = p_activity AND c.code = e.met_by
                        AND c.state NOT IN ('broken', 'released'))
        AND NOT EXISTS (SELECT 1 FROM cases_accepted a WHERE a.effect_id = e.id))
WHERE EXISTS (SELECT 1 FROM cases_activity a WHERE a.id = p_activity
              AND a.seal_id = ANY (visible_seals()))
"""

CHANGES = {
    "weighing": "read_by_id, read_at, read_finds, read_words",
    "effect": "state, struck_why, met_by",
    "effectreport": "",
    "accepted": "",
    "sign": "answer, at, by_id",
    "surprise": "answer, version_id, words, answered, answered_by_id",
}

# Seen exactly when the report is: the report's own wall decides.
REPORT_SEEN = "EXISTS (SELECT 1 FROM cases_report r WHERE r.id = report_id)"
SIGN_SEEN = """EXISTS (SELECT 1 FROM cases_look k WHERE k.id = look_id)
    AND EXISTS (SELECT 1 FROM cases_effect e WHERE e.id = effect_id)"""
# A harm that nobody foresaw is told by its report alone.
SURPRISE_SEEN = """(state <> 'surprise' OR EXISTS (
    SELECT 1 FROM cases_effectreport l WHERE l.effect_id = cases_effect.id))"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0010_intercession"),
        ("people", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="Effect",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=1)),
                ("number", models.PositiveSmallIntegerField(default=0)),
                ("option", models.CharField(default="as_proposed", max_length=120)),
                ("good", models.BooleanField(default=False)),
                ("group", models.CharField(blank=True, max_length=60)),
                ("who", models.CharField(blank=True, max_length=200)),
                ("how", models.CharField(blank=True, max_length=20)),
                ("what", models.TextField(blank=True)),
                ("horizon", models.CharField(blank=True, max_length=10)),
                ("likelihood", models.CharField(blank=True, max_length=10)),
                ("seriousness", models.CharField(blank=True, max_length=10)),
                ("reversible", models.CharField(blank=True, max_length=5)),
                ("signpost", models.CharField(blank=True, max_length=300)),
                ("look_on", models.DateField(null=True)),
                (
                    "feeds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), default=list, size=None
                    ),
                ),
                (
                    "helps",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), default=list, size=None
                    ),
                ),
                ("pathway", models.CharField(blank=True, max_length=160)),
                ("met_by", models.CharField(blank=True, max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("suggested", "Suggested"),
                            ("expected", "Expected"),
                            ("struck", "Struck"),
                            ("watching", "Watching"),
                            ("surprise", "Surprise"),
                        ],
                        max_length=10,
                    ),
                ),
                ("struck_why", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("salt", models.CharField(max_length=32)),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="effects",
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
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="cases.effect",
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
                    "suggestion",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_up",
                        to="cases.effect",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Accepted",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("words", models.TextField()),
                ("salt", models.CharField(max_length=32)),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                    "seal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.seal",
                    ),
                ),
                (
                    "effect",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accepted",
                        to="cases.effect",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Surprise",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), default=list, size=None
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                ("how", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("changed", "Changed"),
                            ("there", "There"),
                            ("not_general", "Not General"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("answered", models.DateTimeField(null=True)),
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
                    "protocol",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surprises",
                        to="cases.protocolversion",
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
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.protocolversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="effect",
            name="surprise",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.surprise",
            ),
        ),
        migrations.CreateModel(
            name="Weighing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "read_finds",
                    models.CharField(
                        blank=True,
                        choices=[("agrees", "Agrees"), ("missed", "Missed")],
                        max_length=10,
                    ),
                ),
                ("read_words", models.TextField(blank=True)),
                ("salt", models.CharField(max_length=32)),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="weighings",
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
                    "read_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.holding",
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
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="effect",
            name="weighing",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="effects",
                to="cases.weighing",
            ),
        ),
        migrations.CreateModel(
            name="EffectReport",
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
                        choices=[("ground", "Ground"), ("match", "Match")], max_length=10
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                    "effect",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="cases.effect",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("effect", "report", "kind"), name="one_link_a_kind"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Sign",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=20)),
                ("at", models.DateTimeField(null=True)),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.activity",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.holding",
                    ),
                ),
                (
                    "effect",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signs",
                        to="cases.effect",
                    ),
                ),
                (
                    "look",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signs",
                        to="cases.look",
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
                "constraints": [
                    models.UniqueConstraint(fields=("effect", "look"), name="one_sign_a_look")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="effect",
            index=models.Index(fields=["activity", "at"], name="effects_of_activity"),
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.CheckConstraint(
                condition=models.Q(("order__gte", 1), ("order__lte", 3)), name="effect_order"
            ),
        ),
        protect("cases_weighing"),
        protect("cases_surprise"),
        protect("cases_effectreport", also=REPORT_SEEN),
        protect("cases_effect", also=SURPRISE_SEEN),
        protect("cases_accepted"),
        protect("cases_sign", also=SIGN_SEEN),
        *(changeable(f"cases_{table}", columns) for table, columns in CHANGES.items()),
        definer(
            "effects_gate(p_activity uuid, p_pathways text[], p_asked text[])",
            "TABLE (unweighed boolean, unread boolean, unmet boolean)",
            GATE,
        ),
    ]

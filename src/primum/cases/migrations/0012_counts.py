"""Honest counts: what the engine counts for an audit, who may read it; samples and meetings."""

import uuid
from typing import Any

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from primum.cases.counts import LISTED, SUMS, Counter, counted
from primum.people.policies import changeable, definer, protect

# The auditor, the leadership and the human-rights component: whoever answers for a number, or asks.
AUDITS = """
SELECT EXISTS (
    SELECT 1 FROM people_post p JOIN viewer_of() v ON v.post = p.id
    WHERE p.duties && ARRAY['audits', 'leadership', 'decides_leadership']::varchar[]
       OR p.organisation_id IN (SELECT organisation_id FROM people_post
                                WHERE 'widest_seal' = ANY (duties)))
"""
ENGINE = counted(Counter.ENGINE)
PERIOD = "p_codes text[], p_since timestamptz, p_until timestamptz, p_at timestamptz"

# Seen while what it is about is: a report keeps its wall against those it names.
ABOUT = """(case_kind <> 'report' OR EXISTS (SELECT 1 FROM cases_report r WHERE r.id = "case"))
    AND (case_kind <> 'activity' OR EXISTS (SELECT 1 FROM cases_activity a WHERE a.id = "case"))"""
OF_ACTIVITY = "EXISTS (SELECT 1 FROM cases_activity a WHERE a.id = activity_id)"


def key() -> Any:
    return models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)


def to(model: str, related_name: str = "+", *, null: bool = False) -> Any:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, to=model, related_name=related_name, null=null
    )


TABLES = ("cases_meeting", "cases_meetingitem", "cases_raised", "cases_sample")


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_effects"),
        ("people", "0002_walls"),
        ("register", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", key()),
                ("at", models.DateTimeField()),
                ("salt", models.CharField(max_length=32)),
                ("by", to("people.holding")),
                ("seal", to("people.seal")),
                (
                    "supersedes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected",
                        to="cases.meeting",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MeetingItem",
            fields=[
                ("id", key()),
                ("number", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("case_kind", models.CharField(blank=True, max_length=20)),
                ("case", models.UUIDField(null=True)),
                ("title", models.CharField(max_length=200)),
                ("words", models.TextField(blank=True)),
                ("decision", to("cases.decision", null=True)),
                ("meeting", to("cases.meeting", related_name="items")),
                ("seal", to("people.seal")),
            ],
        ),
        migrations.CreateModel(
            name="Raised",
            fields=[
                ("id", key()),
                (
                    "activity",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="raised",
                        to="cases.activity",
                    ),
                ),
                ("seal", to("people.seal")),
            ],
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("id", key()),
                ("at", models.DateTimeField()),
                ("population", models.PositiveIntegerField()),
                (
                    "activities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None
                    ),
                ),
                ("salt", models.CharField(max_length=32)),
                ("by", to("people.holding")),
                ("seal", to("people.seal")),
            ],
        ),
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(fields=["-at"], name="newest_meeting"),
        ),
        migrations.AddConstraint(
            model_name="meetingitem",
            constraint=models.UniqueConstraint(
                fields=("meeting", "number"), name="one_item_a_number"
            ),
        ),
        protect("cases_meeting"),
        protect("cases_meetingitem", also=ABOUT),
        protect("cases_raised", also=OF_ACTIVITY),
        protect("cases_sample"),
        # Written once: minutes, a draw and a raise are never changed.
        *(
            changeable(f"cases_{each}", "")
            for each in ("meeting", "meetingitem", "raised", "sample")
        ),
        definer("viewer_audits()", "boolean", AUDITS),
        definer(
            f"audit_sums({PERIOD})",
            "TABLE (code text, post uuid, total boolean, hits int, whole int, seen_hits int,"
            " seen_whole int, median_seconds bigint)",
            f"SELECT * FROM ({ENGINE} {SUMS}) s WHERE (SELECT viewer_audits())",
        ),
        definer(
            f"audit_list({PERIOD}, p_hit boolean, p_after uuid, p_most int)",
            "TABLE (activity uuid, record uuid, post uuid, seconds bigint)",
            f"SELECT * FROM ({ENGINE} {LISTED}) s WHERE (SELECT viewer_audits())",
        ),
    ]

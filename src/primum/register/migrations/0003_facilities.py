"""What a building is for, and in whose hands it is on which day."""

import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

import primum.people.models
from primum.people.policies import changeable, protect


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_walls"),
        ("register", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="Custodian",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("starts", models.DateField()),
                ("ends", models.DateField(null=True)),
                ("source", models.TextField()),
                ("at", models.DateTimeField()),
                ("salt", models.CharField(default=primum.people.models.fresh_salt, max_length=32)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.holding",
                    ),
                ),
                (
                    "corrected_by",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrects",
                        to="register.custodian",
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
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="custodians",
                        to="register.place",
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
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("corrected_by", None)),
                        expressions=[
                            ("place", "="),
                            (
                                models.Func(
                                    models.F("starts"),
                                    models.F("ends"),
                                    models.Value("[]"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="one_custodian_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends", None), ("ends__gte", models.F("starts")), _connector="OR"
                        ),
                        name="custody_ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Facility",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("built_under", models.UUIDField(null=True)),
                ("handed_over", models.DateField(null=True)),
                (
                    "agreed_uses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                (
                    "forbidden_uses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("capacity", models.PositiveIntegerField(null=True)),
                ("holding_hours", models.PositiveIntegerField(null=True)),
                (
                    "any_time",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Unknown")],
                        default="unknown",
                        max_length=7,
                    ),
                ),
                (
                    "private_talks",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Unknown")],
                        default="unknown",
                        max_length=7,
                    ),
                ),
                ("access_words", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("salt", models.CharField(default=primum.people.models.fresh_salt, max_length=32)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.holding",
                    ),
                ),
                (
                    "looker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facilities",
                        to="register.place",
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
                    "supersedes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="newer",
                        to="register.facility",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("supersedes", None)),
                        fields=("place",),
                        name="one_facility_a_place",
                    )
                ],
            },
        ),
        protect("register_facility"),
        protect("register_custodian"),
        changeable("register_facility", ""),
        # A correction stands beside what it corrects: nothing else of a row ever changes.
        changeable("register_custodian", "corrected_by_id"),
    ]

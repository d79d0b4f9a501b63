"""A second reader's word on a look."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from primum.people.policies import protect


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_policy")]

    operations = [
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("verdict", models.CharField(max_length=12)),
                ("words", models.TextField()),
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
                    "look",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
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
                "abstract": False,
            },
        ),
        protect("cases_reading"),
        # What was said of a look is said: another look, or another reading, comes after it.
        migrations.RunSQL(
            "REVOKE UPDATE ON cases_reading FROM primum_web",
            migrations.RunSQL.noop,
        ),
    ]

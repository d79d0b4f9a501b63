"""Suspensions of a line, a unit, a commander or a whole force; what reopens a check; renewals."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from primum.cases.migrations._stops_sql import (
    COMMAND_AT,
    COMMAND_CHANGED,
    FIRST_DAY,
    LAST_DAY,
    LINE_CHANGES,
    NOTE_CHANGES,
    OUTSIDE,
    RENEWAL_OWED,
    STOP_REACH,
    STOPS_ON,
    TIE_MAY_HOLD,
)
from primum.people.policies import changeable, definer, protect


def sql(signature: str, returns: str, body: str, how: str = "STABLE") -> migrations.RunSQL:
    """A function run as whoever calls it, so that row-level security holds for them."""
    name = signature.split("(", maxsplit=1)[0]
    return migrations.RunSQL(
        f"CREATE FUNCTION {signature} RETURNS {returns} LANGUAGE sql {how} AS $body${body}$body$",
        f"DROP FUNCTION {name}",
    )


def key() -> tuple[str, models.Field]:  # type: ignore[type-arg]
    return (
        "id",
        models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
    )


def link(to: str, related: str = "+", *, null: bool = False) -> models.Field:  # type: ignore[type-arg]
    return models.ForeignKey(
        null=null, on_delete=django.db.models.deletion.PROTECT, related_name=related, to=to
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_promises"),
        ("people", "0002_walls"),
        ("register", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="Stop",
            fields=[
                key(),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("line", "Line"),
                            ("unit", "Unit"),
                            ("commander", "Commander"),
                            ("operation", "Operation"),
                            ("all", "All"),
                        ],
                        max_length=10,
                    ),
                ),
                ("started", models.DateTimeField()),
                ("words", models.TextField()),
                ("lifts_when", models.TextField(blank=True)),
                ("review_by", models.DateTimeField(null=True)),
                ("salt", models.CharField(max_length=32)),
                ("activity", link("cases.activity", "stops", null=True)),
                ("line", link("cases.line", "stops", null=True)),
                ("party", link("register.party", null=True)),
                ("decision", link("cases.decision", "stops", null=True)),
                ("post", link("people.post")),
                ("by", link("people.holding")),
                ("seal", link("people.seal")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("line__isnull", False), ("party__isnull", True), ("scope", "line")
                        )
                        | models.Q(
                            ("activity__isnull", False),
                            ("line", None),
                            ("party__isnull", True),
                            ("scope", "operation"),
                        )
                        | models.Q(
                            ("activity__isnull", True),
                            ("line__isnull", True),
                            ("party__isnull", False),
                            ("scope__in", ("unit", "commander", "all")),
                        ),
                        name="stops_one_thing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Lift",
            fields=[
                key(),
                ("at", models.DateTimeField()),
                ("put_right", models.TextField()),
                ("evidence", models.TextField()),
                ("advised_by", models.TextField(blank=True)),
                ("salt", models.CharField(max_length=32)),
                ("decision", link("cases.decision", "lifts", null=True)),
                ("post", link("people.post")),
                ("by", link("people.holding")),
                ("seal", link("people.seal")),
                (
                    "stop",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lift",
                        to="cases.stop",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="Renewal",
            fields=[
                key(),
                ("changed", models.JSONField()),
                ("at", models.DateTimeField()),
                ("salt", models.CharField(max_length=32)),
                ("activity", link("cases.activity", "renewals")),
                ("by", link("people.holding")),
                ("seal", link("people.seal")),
            ],
            options={"abstract": False},
        ),
        *(protect(f"cases_{table}") for table in ("stop", "lift", "renewal")),
        # A stop is not changed: it ends with its lift, which is a row of its own.
        *(changeable(f"cases_{table}", "") for table in ("stop", "lift", "renewal")),
        sql("first_day(p_said text)", "date", FIRST_DAY, "IMMUTABLE"),
        sql("last_day(p_said text)", "date", LAST_DAY, "IMMUTABLE"),
        sql("tie_may_hold(t register_tie, p_day date)", "boolean", TIE_MAY_HOLD),
        sql(
            "stop_reach(p_parties uuid[], p_day date)",
            "TABLE (party uuid, reached uuid, how text)",
            STOP_REACH,
        ),
        sql("outside(p_line uuid)", "boolean", OUTSIDE),
        sql(
            "line_changes(p_lines uuid[], p_day date)",
            "TABLE (activity uuid, line uuid, changed date, learned timestamptz)",
            LINE_CHANGES,
        ),
        definer(
            "stops_on(p_activity uuid, p_at timestamptz)",
            "TABLE (line uuid, stop uuid, scope text, since timestamptz)",
            STOPS_ON,
        ),
        definer(
            "command_changed(p_activities uuid[], p_at timestamptz)",
            "TABLE (activity uuid, line uuid, changed date, learned timestamptz, assessed boolean)",
            COMMAND_CHANGED,
        ),
        definer(
            "command_at(p_line uuid, p_happened timestamptz, p_at timestamptz)",
            "text",
            COMMAND_AT,
        ),
        definer(
            "note_command_changes(p_at timestamptz, p_answer_by timestamptz, p_leadership uuid)",
            "TABLE (activity uuid, delivery uuid, how text, seal uuid)",
            NOTE_CHANGES,
            "sql volatile",
        ),
        definer(
            "renewal_owed(p_activity uuid, p_at timestamptz)",
            "TABLE (kind text, due timestamptz, month_only boolean)",
            RENEWAL_OWED,
        ),
    ]

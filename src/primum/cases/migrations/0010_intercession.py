"""The intercession ladder and its letters, behind the walls that stand around reports."""

import uuid
from typing import Any

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from primum.people.policies import changeable, definer, protect


def key() -> "models.UUIDField[uuid.UUID, uuid.UUID]":
    return models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)


def points(to: str, named: str = "+", null: bool = False) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        null=null, on_delete=django.db.models.deletion.PROTECT, related_name=named, to=to
    )


def list_of(field: "models.Field[Any, Any]") -> "models.Field[Any, Any]":
    return django.contrib.postgres.fields.ArrayField(base_field=field, default=list, size=None)


# Law 8: withheld from the organisation of the party, from those above and below it, and from posts
# of its contributor state, whatever the seal.
NOT_NAMED = """NOT (withheld_organisations @> ARRAY[(SELECT viewer_organisation())]::uuid[])
    AND NOT (withheld_states @> ARRAY[(SELECT viewer_state())]::varchar[])"""

WITHHOLD = """
UPDATE cases_{table} SET withheld_organisations = w.organisations, withheld_states = w.states
FROM withheld_from(ARRAY(SELECT party_id FROM cases_{table} WHERE id = p_{table})) w
WHERE id = p_{table}
"""

# What a rung rests on is read by those alone who may read every report it links to. A report raised
# later takes these words along.
READS_ALL = """
SELECT NOT EXISTS (
    SELECT 1 FROM cases_reliedreport k JOIN cases_report r ON r.id = k.report_id
    WHERE k.intercession_id = p_intercession AND NOT coalesce(
        r.seal_id = ANY (visible_seals())
        AND NOT r.withheld_organisations @> ARRAY[viewer_organisation()]::uuid[]
        AND NOT r.withheld_states @> ARRAY[viewer_state()]::varchar[], false))
"""

WITHHELD = """
SELECT EXISTS (SELECT 1 FROM cases_letter l WHERE l.id = p_case
    AND (l.withheld_organisations @> ARRAY[viewer_organisation()]::uuid[]
         OR l.withheld_states @> ARRAY[viewer_state()]::varchar[]))
"""

# Lines of the ledger, reminders and the letters as they went follow their rung or letter.
FOLLOW = """
CREATE POLICY walled ON cases_entry AS RESTRICTIVE FOR SELECT TO primum_web USING (
    (record_kind <> 'intercession'
        OR EXISTS (SELECT 1 FROM cases_intercession i WHERE i.id = record))
    AND (record_kind <> 'letter' OR EXISTS (SELECT 1 FROM cases_letter l WHERE l.id = record)));
CREATE POLICY walled ON cases_reminder AS RESTRICTIVE FOR SELECT TO primum_web USING (
    what NOT IN ('approve_rung', 'write_letter', 'answer_rung', 'read_letter', 'rewrite_letter',
                 'send_letter')
    OR EXISTS (SELECT 1 FROM cases_intercession i WHERE i.id = about)
    OR EXISTS (SELECT 1 FROM cases_letter l WHERE l.id = about));
CREATE POLICY walled ON cases_file AS RESTRICTIVE FOR SELECT TO primum_web
    USING (NOT letter_withheld("case"));
"""

WRITTEN_ONCE = ("lettertext", "letterreading", "relied", "reliedreport")
SEES = "EXISTS (SELECT 1 FROM cases_{table} w WHERE w.id = {column})"


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0009_stops"),
        ("people", "0002_walls"),
        ("register", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="Intercession",
            fields=[
                ("id", key()),
                ("rung", models.CharField(max_length=20)),
                ("scope", models.CharField(max_length=20)),
                ("scope_words", models.CharField(blank=True, max_length=200)),
                ("threshold", models.TextField()),
                ("deadline", models.DateTimeField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("approved", "Approved"),
                            ("sent_back", "Sent Back"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("judged", models.DateTimeField(null=True)),
                ("judged_words", models.TextField(blank=True)),
                ("answer", models.CharField(blank=True, max_length=20)),
                ("answer_words", models.TextField(blank=True)),
                ("answered", models.DateField(null=True)),
                ("answer_at", models.DateTimeField(null=True)),
                ("withheld_organisations", list_of(models.UUIDField())),
                ("withheld_states", list_of(models.CharField(max_length=60))),
                ("salt", models.CharField(max_length=32)),
                ("answer_by", points("people.holding", null=True)),
                ("by", points("people.holding")),
                ("decision", points("cases.decision", null=True)),
                ("judged_by", points("people.holding", null=True)),
                ("party", points("register.party")),
                ("seal", points("people.seal")),
                ("supersedes", points("cases.intercession", "after", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", key()),
                ("kind", models.CharField(max_length=20)),
                ("language", models.CharField(max_length=8)),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sent_back", "Sent Back"),
                            ("passed", "Passed"),
                            ("sent", "Sent"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("state_since", models.DateTimeField()),
                ("sent_on", models.DateField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("channel", models.CharField(blank=True, max_length=20)),
                ("withheld_organisations", list_of(models.UUIDField())),
                ("withheld_states", list_of(models.CharField(max_length=60))),
                ("salt", models.CharField(max_length=32)),
                ("by", points("people.holding")),
                ("intercession", points("cases.intercession", "letters", null=True)),
                ("party", points("register.party")),
                ("seal", points("people.seal")),
                ("sent_by", points("people.holding", null=True)),
                ("signatory", points("people.post")),
            ],
        ),
        migrations.CreateModel(
            name="LetterText",
            fields=[
                ("id", key()),
                ("number", models.PositiveSmallIntegerField()),
                ("addressee", models.TextField()),
                ("reference", models.CharField(max_length=60)),
                ("deadline", models.DateField(null=True)),
                ("words", models.JSONField()),
                ("at", models.DateTimeField()),
                ("salt", models.CharField(max_length=32)),
                ("by", points("people.holding")),
                ("letter", points("cases.letter", "texts")),
                ("seal", points("people.seal")),
            ],
        ),
        migrations.CreateModel(
            name="LetterReading",
            fields=[
                ("id", key()),
                ("words_tell", models.BooleanField()),
                ("words_why", models.TextField()),
                ("timing_tells", models.BooleanField()),
                ("timing_why", models.TextField()),
                ("not_before", models.DateField(null=True)),
                ("passes", models.BooleanField()),
                ("at", models.DateTimeField()),
                ("salt", models.CharField(max_length=32)),
                ("by", points("people.holding")),
                ("seal", points("people.seal")),
                (
                    "text",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reading",
                        to="cases.lettertext",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Relied",
            fields=[
                ("id", key()),
                ("words", models.TextField()),
                ("salt", models.CharField(max_length=32)),
                ("intercession", points("cases.intercession", "relied")),
                ("seal", points("people.seal")),
            ],
        ),
        migrations.CreateModel(
            name="ReliedReport",
            fields=[
                ("id", key()),
                ("intercession", points("cases.intercession")),
                ("report", points("cases.report")),
                ("seal", points("people.seal")),
            ],
        ),
        migrations.AddIndex(
            model_name="intercession",
            index=models.Index(fields=["party", "-at"], name="intercessions_of_party"),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["-at", "id"], name="newest_letters"),
        ),
        migrations.AddConstraint(
            model_name="lettertext",
            constraint=models.UniqueConstraint(
                fields=("letter", "number"), name="one_text_a_number"
            ),
        ),
        protect("cases_intercession", also=NOT_NAMED),
        protect("cases_letter", also=NOT_NAMED),
        protect("cases_lettertext", also=SEES.format(table="letter", column="letter_id")),
        protect("cases_letterreading", also=SEES.format(table="lettertext", column="text_id")),
        definer("reads_all_relied(p_intercession uuid)", "boolean", READS_ALL),
        protect(
            "cases_relied",
            also=SEES.format(table="intercession", column="intercession_id")
            + " AND reads_all_relied(intercession_id)",
        ),
        protect(
            "cases_reliedreport",
            also=SEES.format(table="intercession", column="intercession_id")
            + " AND "
            + SEES.format(table="report", column="report_id"),
        ),
        changeable(
            "cases_intercession",
            "state, judged, judged_by_id, judged_words, deadline, answer, answer_words, answered,"
            " answer_by_id, answer_at",
        ),
        # Once it is sent nobody says otherwise: the words were never changed, and stay.
        changeable("cases_letter", "state, state_since, sent_on, sent_at, sent_by_id, channel"),
        *(changeable(f"cases_{table}", "") for table in WRITTEN_ONCE),
        *(
            definer(
                f"withhold_{table}(p_{table} uuid)",
                "void",
                WITHHOLD.format(table=table),
                "sql volatile",
            )
            for table in ("intercession", "letter")
        ),
        definer("letter_withheld(p_case uuid)", "boolean", WITHHELD),
        migrations.RunSQL(FOLLOW, migrations.RunSQL.noop),
    ]

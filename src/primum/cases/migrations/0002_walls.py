"""Need-to-know on every table of the loop, and on reports the wall against the party they name."""

from django.db import migrations

from primum.people.policies import definer, protect

TABLES = (
    "activity",
    "governing",
    "line",
    "delivery",
    "look",
    "commitment",
    "assessment",
    "ruling",
    "advice",
    "decision",
    "ground",
    "note",
    "file",
    "reminder",
)

# A report is withheld from the organisation of the party it names, from those above and below it,
# and from posts of its contributor state (law 8, SETTLED 26).
NOT_NAMED = """NOT (withheld_organisations @> ARRAY[(SELECT viewer_organisation())]::uuid[])
    AND NOT (withheld_states @> ARRAY[(SELECT viewer_state())]::varchar[])"""

WITHHOLD = """
WITH RECURSIVE named(id) AS (
    SELECT party_id FROM cases_reportparty WHERE report_id = report
    UNION SELECT t.upper_id FROM register_tie t JOIN named n ON t.lower_id = n.id
    WHERE t.kind = 'commands'
), owned AS (
    SELECT p.organisation_id AS id, p.contributor_state AS state
    FROM register_party p JOIN named n ON n.id = p.id
), up(id) AS (
    SELECT id FROM owned WHERE id IS NOT NULL
    UNION SELECT o.parent_id FROM people_organisation o JOIN up ON o.id = up.id
    WHERE o.parent_id IS NOT NULL
), down(id) AS (
    SELECT id FROM owned WHERE id IS NOT NULL
    UNION SELECT o.id FROM people_organisation o JOIN down ON o.parent_id = down.id
)
UPDATE cases_report SET
    withheld_organisations =
        (SELECT coalesce(array_agg(id), '{}') FROM (TABLE up UNION TABLE down) o),
    withheld_states = (
        SELECT coalesce(array_agg(DISTINCT state), '{}') FROM (
            SELECT state FROM owned
            UNION SELECT o.contributor_state FROM people_organisation o
            JOIN owned ON o.id = owned.id
        ) s WHERE state <> '')
WHERE id = report
"""

RAISE = """
DECLARE
    old_level smallint;
    new_level smallint;
BEGIN
    IF kind NOT IN ('report', 'note', 'look', 'commitment', 'file', 'line', 'activity') THEN
        RAISE EXCEPTION 'no seal can be raised on a %', kind USING ERRCODE = 'PV003';
    END IF;
    EXECUTE format('SELECT s.level FROM cases_%I r JOIN people_seal s ON s.id = r.seal_id'
                   ' WHERE r.id = $1 AND r.seal_id = ANY (visible_seals()) FOR UPDATE OF r', kind)
        INTO old_level USING record;
    SELECT level INTO new_level FROM people_seal WHERE id = seal;
    IF old_level IS NULL OR new_level IS NULL OR new_level <= old_level THEN
        RETURN false;
    END IF;
    EXECUTE format('UPDATE cases_%I SET seal_id = $1 WHERE id = $2', kind) USING seal, record;
    UPDATE cases_entrysight SET seal_id = seal
        WHERE entry_id IN (SELECT e.id FROM cases_entry e WHERE e.record = raise_seal.record);
    RETURN true;
END
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("register", "0002_walls")]

    operations = [
        *(protect(f"cases_{table}") for table in TABLES),
        protect("cases_report", also=NOT_NAMED),
        protect(
            "cases_reportparty",
            # Seen exactly when the report is: the report's own wall decides.
            also="EXISTS (SELECT 1 FROM cases_report r WHERE r.id = report_id)",
        ),
        definer("withhold_report(report uuid)", "void", WITHHOLD, "sql volatile"),
        definer(
            "raise_seal(kind text, record uuid, seal uuid)", "boolean", RAISE, "plpgsql volatile"
        ),
    ]

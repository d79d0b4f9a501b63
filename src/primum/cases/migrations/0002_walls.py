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
    old_seal uuid;
    old_level smallint;
    new_level smallint;
BEGIN
    IF kind NOT IN ('report', 'note', 'look', 'commitment', 'file', 'line', 'activity') THEN
        RAISE EXCEPTION 'no seal can be raised on a %', kind USING ERRCODE = 'PV003';
    END IF;
    EXECUTE format('SELECT s.id, s.level FROM cases_%I r JOIN people_seal s ON s.id = r.seal_id'
                   ' WHERE r.id = $1 AND r.seal_id = ANY (visible_seals()) FOR UPDATE OF r', kind)
        INTO old_seal, old_level USING record;
    SELECT level INTO new_level FROM people_seal WHERE id = seal;
    -- Higher is a higher level, or fewer readers at the same: nobody new may come to read it.
    IF old_level IS NULL OR new_level IS NULL OR new_level < old_level OR seal = old_seal
       OR NOT seal_readers(seal) <@ seal_readers(old_seal) THEN
        RETURN false;
    END IF;
    EXECUTE format('UPDATE cases_%I SET seal_id = $1 WHERE id = $2', kind) USING seal, record;
    UPDATE cases_entrysight SET seal_id = seal
        WHERE entry_id IN (SELECT e.id FROM cases_entry e WHERE e.record = raise_seal.record);
    RETURN true;
END
"""

# Every post that may read what lies under a seal, the clock and the process posts apart.
READERS = """
WITH RECURSIVE inside(post, organisation) AS (
    SELECT id, organisation_id FROM people_post WHERE NOT clock AND NOT process_only
    UNION SELECT i.post, o.parent_id FROM inside i
    JOIN people_organisation o ON o.id = i.organisation WHERE o.parent_id IS NOT NULL
)
SELECT coalesce(array_agg(p.id), '{}') FROM people_post p, people_seal s
WHERE s.id = p_seal AND NOT p.clock AND NOT p.process_only AND s.level <= least(p.sees_to, 3)
  AND (s.level = 0
       OR EXISTS (SELECT 1 FROM people_seal_posts a WHERE a.seal_id = s.id AND a.post_id = p.id)
       OR EXISTS (SELECT 1 FROM people_seal_organisations a
                  JOIN inside i ON i.organisation = a.organisation_id
                  WHERE a.seal_id = s.id AND i.post = p.id))
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("register", "0002_walls")]

    operations = [
        *(protect(f"cases_{table}") for table in TABLES),
        # A published text never changes, and nobody unpublishes it.
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON cases_protocolversion FROM primum_web",
            migrations.RunSQL.noop,
        ),
        protect("cases_report", also=NOT_NAMED),
        protect(
            "cases_reportparty",
            # Seen exactly when the report is: the report's own wall decides.
            also="EXISTS (SELECT 1 FROM cases_report r WHERE r.id = report_id)",
        ),
        definer("withhold_report(report uuid)", "void", WITHHOLD, "sql volatile"),
        definer("seal_readers(p_seal uuid)", "uuid[]", READERS),
        definer(
            "raise_seal(kind text, record uuid, seal uuid)", "boolean", RAISE, "plpgsql volatile"
        ),
    ]

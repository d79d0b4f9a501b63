"""Need-to-know on every table of the loop, and on reports the wall against the party they name."""

from django.db import migrations

from primum.people.policies import changeable, definer, protect

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
)

# A report is withheld from the organisation of the party it names, from those above and below it,
# and from posts of its contributor state (law 8, SETTLED 26).
NOT_NAMED = """NOT (withheld_organisations @> ARRAY[(SELECT viewer_organisation())]::uuid[])
    AND NOT (withheld_states @> ARRAY[(SELECT viewer_state())]::varchar[])"""

# Whom a row about these parties is withheld from.
WITHHELD = """
WITH RECURSIVE named(id) AS (
    SELECT unnest(p_parties)
    -- Up the lines of command; and a commander stands for the unit they serve in.
    UNION SELECT CASE WHEN t.kind = 'commands' THEN t.upper_id ELSE t.lower_id END
    FROM register_tie t JOIN named n
        ON (t.kind = 'commands' AND t.lower_id = n.id)
        OR (t.kind = 'holds_post' AND t.upper_id = n.id)
    -- One that was superseded or undone goes on withholding: whoever can close a tie could
    -- otherwise open a report to the commanders above the unit it names.
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
SELECT
    (SELECT coalesce(array_agg(id), '{}') FROM (TABLE up UNION TABLE down) o),
    (SELECT coalesce(array_agg(DISTINCT state), '{}') FROM (
        SELECT state FROM owned
        UNION SELECT o.contributor_state FROM people_organisation o JOIN up ON o.id = up.id
    ) s WHERE state <> '')
"""

WITHHOLD = """
UPDATE cases_report SET withheld_organisations = w.organisations, withheld_states = w.states
FROM withheld_from(ARRAY(SELECT party_id FROM cases_reportparty WHERE report_id = report)) w
WHERE id = report
"""

# Rungs and letters about a party stand behind the same wall; their tables come later.
WITHHOLD_AGAIN = """
BEGIN
    PERFORM withhold_report(id) FROM cases_report;
    PERFORM withhold_intercession(id) FROM cases_intercession;
    PERFORM withhold_letter(id) FROM cases_letter;
END
"""

RAISE = """
DECLARE
    part text;
    old_seal uuid;
    old_level smallint;
    new_level smallint;
BEGIN
    IF kind NOT IN ('report', 'note', 'look', 'commitment', 'file', 'line', 'activity',
                    'assessment') THEN
        RAISE EXCEPTION 'no seal can be raised on a %', kind USING ERRCODE = 'PV003';
    END IF;
    EXECUTE format('SELECT s.id, s.level FROM cases_%I r JOIN people_seal s ON s.id = r.seal_id'
                   ' WHERE r.id = $1 AND r.seal_id = ANY (visible_seals()) FOR UPDATE OF r', kind)
        INTO old_seal, old_level USING record;
    SELECT level INTO new_level FROM people_seal WHERE id = seal;
    -- Higher is a higher level, or fewer readers at the same: nobody new may come to read it.
    IF kind = 'report' AND EXISTS (
        SELECT 1 FROM cases_report r WHERE r.id = record
        AND (r.withheld_organisations @> ARRAY[viewer_organisation()]::uuid[]
             OR r.withheld_states @> ARRAY[viewer_state()]::varchar[])) THEN
        RETURN false;
    END IF;
    IF old_level IS NULL OR new_level IS NULL OR new_level > 3 OR new_level < old_level
       OR seal = old_seal OR NOT seal_readers(seal) <@ seal_readers(old_seal) THEN
        RETURN false;
    END IF;
    EXECUTE format('UPDATE cases_%I SET seal_id = $1 WHERE id = $2', kind) USING seal, record;
    UPDATE cases_entrysight SET seal_id = seal
        WHERE entry_id IN (SELECT e.id FROM cases_entry e WHERE e.record = raise_seal.record);
    UPDATE cases_reminder SET seal_id = seal WHERE about = raise_seal.record;
    IF kind = 'report' THEN
        UPDATE cases_reportparty SET seal_id = seal WHERE report_id = raise_seal.record;
        UPDATE cases_note n SET seal_id = seal WHERE n."case" = raise_seal.record;
        UPDATE cases_allegation a SET seal_id = seal WHERE a.report_id = raise_seal.record;
        UPDATE cases_authoritystep s SET seal_id = seal WHERE s.report_id = raise_seal.record;
        UPDATE cases_undertaking u SET seal_id = narrower_seal(u.seal_id, seal)
            WHERE u.report_id = raise_seal.record;
        UPDATE cases_waiver w SET seal_id = narrower_seal(w.seal_id, seal)
            FROM cases_undertaking u
            WHERE u.id = w.undertaking_id AND u.report_id = raise_seal.record;
        UPDATE cases_entrysight s SET seal_id = narrower_seal(s.seal_id, seal)
            FROM cases_entry e WHERE e.id = s.entry_id AND (
                EXISTS (SELECT 1 FROM cases_allegation a
                        WHERE a.id = e.record AND a.report_id = raise_seal.record)
                OR EXISTS (SELECT 1 FROM cases_authoritystep t
                           WHERE t.id = e.record AND t.report_id = raise_seal.record)
                OR EXISTS (SELECT 1 FROM cases_undertaking u
                           LEFT JOIN cases_waiver w ON w.undertaking_id = u.id
                           WHERE u.report_id = raise_seal.record AND e.record IN (u.id, w.id)));
    ELSIF kind = 'look' THEN
        UPDATE cases_reading r SET seal_id = seal WHERE r.look_id = raise_seal.record;
    ELSIF kind = 'activity' THEN
        -- The parts go along, unless fewer may read them already.
        FOREACH part IN ARRAY ARRAY['governing', 'line', 'delivery', 'look', 'commitment',
                                    'assessment', 'advice', 'decision', 'stop', 'renewal',
                                    'weighing', 'effect', 'effectreport', 'accepted',
                                    'sign'] LOOP
            EXECUTE format('UPDATE cases_%I p SET seal_id = narrower_seal(p.seal_id, $1)'
                           ' WHERE p.activity_id = $2', part) USING seal, record;
        END LOOP;
        UPDATE cases_waiver w SET seal_id = narrower_seal(w.seal_id, seal)
            WHERE w.activity_id = raise_seal.record;
        UPDATE cases_ruling r SET seal_id = narrower_seal(r.seal_id, seal)
            FROM cases_assessment s
            WHERE s.id = r.assessment_id AND s.activity_id = raise_seal.record;
        UPDATE cases_told t SET seal_id = narrower_seal(t.seal_id, seal)
            FROM cases_decision d
            WHERE d.id = t.decision_id AND d.activity_id = raise_seal.record;
        UPDATE cases_ground g SET seal_id = narrower_seal(g.seal_id, seal)
            FROM cases_decision d
            WHERE d.id = g.decision_id AND d.activity_id = raise_seal.record;
        UPDATE cases_lift x SET seal_id = narrower_seal(x.seal_id, seal)
            FROM cases_stop s WHERE s.id = x.stop_id AND s.activity_id = raise_seal.record;
        UPDATE cases_reading r SET seal_id = narrower_seal(r.seal_id, seal)
            FROM cases_look l WHERE l.id = r.look_id AND l.activity_id = raise_seal.record;
        UPDATE cases_note n SET seal_id = narrower_seal(n.seal_id, seal)
            WHERE n."case" = raise_seal.record;
        UPDATE cases_file f SET seal_id = narrower_seal(f.seal_id, seal)
            WHERE f."case" = raise_seal.record;
        UPDATE cases_reminder m SET seal_id = narrower_seal(m.seal_id, seal)
            WHERE m."case" = raise_seal.record;
        UPDATE cases_entrysight s SET seal_id = narrower_seal(s.seal_id, seal)
            FROM cases_entry e WHERE e.id = s.entry_id AND e."case" = raise_seal.record;
    END IF;
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


# What a role of the server may change of a row, once it is written. Nothing decided is rewritten,
# no seal is lowered and no wall taken down by an UPDATE, whatever slips into a statement.
CHANGES = {
    "activity": "stage, stage_since, approved_until, lease_end, watch_until, decided_stage",
    "governing": "",
    "line": "",
    "delivery": "answered, answer",
    "look": "state, made, made_by_id, method, independence, same_visit_id, result, attempts,"
    " answers, words, released_by, decision_due, decision_asked, read_due",
    "commitment": "state, answered, answered_by_id, words, answers, broken_at, decision_due, due",
    "assessment": "",
    "ruling": "",
    "advice": "",
    "decision": "confirmed, confirmed_by_id, lease_ended",
    "ground": "",
    "note": "",
    "file": "",
    "reminder": "",
    "report": "confidence",
    "reportparty": "",
}


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("register", "0002_walls")]

    operations = [
        *(protect(f"cases_{table}") for table in TABLES),
        # A text never changes, and nobody unpublishes it: what is in force comes later, on top.
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON cases_protocolversion, cases_publication"
            " FROM primum_web",
            migrations.RunSQL.noop,
        ),
        # Nor does anybody say afterwards when the clock ran.
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON cases_tick FROM primum_web",
            migrations.RunSQL.noop,
        ),
        protect(
            "cases_reminder",
            also="(what <> 'assess_report' OR EXISTS (SELECT 1 FROM cases_report r"
            " WHERE r.id = about))",
        ),
        protect("cases_report", also=NOT_NAMED),
        protect(
            "cases_reportparty",
            # Seen exactly when the report is: the report's own wall decides.
            also="EXISTS (SELECT 1 FROM cases_report r WHERE r.id = report_id)",
        ),
        *(changeable(f"cases_{table}", columns) for table, columns in CHANGES.items()),
        definer(
            "withheld_from(p_parties uuid[])",
            "TABLE (organisations uuid[], states varchar[])",
            WITHHELD,
        ),
        # For the engine's own functions: it follows ties that the asker may not see.
        migrations.RunSQL(
            "REVOKE EXECUTE ON FUNCTION withheld_from(uuid[]) FROM primum_web",
            migrations.RunSQL.noop,
        ),
        definer("withhold_report(report uuid)", "void", WITHHOLD, "sql volatile"),
        definer("seal_readers(p_seal uuid)", "uuid[]", READERS),
        definer(
            "narrower_seal(p_one uuid, p_two uuid)",
            "uuid",
            """SELECT CASE WHEN seal_readers(p_one) <@ seal_readers(p_two) THEN p_one
            ELSE p_two END""",
        ),
        definer("withhold_again()", "void", WITHHOLD_AGAIN, "plpgsql volatile"),
        definer(
            "raise_seal(kind text, record uuid, seal uuid)", "boolean", RAISE, "plpgsql volatile"
        ),
    ]

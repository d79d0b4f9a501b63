"""Gates: what the engine works out over every row, sealed ones included: counts and dates.

The existence of looks and commitments is never sealed, only their content (law 6, SETTLED 19).
Each gate first asks whether the viewer may see the activity at all.
"""

from django.db import migrations

from primum.people.policies import definer

# Which parties the mission's own cases name, whatever the seal: what an import brought is not taken
# away from under them. Asked by the clock alone, when an import is undone or superseded.
IN_CASES = """
BEGIN
    RETURN (
        SELECT coalesce(array_agg(DISTINCT named.id), '{}') FROM (
            SELECT party_id AS id FROM cases_line UNION SELECT party_id FROM cases_reportparty
            UNION SELECT party_id FROM cases_undertaking
            UNION SELECT party_id FROM cases_intercession UNION SELECT party_id FROM cases_letter
            UNION SELECT party_id FROM register_custodian
        ) named
        WHERE named.id = ANY (p_parties)
          AND EXISTS (SELECT 1 FROM people_post p JOIN viewer_of() v ON v.post = p.id
                      WHERE p.clock));
END
"""
ANSWERS = ["decide", "go_on", "suspend", "resume", "withdraw", "stop", "lift"]
"""The kinds of decision that answer what was broken before them; a release does not."""

MAY_SEE = (
    "EXISTS (SELECT 1 FROM cases_activity a WHERE a.id = p_activity"
    " AND a.seal_id = ANY (visible_seals()))"
)

PULSE = f"""
SELECT 'look', l.id,
    CASE WHEN l.unannounced AND l.state = 'open' THEN date_trunc('month', l.due) ELSE l.due END,
    l.unannounced,
    CASE WHEN l.state <> 'open' THEN l.state
         WHEN l.due + make_interval(days => l.grace_days) < p_at THEN 'overdue' ELSE 'open' END
FROM cases_look l WHERE l.activity_id = p_activity AND {MAY_SEE}
UNION ALL
SELECT 'commitment', c.id, c.due, false,
    CASE WHEN c.state <> 'open' THEN c.state WHEN c.due < p_at THEN 'overdue' ELSE 'open' END
FROM cases_commitment c WHERE c.activity_id = p_activity AND {MAY_SEE}
"""

# Everything still owed, with the day it falls due. What nobody could check is still owed (law 2);
# of an unannounced look the month alone is told.
OWED = f"""
SELECT kind, due, month_only FROM (
    SELECT k.kind, CASE WHEN l.unannounced THEN date_trunc('month', l.due) ELSE l.due END AS due,
        l.unannounced AS month_only
    FROM cases_look l CROSS JOIN LATERAL (
        SELECT 'look' AS kind
        UNION ALL SELECT 'overdue' WHERE l.required
            AND l.due + make_interval(days => l.grace_days) <= p_at) k
    WHERE l.activity_id = p_activity AND l.state = 'open'
    UNION ALL
    -- What one visit served is read with it.
    SELECT 'unread', coalesce(l.read_due, f.read_due), false
    FROM cases_look l LEFT JOIN cases_look f ON f.id = l.same_visit_id
    WHERE l.activity_id = p_activity AND l.state = 'made'
      AND coalesce(l.read_due, f.read_due) IS NOT NULL
    UNION ALL
    SELECT 'commitment', c.due, false FROM cases_commitment c
    WHERE c.activity_id = p_activity AND c.state IN ('open', 'could_not_check')
    UNION ALL
    SELECT 'before', c.due, false FROM cases_commitment c
    WHERE c.activity_id = p_activity AND c.timing = 'before'
      AND c.state NOT IN ('kept', 'released')
    UNION ALL
    SELECT 'breach', d.answer_by, false FROM cases_delivery d
    WHERE d.activity_id = p_activity AND d.breach <> '' AND d.answered IS NULL
) owed WHERE {MAY_SEE}
"""

# From when until when each commitment before delivery was owed and not met: from the day it was
# promised, and from each answer that did not meet it, to the next answer that there was.
UNMET = f"""
SELECT since, until FROM (
    SELECT s.at AS since, s.met, lead(s.at) OVER (PARTITION BY c.id ORDER BY s.n) AS until
    FROM cases_commitment c CROSS JOIN LATERAL (
        SELECT 0::bigint AS n, c.owed_since AS at, false AS met
        UNION ALL
        SELECT a.n, (a.answer ->> 'at')::timestamptz, a.answer ->> 'answer' IN ('kept', 'released')
        FROM jsonb_array_elements(c.answers) WITH ORDINALITY AS a(answer, n)) s
    WHERE c.activity_id = p_activity AND c.timing = 'before'
) said WHERE NOT met AND {MAY_SEE}
"""

# The latest assessment of each activity the viewer sees, whether the widest-sealed human-rights
# post has advised on it (or the post its work fell to), and who advised. Neither what anybody says
# nor how high the case must go.
JUDGED = """
SELECT DISTINCT ON (s.activity_id) s.activity_id, s.id, s.at, h.person_id,
    EXISTS (SELECT 1 FROM cases_advice a
            JOIN people_post p ON p.id = coalesce(a.in_place_of_id, a.post_id)
            WHERE a.assessment_id = s.id AND 'widest_seal' = ANY (p.duties)),
    ARRAY(SELECT ah.person_id FROM cases_advice a JOIN people_holding ah ON ah.id = a.by_id
          WHERE a.assessment_id = s.id)
FROM cases_assessment s
JOIN people_holding h ON h.id = s.by_id
JOIN cases_activity a ON a.id = s.activity_id
WHERE s.activity_id = ANY (p_activities) AND a.seal_id = ANY (visible_seals())
ORDER BY s.activity_id, s.at DESC
"""

# When an emergency was assessed for the first time after people began to act: that ends its cover,
# whatever was assessed again since.
FIRST_ASSESSED = f"""
SELECT min(s.at) FROM cases_assessment s
WHERE s.activity_id = p_activity AND s.at >= p_since AND {MAY_SEE}
"""

# A lease that has already ended stays ended: a late look does not revive it unannounced. Nor does
# one end before today: a promise kept in time and broken since ends it now, and what was delivered
# meanwhile stays covered.
LEASE = f"""
UPDATE cases_activity a SET lease_end = greatest(p_at, least(
    a.approved_until,
    -- An unannounced look tells its month, never its day: the lease runs to that month's end.
    (SELECT min(CASE WHEN l.unannounced
                THEN date_trunc('month', l.due + make_interval(days => l.grace_days))
                     + interval '1 month'
                ELSE l.due + make_interval(days => l.grace_days) END) FROM cases_look l
     WHERE l.activity_id = a.id AND l.state = 'open' AND l.required),
    (SELECT min(c.due) FROM cases_commitment c
     WHERE c.activity_id = a.id AND c.timing = 'before' AND c.state NOT IN ('kept', 'released'))))
WHERE a.id = p_activity AND a.approved_until IS NOT NULL
  AND (a.lease_end IS NULL OR a.lease_end > p_at) AND {MAY_SEE}
"""

# Totals over looks, commitments and decisions count every row, whoever asks (SETTLED 20).
TOTALS = f"""
WITH asked AS (
    SELECT a.id, a.stage,
        (SELECT min(d.at) FROM cases_decision d
         WHERE d.activity_id = a.id AND d.kind = 'decide' AND NOT EXISTS (
             SELECT 1 FROM cases_decision x WHERE x.supersedes_id = d.id)) AS decided,
        (SELECT min(e.at) FROM cases_entry e WHERE e."case" = a.id AND e.verb = 'propose') AS asked,
        (SELECT min(v.happened) FROM cases_delivery v WHERE v.activity_id = a.id) AS delivered
    FROM cases_activity a
    JOIN people_seal s ON s.id = a.seal_id WHERE s.level <= 1
), due AS (
    SELECT l.state FROM cases_look l JOIN asked ON asked.id = l.activity_id
    WHERE l.due <= p_at OR l.state = 'made'
)
SELECT
    (SELECT count(*)::int FROM asked),
    (SELECT count(*)::int FROM asked
     WHERE delivered IS NULL OR (decided IS NOT NULL AND decided <= delivered)),
    (SELECT count(*)::int FROM due),
    (SELECT count(*)::int FROM due WHERE state = 'made'),
    (SELECT extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY decided - asked))
        ::bigint FROM asked WHERE decided IS NOT NULL),
    (SELECT count(*)::int FROM asked WHERE decided IS NULL AND stage IN ('proposed', 'assessed')),
    (SELECT count(*)::int FROM cases_commitment c JOIN asked ON asked.id = c.activity_id
     WHERE c.decision_due IS NOT NULL),
    (SELECT count(*)::int FROM cases_commitment c JOIN asked ON asked.id = c.activity_id
     WHERE c.decision_due IS NOT NULL AND EXISTS (
         SELECT 1 FROM cases_decision d WHERE d.activity_id = c.activity_id
         AND d.kind = ANY (ARRAY{ANSWERS}) AND NOT EXISTS (
             SELECT 1 FROM cases_decision x WHERE x.supersedes_id = d.id)
         AND d.at > c.broken_at AND d.at <= c.decision_due)),
    (SELECT count(*)::int FROM cases_delivery v JOIN asked ON asked.id = v.activity_id
     WHERE v.breach <> ''),
    (SELECT count(*)::int FROM cases_decision d JOIN asked ON asked.id = d.activity_id
     WHERE d.confirm_by < p_at AND d.confirmed IS NULL AND NOT EXISTS (
         SELECT 1 FROM cases_decision x WHERE x.supersedes_id = d.id)),
    (SELECT count(*)::int FROM asked WHERE stage = 'lapsed'),
    (SELECT count(*)::int FROM cases_decision d JOIN asked ON asked.id = d.activity_id
     WHERE d.kind = 'disowned')
WHERE EXISTS (SELECT 1 FROM viewer_of())
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_ledger"), ("register", "0003_facilities")]

    operations = [
        definer("parties_in_cases(p_parties uuid[])", "uuid[]", IN_CASES, "plpgsql"),
        definer(
            "activity_pulse(p_activity uuid, p_at timestamptz)",
            "TABLE (kind text, record uuid, due timestamptz, unannounced boolean, state text)",
            PULSE,
        ),
        definer(
            "activity_owed(p_activity uuid, p_at timestamptz)",
            "TABLE (kind text, due timestamptz, month_only boolean)",
            OWED,
        ),
        definer(
            "before_unmet(p_activity uuid)", "TABLE (since timestamptz, until timestamptz)", UNMET
        ),
        definer(
            "judgements(p_activities uuid[])",
            "TABLE (activity uuid, assessment uuid, at timestamptz, assessor uuid,"
            " advised boolean, advisers uuid[])",
            JUDGED,
        ),
        definer(
            "first_assessed(p_activity uuid, p_since timestamptz)", "timestamptz", FIRST_ASSESSED
        ),
        definer("refresh_lease(p_activity uuid, p_at timestamptz)", "void", LEASE, "sql volatile"),
        definer(
            "mission_totals(p_at timestamptz)",
            "TABLE (asked int, asked_before int, looks_due int, looks_made int,"
            " median_seconds bigint, undecided int, broken int, broken_answered int,"
            " breaches int, unconfirmed int, lapsed int, disowned int)",
            TOTALS,
        ),
    ]

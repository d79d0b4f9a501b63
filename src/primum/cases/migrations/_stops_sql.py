"""The SQL of 0009: which lines a stop covers, what changes of command reopen, what bars a renewal.

Whom a stop covers follows the register as of the day asked about. One walk answers it for both
kinds of sight: run by the viewer it finds what the viewer may see (the preview before signing), run
inside a definer function it finds everything (the gate).
"""

# The first and last day that a date as published can mean: a day, a month or a year; else nothing.
FIRST_DAY = r"""
SELECT CASE WHEN part[2] IS NULL THEN make_date(part[1]::int, 1, 1)
            WHEN part[3] IS NULL THEN make_date(part[1]::int, part[2]::int, 1)
            ELSE make_date(part[1]::int, part[2]::int, part[3]::int) END
FROM regexp_match(p_said, '^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?-*$') part
"""
LAST_DAY = r"""
SELECT (CASE WHEN part[2] IS NULL THEN make_date(part[1]::int, 1, 1) + interval '1 year'
             WHEN part[3] IS NULL THEN
                 make_date(part[1]::int, part[2]::int, 1) + interval '1 month'
             ELSE make_date(part[1]::int, part[2]::int, part[3]::int) + interval '1 day'
        END)::date - 1
FROM regexp_match(p_said, '^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?-*$') part
"""

# Whether a tie may have held on a day: unless its own dates rule that out, or another statement
# about the same two, of the same role, says that it had ended. Unknown is not no (law 4).
TIE_MAY_HOLD = """
SELECT NOT (
    coalesce(last_day(t.last_cited) >= first_day(t.first_cited), true) AND (
        coalesce(t.first_is_start AND p_day < first_day(t.first_cited), false)
        OR t.open_ended = 'E' AND coalesce(p_day > last_day(t.last_cited), false)))
AND NOT EXISTS (
    SELECT 1 FROM register_tie e
    WHERE e.upper_id = t.upper_id AND e.lower_id = t.lower_id AND e.kind = t.kind
      AND lower(btrim(e.role)) = lower(btrim(t.role)) AND e.gone_id IS NULL AND e.id <> t.id
      AND e.open_ended = 'E' AND last_day(e.last_cited) < p_day
      AND last_day(e.last_cited)
          >= coalesce(first_day(t.first_cited), last_day(t.last_cited), '-infinity'))
"""

COMMANDS = "lower(btrim(t.role)) IN ('commander', 'acting commander')"

# What a stop must name to cover these parties on a day: themselves under every name they had or
# took ('unit'), everything above them ('all'), whoever commands any of it ('commander'). A unit
# that merged is what it became; one that split off is not its sister: back to a former name is
# never followed forward again.
STOP_REACH = f"""
WITH RECURSIVE walk(party, id, back, up) AS (
    SELECT p, p, false, false FROM unnest(p_parties) p
    UNION
    SELECT w.party, step.id, step.back, step.up FROM walk w CROSS JOIN LATERAL (
        SELECT t.lower_id, false, w.up FROM register_tie t
        WHERE t.upper_id = w.id AND t.kind = 'renamed_to' AND NOT w.back AND t.gone_id IS NULL
        UNION ALL
        SELECT t.upper_id, true, w.up FROM register_tie t
        WHERE t.lower_id = w.id AND t.kind = 'renamed_to' AND t.gone_id IS NULL
        UNION ALL
        SELECT t.upper_id, false, true FROM register_tie t
        WHERE t.lower_id = w.id AND t.kind = 'commands' AND t.gone_id IS NULL
          AND tie_may_hold(t, p_day)
    ) step(id, back, up)
)
SELECT DISTINCT w.party, w.id, CASE WHEN w.up THEN 'all' ELSE 'unit' END FROM walk w
UNION
SELECT DISTINCT w.party, t.upper_id, 'commander' FROM walk w
JOIN register_tie t ON t.lower_id = w.id AND t.kind = 'holds_post' AND t.gone_id IS NULL
WHERE {COMMANDS} AND tie_may_hold(t, p_day)
"""

MAY_SEE = (
    "EXISTS (SELECT 1 FROM cases_activity a WHERE a.id = p_activity"
    " AND a.seal_id = ANY (visible_seals()))"
)

# What the assessor agreed is exempt stands outside the policy, and outside a stop of its party: the
# wounded of a suspended unit are carried all the same (SETTLED 40). A stop of the line holds.
OUTSIDE = """
SELECT coalesce((
    SELECT p_line = ANY (s.exempt) FROM cases_assessment s
    WHERE s.activity_id = (SELECT activity_id FROM cases_line WHERE id = p_line)
    ORDER BY s.at DESC LIMIT 1), false)
"""

# Which lines were stopped at a moment, how widely, and since when: whatever the seal of the stop,
# of the tie that leads to it, or of its end. Neither who stopped it nor why.
STOPS_ON = f"""
WITH mine AS (
    SELECT id, party_id FROM cases_line
    WHERE activity_id = p_activity AND seal_id = ANY (visible_seals()) AND {MAY_SEE}
), reach AS MATERIALIZED (
    SELECT * FROM stop_reach(ARRAY(SELECT DISTINCT party_id FROM mine),
                             (p_at AT TIME ZONE 'UTC')::date)
)
SELECT DISTINCT l.id, s.id, s.scope::text, s.started
FROM mine l JOIN cases_stop s ON s.line_id = l.id OR NOT outside(l.id) AND EXISTS (
    SELECT 1 FROM reach r WHERE r.party = l.party_id AND r.reached = s.party_id
      AND (r.how = s.scope OR r.how = 'unit'))
LEFT JOIN cases_lift x ON x.stop_id = s.id
WHERE s.started <= p_at AND (x.at IS NULL OR p_at < x.at)
"""

# What changed in who commands a line's unit, or in the unit itself, since it was asked for: on
# which day, and when our register learned of it. A commander noted once more is not another one.
LINE_CHANGES = f"""
WITH unit AS (
    SELECT DISTINCT l.id AS line, l.activity_id, r.reached,
        ((SELECT min(e.at) FROM cases_entry e
          WHERE e."case" = l.activity_id AND e.verb = 'propose') AT TIME ZONE 'UTC')::date AS asked
    FROM cases_line l
    JOIN stop_reach(ARRAY(SELECT DISTINCT party_id FROM cases_line WHERE id = ANY (p_lines)), p_day)
        r ON r.party = l.party_id AND r.how = 'unit'
    WHERE l.id = ANY (p_lines)
), said AS (
    SELECT u.line, u.activity_id, u.asked, t.*, coalesce(
        (SELECT min(e.at) FROM cases_entry e WHERE e.record = t.id AND e.verb = 'enter_tie'),
        (SELECT coalesce(b.ended, b.started) FROM register_importbatch b WHERE b.id = t.batch_id)
    ) AS learned
    FROM unit u JOIN register_tie t ON t.gone_id IS NULL AND (
        t.kind = 'holds_post' AND t.lower_id = u.reached AND {COMMANDS}
        OR t.kind = 'renamed_to' AND u.reached IN (t.upper_id, t.lower_id))
), change AS (
    SELECT s.line, s.activity_id, s.asked, s.learned, first_day(s.first_cited) AS first,
        last_day(s.first_cited) AS last
    FROM said s WHERE s.kind = 'holds_post' AND NOT EXISTS (
        SELECT 1 FROM register_tie t WHERE t.upper_id = s.upper_id AND t.lower_id = s.lower_id
          AND t.kind = s.kind AND t.gone_id IS NULL AND {COMMANDS}
          AND first_day(t.first_cited) < first_day(s.first_cited)
          AND NOT coalesce(t.open_ended = 'E'
                           AND last_day(t.last_cited) < first_day(s.first_cited), false))
    UNION ALL
    SELECT s.line, s.activity_id, s.asked, s.learned, first_day(s.last_cited) + 1,
        last_day(s.last_cited) + 1
    FROM said s WHERE s.kind = 'holds_post' AND s.open_ended = 'E'
    UNION ALL
    SELECT s.line, s.activity_id, s.asked, s.learned,
        coalesce(first_day(s.first_cited), (s.learned AT TIME ZONE 'UTC')::date),
        coalesce(last_day(s.first_cited), (s.learned AT TIME ZONE 'UTC')::date)
    FROM said s WHERE s.kind = 'renamed_to'
)
SELECT DISTINCT c.activity_id, c.line, greatest(c.first, c.asked),
    coalesce(c.learned, greatest(c.first, c.asked)::timestamp AT TIME ZONE 'UTC')
FROM change c WHERE c.last >= c.asked AND c.first <= p_day
"""

# A change is settled by a decision to go on an assessment that could know of it.
SETTLED = """
EXISTS (SELECT 1 FROM cases_decision d JOIN cases_assessment s ON s.id = d.assessment_id
        WHERE d.activity_id = c.activity AND d.kind = 'decide'
          AND d.choice IN ('go', 'go_with_conditions', 'in_part') AND {learned} d.at <= {at}
          AND NOT EXISTS (SELECT 1 FROM cases_decision x WHERE x.supersedes_id = d.id))
"""


def decided_by(at: str) -> str:
    return SETTLED.format(learned="", at=at)


def settled_by(at: str) -> str:
    return SETTLED.format(learned="s.at >= c.learned AND", at=at)


# The lines whose check a change has reopened, and whether somebody has assessed it since.
COMMAND_CHANGED = f"""
WITH lines AS (
    SELECT l.id FROM cases_line l JOIN cases_activity a ON a.id = l.activity_id
    WHERE a.id = ANY (p_activities) AND a.seal_id = ANY (visible_seals())
      AND l.seal_id = ANY (visible_seals())
)
SELECT c.activity, c.line, min(c.changed), min(c.learned), bool_and(EXISTS (
    SELECT 1 FROM cases_assessment s
    WHERE s.activity_id = c.activity AND s.at >= c.learned AND s.at <= p_at))
FROM line_changes(ARRAY(SELECT id FROM lines), (p_at AT TIME ZONE 'UTC')::date) c
WHERE c.learned <= p_at AND {decided_by("p_at")} AND NOT {settled_by("p_at")}
GROUP BY c.activity, c.line
"""

# What a delivery was that came after such a change (SETTLED 41): a breach where the change was
# known, or where the requester had missed to confirm who commands; an exposure where nobody could
# know. What was decided on in between with the change in view is neither.
COMMAND_AT = f"""
SELECT CASE WHEN bool_or(c.learned <= p_happened OR EXISTS (
        SELECT 1 FROM cases_commitment k
        WHERE k.activity_id = c.activity AND k.code = 'confirmed_each_month'
          AND k.due <= p_happened AND k.due >= c.changed::timestamp AT TIME ZONE 'UTC'
          AND NOT EXISTS (
              SELECT 1 FROM jsonb_array_elements(k.answers) a
              WHERE a ->> 'answer' IN ('kept', 'released')
                AND (a ->> 'at')::timestamptz <= p_happened))) THEN 'breach'
    WHEN count(*) > 0 THEN 'exposure' ELSE '' END
FROM cases_line l CROSS JOIN LATERAL
    line_changes(ARRAY[l.id], (p_happened AT TIME ZONE 'UTC')::date) c
WHERE l.id = p_line AND c.learned <= p_at AND l.seal_id = ANY (visible_seals())
  AND {MAY_SEE.replace("p_activity", "l.activity_id")}
  AND {decided_by("p_happened")} AND NOT {settled_by("p_happened")}
"""

# When a tie is entered, what was delivered meanwhile is told apart: see above. Run by the clock.
NOTE_CHANGES = """
WITH found AS (
    SELECT d.id, command_at(d.line_id, d.happened, p_at) AS how FROM cases_delivery d
    WHERE d.breach = '' AND d.exposure = '' AND d.happened > p_at - interval '1 year'
)
UPDATE cases_delivery d SET
    breach = CASE f.how WHEN 'breach' THEN 'command_changed' ELSE '' END,
    exposure = CASE f.how WHEN 'exposure' THEN 'command_changed' ELSE '' END,
    answer_by = CASE f.how WHEN 'breach' THEN p_answer_by END,
    answer_post_id = CASE f.how WHEN 'breach' THEN coalesce(
        (SELECT g.post_id FROM cases_decision g WHERE g.activity_id = d.activity_id
           AND g.kind = 'decide' AND g.choice IN ('go', 'go_with_conditions', 'in_part')
           AND NOT EXISTS (
               SELECT 1 FROM cases_decision x WHERE x.supersedes_id = g.id)
         ORDER BY g.at DESC LIMIT 1), p_leadership) END
FROM found f WHERE f.id = d.id AND f.how <> ''
  AND EXISTS (SELECT 1 FROM people_post p JOIN viewer_of() v ON v.post = p.id WHERE p.clock)
RETURNING d.activity_id, d.id, f.how, d.seal_id
"""

# What still bars a renewal: a required look that is due and not made, a commitment nobody could
# check or that is late. An unannounced look tells its month alone: it bars once it is overdue.
RENEWAL_OWED = f"""
SELECT kind, due, month_only FROM (
    SELECT 'look' AS kind,
        CASE WHEN l.unannounced THEN date_trunc('month', l.due) ELSE l.due END AS due,
        l.unannounced AS month_only
    FROM cases_look l WHERE l.activity_id = p_activity AND l.state = 'open' AND l.required
      AND CASE WHEN l.unannounced THEN l.due + make_interval(days => l.grace_days)
               ELSE l.due END <= p_at
    UNION ALL
    SELECT 'commitment', c.due, false FROM cases_commitment c
    WHERE c.activity_id = p_activity
      AND (c.state = 'could_not_check' OR c.state = 'open' AND c.due <= p_at)
) owed WHERE {MAY_SEE}
"""

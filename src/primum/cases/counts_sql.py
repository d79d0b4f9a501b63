"""The SQL of the counts, made of constants alone: fragments that `counts.py` puts into its rows."""

from __future__ import annotations

from typing import Final

# The cases in question: those asked for in a period, with what the counts need to know of them.
# A decision that was struck, and the striking itself, are no decisions.
STANDS: Final = """d.kind = 'decide' AND NOT EXISTS (
    SELECT 1 FROM cases_decision x WHERE x.supersedes_id = d.id)"""


def asked(level: str) -> str:
    """The common table; `level` says which seals it reaches, for the engine."""
    return f"""asked AS MATERIALIZED (
    SELECT a.id, a.owner_id AS post, a.seal_id AS seal, a.stage, a.stage_since, a.approved_until,
        a.mandate_objective, a.emergency_since, e.at AS since, d.at AS decided, v.at AS delivered,
        CASE jsonb_typeof(a.answers -> 'heard')
            WHEN 'array' THEN a.answers -> 'heard'
            WHEN 'object' THEN coalesce(a.answers -> 'heard' -> 'answer', '[]'::jsonb)
            ELSE '[]'::jsonb END AS heard
    FROM cases_activity a JOIN people_seal s ON s.id = a.seal_id
    CROSS JOIN LATERAL (SELECT min(e.at) AS at FROM cases_entry e
                        WHERE e."case" = a.id AND e.verb = 'propose') e
    CROSS JOIN LATERAL (SELECT min(d.at) AS at FROM cases_decision d
                        WHERE d.activity_id = a.id AND {STANDS}) d
    CROSS JOIN LATERAL (SELECT min(v.happened) AS at FROM cases_delivery v
                        WHERE v.activity_id = a.id) v
    WHERE {level} AND (p_since IS NULL OR e.at >= p_since) AND (p_until IS NULL OR e.at < p_until)
)"""


FALLEN_DUE: Final = "(l.due <= p_at OR l.state = 'made')"
NO_SECONDS: Final = "NULL::bigint"
ASSESSED: Final = """(SELECT DISTINCT ON (s.activity_id) s.* FROM cases_assessment s
    JOIN asked a ON a.id = s.activity_id ORDER BY s.activity_id, s.at DESC)"""
"""The latest assessment of each case."""


def of_cases(hit: str, where: str = "true", seconds: str = NO_SECONDS) -> str:
    return f"SELECT id, id, post, seal, {hit}, {seconds} FROM asked WHERE {where}"


def of_commitments(hit: str, where: str = "true") -> str:
    return f"""SELECT c.id, a.id, a.post, a.seal, {hit}, {NO_SECONDS}
        FROM cases_commitment c JOIN asked a ON a.id = c.activity_id WHERE {where}"""


def of_decisions(hit: str, where: str = STANDS) -> str:
    return f"""SELECT d.id, a.id, a.post, a.seal, {hit}, {NO_SECONDS}
        FROM cases_decision d JOIN asked a ON a.id = d.activity_id WHERE {where}"""


def of_looks(hit: str, where: str) -> str:
    return f"""SELECT l.id, a.id, a.post, a.seal, {hit}, {NO_SECONDS}
        FROM cases_look l JOIN asked a ON a.id = l.activity_id WHERE {where}"""


def of_lines(hit: str, seal: str = "a.seal", where: str = "true") -> str:
    return f"""SELECT l.id, a.id, a.post, {seal}, {hit}, {NO_SECONDS}
        FROM cases_line l JOIN asked a ON a.id = l.activity_id
        LEFT JOIN {ASSESSED} s ON s.activity_id = a.id WHERE {where}"""


ANSWERED_IN_TIME: Final = """EXISTS (SELECT 1 FROM cases_decision d
    WHERE d.activity_id = c.activity_id
    AND d.kind IN ('decide', 'go_on', 'suspend', 'resume', 'withdraw')
    AND NOT EXISTS (SELECT 1 FROM cases_decision x WHERE x.supersedes_id = d.id)
    AND d.at > c.broken_at AND d.at <= c.decision_due)"""
LOOKED_AFTER: Final = f"""SELECT a.id, a.id, a.post, a.seal, bool_or(l.state = 'made'), {NO_SECONDS}
    FROM asked a JOIN cases_look l ON l.activity_id = a.id WHERE {FALLEN_DUE}
    GROUP BY a.id, a.post, a.seal"""
OBJECTED: Final = f"""SELECT a.id, a.id, a.post, coalesce(o.seal_id, a.seal),
        coalesce(o.object, false), {NO_SECONDS}
    FROM asked a LEFT JOIN LATERAL (
        SELECT v.seal_id, v.position = 'object' AND v.at <= a.stage_since AS object
        FROM cases_advice v WHERE v.activity_id = a.id
        ORDER BY (v.position = 'object') DESC, v.at DESC LIMIT 1) o ON true
    WHERE a.stage = 'withdrawn'"""
BREACHES: Final = f"""SELECT v.id, a.id, a.post, a.seal, v.breach <> '', {NO_SECONDS}
    FROM cases_delivery v JOIN asked a ON a.id = v.activity_id"""
NOT_NOW_OLD: Final = f"""SELECT a.id, a.id, a.post, a.seal, d.at < p_at - interval '60 days',
        {NO_SECONDS}
    FROM asked a JOIN LATERAL (
        SELECT d.at, d.choice FROM cases_decision d WHERE d.activity_id = a.id AND {STANDS}
        ORDER BY d.at DESC LIMIT 1) d ON d.choice = 'not_now'
    WHERE a.stage = 'assessed'"""
RELEASED: Final = f"""{of_looks("l.state = 'released'", "true")}
    UNION ALL {of_commitments("c.state = 'released'")}"""
SAME_REASONS: Final = f"""SELECT d.id, a.id, d.post_id, g.seal_id, g.same_words > 0, {NO_SECONDS}
    FROM cases_ground g JOIN cases_decision d ON d.id = g.decision_id
    JOIN asked a ON a.id = d.activity_id WHERE {STANDS}"""
SPLIT: Final = f"""SELECT s.id, a.id, a.post, s.seal_id, s.split, {NO_SECONDS}
    FROM {ASSESSED} s JOIN asked a ON a.id = s.activity_id"""


CHANGED: Final = of_cases(
    f"""EXISTS (SELECT 1 FROM cases_decision d WHERE d.activity_id = asked.id
    AND d.choice <> 'go' AND {STANDS})""",
    "decided IS NOT NULL",
)


def _post_with(duty: str) -> str:
    return f"(SELECT id FROM people_post WHERE '{duty}' = ANY (duties) ORDER BY code LIMIT 1)"


# Whose decision a case waits for tells the stakes: these rows name no post.
WAITING: Final = f"""SELECT w.record, a.id, w.post, a.seal, w.since < p_at - interval '7 days',
        extract(epoch FROM p_at - w.since)::bigint
    FROM asked a CROSS JOIN LATERAL (
        SELECT l.id AS record, l.post_id AS post, l.due AS since FROM cases_look l
        WHERE l.activity_id = a.id AND l.state = 'open' AND l.due <= p_at
        UNION ALL
        SELECT c.id, c.verifier_id, c.due FROM cases_commitment c
        WHERE c.activity_id = a.id AND c.state IN ('open', 'could_not_check') AND c.due <= p_at
        UNION ALL
        SELECT v.id, v.answer_post_id, v.recorded FROM cases_delivery v
        WHERE v.activity_id = a.id AND v.breach <> '' AND v.answered IS NULL
        UNION ALL
        SELECT a.id, {_post_with("assesses")}, a.stage_since WHERE a.stage = 'proposed'
        UNION ALL
        SELECT a.id, CASE WHEN EXISTS (
                SELECT 1 FROM cases_advice v JOIN people_post p
                    ON p.id = coalesce(v.in_place_of_id, v.post_id)
                WHERE v.activity_id = a.id AND v.at >= a.stage_since
                AND 'widest_seal' = ANY (p.duties))
            THEN NULL ELSE {_post_with("widest_seal")} END, a.stage_since
        WHERE a.stage = 'assessed' AND a.decided IS NULL
    ) w"""

GAP: Final = f"""SELECT d.id, a.id, d.post_id, g.seal_id,
        replace(r.text::jsonb ->> 'recommendation', 'not_yet', 'not_now') <> d.choice, {NO_SECONDS}
    FROM cases_ground g JOIN cases_decision d ON d.id = g.decision_id
    JOIN cases_ruling r ON r.id = g.ruling_id JOIN asked a ON a.id = d.activity_id
    WHERE {STANDS}"""
FURTHER: Final = f"""SELECT d.id, a.id, d.post_id, g.seal_id, g.against, {NO_SECONDS}
    FROM cases_ground g JOIN cases_decision d ON d.id = g.decision_id
    JOIN cases_ruling r ON r.id = g.ruling_id JOIN asked a ON a.id = d.activity_id
    WHERE {STANDS}"""
ANSWERS_CHANGED: Final = f"""SELECT s.id, a.id, a.post, s.seal_id,
        s.edited <> '{{}}'::jsonb OR coalesce(f.answers <> s.answers, false), {NO_SECONDS}
    FROM {ASSESSED} s JOIN asked a ON a.id = s.activity_id
    LEFT JOIN cases_assessment f ON f.id = s.supersedes_id"""
IN_PERIOD: Final = """r.kind = 'harm' AND (p_since IS NULL OR r.at >= p_since)
    AND (p_until IS NULL OR r.at < p_until)"""
HARM_ANSWERED: Final = f"""SELECT r.id, NULL::uuid, h.post_id, r.seal_id, r.confidence <> 'heard',
        {NO_SECONDS}
    FROM cases_report r JOIN people_holding h ON h.id = r.by_id WHERE {IN_PERIOD}"""
HARM_SUPPORTED: Final = f"""SELECT r.id, NULL::uuid, h.post_id, r.seal_id, EXISTS (
        SELECT 1 FROM cases_reportparty n JOIN cases_line l ON l.party_id = n.party_id
        WHERE n.report_id = r.id), {NO_SECONDS}
    FROM cases_report r JOIN people_holding h ON h.id = r.by_id WHERE {IN_PERIOD}"""

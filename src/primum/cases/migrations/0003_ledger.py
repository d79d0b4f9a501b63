"""The append-only ledger: the engine writes its lines, nobody changes them."""

from django.db import migrations

from primum.people.policies import definer, engine_only

APPEND = """
DECLARE
    who record;
    was cases_chain;
    number bigint;
    line text;
    entry uuid := gen_random_uuid();
BEGIN
    SELECT * INTO who FROM viewer_of();
    INSERT INTO cases_chain ("case", kind, seq, head) VALUES (p_case, p_kind, 0, '')
        ON CONFLICT DO NOTHING;
    SELECT * INTO was FROM cases_chain c WHERE c."case" = p_case FOR UPDATE;
    number := was.seq + 1;
    line := concat_ws('|', 'v1', p_case, number,
        to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        who.person, who.post, p_verb, p_record_kind, p_record, p_digest, was.head);
    INSERT INTO cases_entry (id, "case", case_kind, seq, at, person, post, verb, record_kind,
                             record, digest, line, hash)
        VALUES (entry, p_case, p_kind, number, p_at, who.person, who.post, p_verb, p_record_kind,
                p_record, p_digest, line, encode(sha256(convert_to(line, 'UTF8')), 'hex'));
    INSERT INTO cases_entrysight (entry_id, seal_id) VALUES (entry, p_seal);
    UPDATE cases_chain c
        SET seq = number, head = encode(sha256(convert_to(line, 'UTF8')), 'hex')
        WHERE c."case" = p_case;
END
"""

CHECKPOINT = """
DECLARE
    last cases_checkpoint;
    fresh uuid := gen_random_uuid();
BEGIN
    SELECT * INTO last FROM cases_checkpoint ORDER BY number DESC LIMIT 1;
    IF NOT EXISTS (
        SELECT 1 FROM cases_chain c LEFT JOIN LATERAL (
            SELECT h.seq FROM cases_checkpointhead h WHERE h."case" = c."case"
            ORDER BY h.seq DESC LIMIT 1) seen ON true
        WHERE seen.seq IS DISTINCT FROM c.seq) THEN
        RETURN;
    END IF;
    -- One statement, so one snapshot: root and heads are of the same moment, and no writer waits.
    WITH heads AS MATERIALIZED (
        SELECT c."case", c.seq, c.head FROM cases_chain c
    ), made AS (
        INSERT INTO cases_checkpoint (id, number, at, cases, root, previous)
            SELECT fresh, coalesce(last.number, 0) + 1, p_at, count(*),
                encode(sha256(convert_to(concat_ws('|', coalesce(last.root, ''),
                    string_agg(concat_ws(':', h."case", h.seq, h.head), ','
                               ORDER BY h."case")), 'UTF8')), 'hex'),
                coalesce(last.root, '')
            FROM heads h
    )
    INSERT INTO cases_checkpointhead (checkpoint_id, "case", seq, head)
        SELECT fresh, h."case", h.seq, h.head FROM heads h
        WHERE NOT EXISTS (SELECT 1 FROM cases_checkpointhead k
                          WHERE k."case" = h."case" AND k.seq = h.seq);
END
"""

REFUSE = """
CREATE FUNCTION ledger_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'PV004';
END $$;
"""

SEEN = """
ALTER TABLE cases_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE cases_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY engine ON cases_entry TO primum_engine USING (true) WITH CHECK (true);
CREATE POLICY sees ON cases_entry FOR SELECT TO primum_web USING (EXISTS (
    SELECT 1 FROM cases_entrysight s
    WHERE s.entry_id = id AND s.seal_id = ANY ((SELECT visible_seals())::uuid[]))
    -- A line about a report follows the report, its wall against the named included.
    AND (record_kind <> 'report' OR EXISTS (SELECT 1 FROM cases_report r WHERE r.id = record)));
REVOKE ALL ON cases_entry, cases_entrysight FROM primum_web;
-- No number and no hash: a hole in the numbers would tell that something sealed exists.
GRANT SELECT (id, "case", case_kind, at, person, post, verb, record_kind, record)
    ON cases_entry TO primum_web;
GRANT SELECT ON cases_entrysight TO primum_web;
REVOKE DELETE, TRUNCATE ON cases_entrysight FROM primum_engine;
ALTER TABLE cases_entrysight ENABLE ROW LEVEL SECURITY;
ALTER TABLE cases_entrysight FORCE ROW LEVEL SECURITY;
CREATE POLICY engine ON cases_entrysight TO primum_engine USING (true) WITH CHECK (true);
CREATE POLICY sees ON cases_entrysight FOR SELECT TO primum_web
    USING (seal_id = ANY ((SELECT visible_seals())::uuid[]));
"""

LEDGER_TABLES = ("cases_entry", "cases_checkpoint", "cases_checkpointhead")


def append_only(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION ledger_refuses();
        CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuses();
        REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM primum_web, primum_engine;
        """,
        migrations.RunSQL.noop,
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_walls")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION ledger_refuses()"),
        migrations.RunSQL(SEEN, migrations.RunSQL.noop),
        engine_only("cases_chain"),
        engine_only("cases_checkpoint"),
        engine_only("cases_checkpointhead"),
        *(append_only(table) for table in LEDGER_TABLES),
        definer(
            "ledger_append(p_case uuid, p_kind text, p_verb text, p_record_kind text,"
            " p_record uuid, p_at timestamptz, p_digest text, p_seal uuid)",
            "void",
            APPEND,
            "plpgsql volatile",
        ),
        definer("ledger_checkpoint(p_at timestamptz)", "void", CHECKPOINT, "plpgsql volatile"),
    ]

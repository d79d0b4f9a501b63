"""Row-level security as migration operations, so that every sealed table gets the same walls.

The shape was measured: one array of visible seals, worked out once a query, compared with the
row's seal. A function called for each row does not finish on a million rows.
"""

from __future__ import annotations

from django.db.migrations import RunSQL

SEES = "{column} = ANY ((SELECT visible_seals())::uuid[])"


def protect(table: str, column: str = "seal_id", also: str = "") -> RunSQL:
    """Force row-level security on `table`: read and change what is visible, file anything.

    Filing above one's own sight must work (a six-tap report by a field monitor), so inserts are
    free; they must not ask for the row back. Nothing is ever deleted by the web role.
    """
    sees = SEES.format(column=column) + (f" AND {also}" if also else "")
    return RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY engine ON {table} TO primum_engine USING (true) WITH CHECK (true);
        CREATE POLICY sees ON {table} FOR SELECT TO primum_web USING ({sees});
        CREATE POLICY files ON {table} FOR INSERT TO primum_web WITH CHECK (true);
        CREATE POLICY changes ON {table} FOR UPDATE TO primum_web
            USING ({sees}) WITH CHECK (true);
        REVOKE DELETE, TRUNCATE ON {table} FROM primum_web, primum_engine;
        """,
        RunSQL.noop,
    )


def changeable(table: str, columns: str) -> RunSQL:
    """What a role of the server may change of a row, once it is written: these columns alone.

    So no UPDATE lowers a seal, takes a wall down or rewrites what was said, whatever slips into a
    statement.
    """
    grant = f"GRANT UPDATE ({columns}) ON {table} TO primum_web;" if columns else ""
    return RunSQL(f"REVOKE UPDATE ON {table} FROM primum_web; {grant}", RunSQL.noop)


def engine_only(table: str) -> RunSQL:
    """No role the server signs in as may read or write this table."""
    return RunSQL(
        f"""
        REVOKE ALL ON {table} FROM primum_web;
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY engine ON {table} TO primum_engine USING (true) WITH CHECK (true);
        """,
        RunSQL.noop,
    )


def definer(signature: str, returns: str, body: str, language: str = "sql") -> RunSQL:
    """A function run as the engine: the only way past row-level security.

    `signature` is `name(arg type, …)`. The search path is pinned, the engine owns it, and only
    the web role may call it. Such functions return ids, states, counts or yes/no, never words.
    """
    volatile = "" if "volatile" in language else "STABLE"
    language = language.removesuffix(" volatile")
    name = signature.split("(", maxsplit=1)[0]
    types = ", ".join(
        argument.strip().split(" ", maxsplit=1)[1]
        for argument in signature.removesuffix(")").split("(", maxsplit=1)[1].split(",")
        if argument.strip()
    )
    return RunSQL(
        f"""
        CREATE FUNCTION {signature} RETURNS {returns} LANGUAGE {language} {volatile}
            SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body${body}$body$;
        ALTER FUNCTION {name}({types}) OWNER TO primum_engine;
        REVOKE ALL ON FUNCTION {name}({types}) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION {name}({types}) TO primum_web;
        """,
        f"DROP FUNCTION {name}({types})",
    )

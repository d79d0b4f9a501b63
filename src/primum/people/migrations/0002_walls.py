"""Who is looking, as PostgreSQL learns it, and the walls around seals and keys."""

from django.db import migrations

from primum.people.policies import definer, engine_only, protect

VIEWER = """
DECLARE
    token text := coalesce(current_setting('primum.viewer', true), '');
    part text[] := string_to_array(token, '|');
    said text;
    pad people_sightkey;
BEGIN
    IF token = '' THEN
        RAISE EXCEPTION 'no viewer: open a viewing block around the query' USING ERRCODE = 'PV001';
    END IF;
    said := part[1] || '|' || part[2] || '|' || part[3];
    SELECT * INTO pad FROM people_sightkey WHERE id = 1;
    IF array_length(part, 1) IS DISTINCT FROM 4
       OR encode(sha256(pad.pad_outer || sha256(pad.pad_inner || convert_to(said, 'UTF8'))), 'hex')
          IS DISTINCT FROM part[4]
       OR part[3]::bigint < extract(epoch FROM clock_timestamp()) THEN
        RAISE EXCEPTION 'the viewer token is not ours or too old' USING ERRCODE = 'PV002';
    END IF;
    person := part[1]::uuid;
    post := part[2]::uuid;
    RETURN NEXT;
END
"""

SEALS = """
WITH RECURSIVE viewer AS (
    SELECT p.* FROM people_post p JOIN viewer_of() v ON v.post = p.id
), above(id) AS (
    SELECT organisation_id FROM viewer
    UNION SELECT o.parent_id FROM people_organisation o JOIN above a ON o.id = a.id
    WHERE o.parent_id IS NOT NULL
)
SELECT coalesce(array_agg(s.id), '{}')
FROM people_seal s, viewer
WHERE CASE
    WHEN viewer.clock THEN s.level <= 3
    WHEN viewer.process_only THEN s.level <= 1
    WHEN s.level > least(viewer.sees_to, 3) THEN false
    ELSE s.level = 0
        OR EXISTS (SELECT 1 FROM people_seal_posts a
                   WHERE a.seal_id = s.id AND a.post_id = viewer.id)
        OR EXISTS (SELECT 1 FROM people_seal_organisations a
                   WHERE a.seal_id = s.id AND a.organisation_id IN (SELECT id FROM above))
END
"""

# A contingent's companies are of its state without saying so again: the nearest one up the tree.
STATE = """
WITH RECURSIVE post AS (
    SELECT p.* FROM people_post p JOIN viewer_of() v ON v.post = p.id
), above(parent, state, step) AS (
    SELECT o.parent_id, o.contributor_state, 0
    FROM people_organisation o JOIN post ON o.id = post.organisation_id
    UNION ALL SELECT o.parent_id, o.contributor_state, a.step + 1
    FROM people_organisation o JOIN above a ON o.id = a.parent
)
SELECT coalesce(nullif(post.contributor_state, ''),
    (SELECT state FROM above WHERE state <> '' ORDER BY step LIMIT 1), '') FROM post
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        definer("viewer_of()", "TABLE (person uuid, post uuid)", VIEWER, "plpgsql"),
        definer("visible_seals()", "uuid[]", SEALS),
        definer(
            "viewer_organisation()",
            "uuid",
            "SELECT p.organisation_id FROM people_post p JOIN viewer_of() v ON v.post = p.id",
        ),
        definer(
            "viewer_state()",
            "text",
            STATE,
        ),
        # A writer may file under a seal that they do not see: its name is in the mission folder.
        definer(
            "seal_by_code(wanted text)", "uuid", "SELECT id FROM people_seal WHERE code = wanted"
        ),
        protect("people_seal", column="id"),
        engine_only("people_sightkey"),
        # Holdings are begun and ended, never rewritten; people are not deleted.
        migrations.RunSQL(
            """REVOKE UPDATE, DELETE, TRUNCATE ON people_holding FROM primum_web;
            GRANT UPDATE (ends) ON people_holding TO primum_web;
            REVOKE DELETE, TRUNCATE ON people_person FROM primum_web""",
            migrations.RunSQL.noop,
        ),
        # Posts, organisations and audiences say who may see what. The server cannot change them:
        # they come from the mission folder, loaded by the owner.
        migrations.RunSQL(
            """REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON people_post, people_organisation,
            people_seal, people_seal_posts, people_seal_organisations FROM primum_web""",
            migrations.RunSQL.noop,
        ),
    ]

"""Who is looking, as PostgreSQL learns it, and the walls around seals and keys."""

from django.db import migrations

from primum.people.policies import changeable, definer, engine_only, protect

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

# The post that seats people; while nobody holds it for good, the one above it too, and so on. Where
# nobody is left above, whoever leads. The action knows the moment and asks more strictly.
SEATS = """
WITH RECURSIVE held AS (
    SELECT post_id AS id FROM people_holding WHERE ends IS NULL AND NOT acting
), seating(id, above) AS (
    SELECT id, supervisor_id FROM people_post WHERE 'staffs_posts' = ANY (duties)
    UNION SELECT p.id, p.supervisor_id FROM people_post p JOIN seating s ON p.id = s.above
    WHERE s.id NOT IN (SELECT id FROM held)
)
SELECT p.clock OR p.id IN (SELECT id FROM seating)
    -- Both chairs empty: who leads, and where nobody does, the rest of the leadership.
    OR NOT EXISTS (SELECT 1 FROM seating JOIN held ON held.id = seating.id)
        AND ('decides_leadership' = ANY (p.duties)
            OR 'leadership' = ANY (p.duties) AND NOT EXISTS (
                SELECT 1 FROM people_post t JOIN held ON held.id = t.id
                WHERE 'decides_leadership' = ANY (t.duties)))
FROM people_post p JOIN viewer_of() v ON v.post = p.id
"""

# Who holds which post is open to all. Only a post that staffs begins a holding, never its own
# person's and never one of the clock's post; it ends by that post or by its own.
HOLDING = """
ALTER TABLE people_holding ENABLE ROW LEVEL SECURITY;
ALTER TABLE people_holding FORCE ROW LEVEL SECURITY;
CREATE POLICY engine ON people_holding TO primum_engine USING (true) WITH CHECK (true);
CREATE POLICY sees ON people_holding FOR SELECT TO primum_web USING (true);
CREATE POLICY seats ON people_holding FOR INSERT TO primum_web WITH CHECK (
    (SELECT viewer_seats()) AND person_id <> (SELECT person FROM viewer_of())
    AND NOT EXISTS (SELECT 1 FROM people_post p WHERE p.id = post_id AND p.clock));
CREATE POLICY vacates ON people_holding FOR UPDATE TO primum_web
    USING ((SELECT viewer_seats()) OR post_id = (SELECT post FROM viewer_of()));
REVOKE DELETE, TRUNCATE ON people_holding FROM primum_web, primum_engine;
CREATE FUNCTION holding_ends_sooner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.ends IS NULL OR NEW.ends >= OLD.ends THEN
        RAISE EXCEPTION 'a holding only ever ends sooner' USING ERRCODE = 'PV005';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ends_sooner BEFORE UPDATE ON people_holding
    FOR EACH ROW EXECUTE FUNCTION holding_ends_sooner();
"""

SIGNED = """
DECLARE
    part text[] := string_to_array(coalesce(current_setting('primum.account', true), ''), '/');
    said text := 'account/' || NEW.id || '/' || coalesce(part[3], '');
    pad people_sightkey;
BEGIN
    SELECT * INTO pad FROM people_sightkey WHERE id = 1;
    IF encode(sha256(pad.pad_outer || sha256(pad.pad_inner || convert_to(said, 'UTF8'))), 'hex')
          IS DISTINCT FROM part[4]
       OR part[3]::bigint < extract(epoch FROM clock_timestamp()) THEN
        RAISE EXCEPTION 'a password is changed by the program alone' USING ERRCODE = 'PV006';
    END IF;
    RETURN NEW;
END
"""

SIGNED_ALONE = """
CREATE TRIGGER signed BEFORE UPDATE OF password ON people_person
    FOR EACH ROW WHEN (OLD.password IS DISTINCT FROM NEW.password)
    EXECUTE FUNCTION password_is_signed();
"""

# Tables of others that the server reads and never writes.
NOT_WRITTEN = """
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON auth_group, auth_group_permissions, auth_permission,
    django_content_type, django_migrations, account_emailaddress, account_emailconfirmation
    FROM primum_web, primum_engine
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        # Their tables must be there before rights on them are taken away.
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("account", "__latest__"),
    ]

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
        definer("viewer_seats()", "boolean", SEATS),
        migrations.RunSQL(HOLDING, migrations.RunSQL.noop),
        changeable("people_holding", "ends"),
        # People are not deleted. Their password is changed for whom the program has signed.
        migrations.RunSQL(
            "REVOKE DELETE, TRUNCATE ON people_person FROM primum_web", migrations.RunSQL.noop
        ),
        changeable("people_person", "password, last_login"),
        definer("password_is_signed()", "trigger", SIGNED, "plpgsql volatile"),
        migrations.RunSQL(SIGNED_ALONE, migrations.RunSQL.noop),
        migrations.RunSQL(NOT_WRITTEN, migrations.RunSQL.noop),
        # Posts, organisations and audiences say who may see what. The server cannot change them:
        # they come from the mission folder, loaded by the owner.
        migrations.RunSQL(
            """REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON people_post, people_organisation,
            people_seal, people_seal_posts, people_seal_organisations FROM primum_web""",
            migrations.RunSQL.noop,
        ),
    ]

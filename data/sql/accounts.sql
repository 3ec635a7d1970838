-- officer_add: A new officer.
INSERT INTO officer (id, name, branch, region, role, created_at)
VALUES (:id, :name, :branch, :region, :role, :now)

-- officer_by_id: An officer who may sign in.
SELECT id, name, branch, role, region FROM officer WHERE id = :id AND disabled = 0

-- officer_any: Whether anybody can sign in.
SELECT id FROM officer WHERE disabled = 0 LIMIT 1

-- officer_name: The name behind a login name, disabled or not.
SELECT name FROM officer WHERE id = :id

-- officer_scope: The branches whose rows an officer may see.
SELECT branch FROM officer_branch WHERE officer = :id

-- officer_scope_clear: Forget them, before they are written anew.
DELETE FROM officer_branch WHERE officer = :id

-- officer_scope_add: One more branch.
INSERT INTO officer_branch (officer, branch) VALUES (:id, :branch)

-- officer_regions: The officers of regions.
SELECT id, name, branch, role, region FROM officer WHERE role = 'region'

-- login_link_add: A link that signs an officer in once.
INSERT INTO login_link (token_hash, officer, created_at, expires_at)
VALUES (:token_hash, :officer, :now, :expires_at)

-- login_link_use: Use a link up; nothing comes back when it was used before or is too old.
UPDATE login_link SET used_at = :now
 WHERE token_hash = :token_hash AND used_at IS NULL AND expires_at > :now
   AND officer IN (SELECT id FROM officer WHERE disabled = 0)
RETURNING officer

-- officer_session_add: A signed-in officer.
INSERT INTO officer_session (token_hash, officer, created_at, seen_at, expires_at)
VALUES (:token_hash, :officer, :now, :now, :expires_at)

-- officer_session_find: Who is signed in with this session.
SELECT officer.id, officer.name, officer.branch, officer.role, officer.region,
       officer.preferences
  FROM officer_session JOIN officer ON officer.id = officer_session.officer
 WHERE officer_session.token_hash = :token_hash AND officer_session.expires_at > :now
   AND officer.disabled = 0

-- officer_session_end: Sign out.
DELETE FROM officer_session WHERE token_hash = :token_hash

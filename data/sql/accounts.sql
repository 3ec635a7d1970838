-- officer_add: A new officer.
INSERT INTO officer (id, name, branch, region, role, created_at)
VALUES (:id, :name, :branch, :region, :role, :now)

-- officer_by_id: An officer who may sign in.
SELECT id, name, branch, role, region FROM officer WHERE id = :id AND disabled = 0

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

-- officer_account: What a sign-in by password needs to know.
SELECT id, name, branch, role, region, password_hash FROM officer WHERE id = :id AND disabled = 0

-- officer_password: A new password.
UPDATE officer SET password_hash = :hash, password_at = :now WHERE id = :id

-- officer_preferences: How an officer wants the console.
UPDATE officer SET preferences = :preferences WHERE id = :id

-- officer_totp: A new second step, or none.
UPDATE officer SET totp_secret = :secret, totp_step = :step WHERE id = :id

-- officer_totp_of: The second step of an officer who has one.
SELECT totp_secret FROM officer WHERE id = :id AND totp_secret <> ''

-- officer_totp_step: Use a code up; no row when it, or a later one, was used before.
UPDATE officer SET totp_step = :step WHERE id = :id AND totp_step < :step

-- recovery_add: A recovery code.
INSERT INTO recovery_code (officer, code_hash) VALUES (:id, :code_hash)

-- recovery_use: Use a recovery code up.
DELETE FROM recovery_code WHERE officer = :id AND code_hash = :code_hash

-- recovery_clear: Forget the recovery codes of an officer.
DELETE FROM recovery_code WHERE officer = :id

-- recovery_left: How many recovery codes an officer has left.
SELECT COUNT(*) AS codes FROM recovery_code WHERE officer = :id

-- sign_in_try: Count one more try; nothing comes back while a wait lasts.
INSERT INTO sign_in_delay (key, tries, tried_at, free_at) VALUES (:key, 1, :now, :now)
ON CONFLICT (key) DO UPDATE
   SET tries = CASE WHEN sign_in_delay.tried_at < :before THEN 1 ELSE sign_in_delay.tries + 1 END,
       tried_at = :now, free_at = :now
 WHERE sign_in_delay.free_at <= :now
RETURNING tries

-- sign_in_hold: From now on wait.
UPDATE sign_in_delay SET free_at = :free_at WHERE key = :key

-- sign_in_held: Until when to wait.
SELECT free_at FROM sign_in_delay WHERE key = :key

-- sign_in_clear: Forget all tries.
DELETE FROM sign_in_delay WHERE key = :key

-- sign_in_halve: A try that succeeded is none, and of those before it half count no more.
UPDATE sign_in_delay SET tries = (tries - 1) / 2, free_at = :now WHERE key = :key

-- sign_in_forget: What is too old to count.
DELETE FROM sign_in_delay WHERE tried_at < :before AND free_at < :before

-- login_link_add: A link that lets an officer in once.
INSERT INTO login_link (token_hash, officer, created_at, expires_at)
VALUES (:token_hash, :officer, :now, :expires_at)

-- login_link_of: Whose link this is, while it can be used.
SELECT officer.id, officer.name, officer.branch, officer.role, officer.region
  FROM login_link JOIN officer ON officer.id = login_link.officer
 WHERE token_hash = :token_hash AND used_at IS NULL AND expires_at > :now AND disabled = 0

-- login_link_use: Use a link up; nothing comes back when it was used before or is too old.
UPDATE login_link SET used_at = :now
 WHERE token_hash = :token_hash AND used_at IS NULL AND expires_at > :now
   AND officer IN (SELECT id FROM officer WHERE disabled = 0)
RETURNING officer

-- login_links_end: Links of an officer that were not used yet are of no use any more.
UPDATE login_link SET used_at = :now WHERE officer = :id AND used_at IS NULL

-- officer_session_add: A signed-in officer, or one of whom a second step is awaited.
INSERT INTO officer_session (token_hash, officer, created_at, seen_at, expires_at, awaits)
VALUES (:token_hash, :officer, :now, :now, :expires_at, :awaits)

-- officer_session_find: Who is signed in with this session, neither too long nor idle too long.
SELECT officer.id, officer.name, officer.branch, officer.role, officer.region,
       officer.preferences, officer_session.seen_at, officer.password_at, officer.totp_secret,
       CASE WHEN officer.password_hash = '' THEN 0 ELSE 1 END AS has_password
  FROM officer_session JOIN officer ON officer.id = officer_session.officer
 WHERE officer_session.token_hash = :token_hash AND officer_session.expires_at > :now
   AND officer_session.seen_at > :idle_since AND officer_session.awaits = :awaits
   AND officer.disabled = 0

-- officer_session_seen: The officer did something in this session.
UPDATE officer_session SET seen_at = :now WHERE token_hash = :token_hash

-- officer_seen: When the officer was there last.
UPDATE officer SET seen_at = :now WHERE id = :id

-- officer_session_end: Sign out.
DELETE FROM officer_session WHERE token_hash = :token_hash

-- officer_sessions_end: Sign an officer out everywhere, but for the session that is kept.
DELETE FROM officer_session WHERE officer = :id AND token_hash <> :kept

-- officer_sessions: Where an officer is signed in, the newest first.
SELECT token_hash, created_at, seen_at FROM officer_session
 WHERE officer = :id AND awaits = '' AND expires_at > :now AND seen_at > :idle_since
 ORDER BY created_at DESC

-- officer_sessions_old: Sessions that have ended by themselves.
DELETE FROM officer_session WHERE expires_at <= :now

-- officers_seen: Officers of the viewer's branches.
SELECT officer.id, officer.name, officer.branch, officer.region, officer.role, officer.disabled,
       officer.seen_at,
       CASE WHEN officer.password_hash = '' THEN 0 ELSE 1 END AS has_password,
       CASE WHEN officer.totp_secret = '' THEN 0 ELSE 1 END AS has_second_step
  FROM officer
  JOIN officer_branch ON officer_branch.officer = :viewer
                     AND officer_branch.branch IN (officer.branch, '*')
 WHERE (:only = '' OR officer.branch = :only)
   AND (LOWER(officer.name) LIKE :words OR officer.id LIKE :words)
 ORDER BY officer.disabled, officer.branch, officer.name, officer.id LIMIT :limit

-- officer_seen_by: One of them.
SELECT officer.id, officer.name, officer.branch, officer.region, officer.role, officer.disabled,
       officer.seen_at,
       CASE WHEN officer.password_hash = '' THEN 0 ELSE 1 END AS has_password,
       CASE WHEN officer.totp_secret = '' THEN 0 ELSE 1 END AS has_second_step
  FROM officer
  JOIN officer_branch ON officer_branch.officer = :viewer
                     AND officer_branch.branch IN (officer.branch, '*')
 WHERE officer.id = :id

-- officer_whole: An officer, disabled or not.
SELECT id, name, branch, region, role, disabled FROM officer WHERE id = :id

-- officer_change: Another name, role or place.
UPDATE officer SET name = :name, role = :role, branch = :branch, region = :region WHERE id = :id

-- officer_disable: Whether an officer may come in.
UPDATE officer SET disabled = :disabled WHERE id = :id

-- officer_other_admin: Another admin who may sign in.
SELECT id FROM officer WHERE role = 'admin' AND disabled = 0 AND id <> :id LIMIT 1

-- officer_admins_hold: The admins who may sign in; one writer is alone anyway.
SELECT id FROM officer WHERE role = 'admin' AND disabled = 0 ORDER BY id

-- officer_admins_hold@postgres: As above; until the end nobody else makes them fewer.
SELECT id FROM officer WHERE role = 'admin' AND disabled = 0 ORDER BY id FOR UPDATE

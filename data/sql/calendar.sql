-- calendar_stamps: How often the calendar of each place was changed.
SELECT place, version FROM calendar

-- calendar_know: A place whose calendar is about to be changed for the first time.
INSERT INTO calendar (place, version) VALUES (:place, 0) ON CONFLICT (place) DO NOTHING

-- calendar_hold: Hold a calendar that nobody has changed since it was looked at; else no row.
UPDATE calendar SET version = version WHERE place = :place AND version = :version

-- calendar_step: Begin a change of a calendar that nobody has changed since; else no row.
UPDATE calendar SET version = version + 1 WHERE place = :place AND version = :version

-- calendar_change_add: Who changes what calendar and why; nothing comes back for one that is there.
INSERT INTO calendar_change (place, token, at, officer, reason)
VALUES (:place, :token, :now, :officer, :reason)
ON CONFLICT (token) DO NOTHING
RETURNING id

-- calendar_changed: Whether exactly this change was made.
SELECT id FROM calendar_change WHERE token = :token

-- calendar_changes: The last changes of a calendar, newest first.
SELECT calendar_change.id, calendar_change.at, calendar_change.officer, calendar_change.reason,
       COALESCE(officer.name, '') AS name
  FROM calendar_change LEFT JOIN officer ON officer.id = calendar_change.officer
 WHERE calendar_change.place = :place
 ORDER BY calendar_change.id DESC LIMIT :limit

-- calendar_entries: Everything that holds now.
SELECT id, body FROM calendar_entry WHERE ended IS NULL ORDER BY id

-- calendar_changed_entries: What the changes of a calendar made and ended, from one of them on.
SELECT id, body, made, ended FROM calendar_entry
 WHERE place = :place AND (made >= :since OR ended >= :since)
 ORDER BY id

-- calendar_entry_add: A new entry.
INSERT INTO calendar_entry (place, body, made) VALUES (:place, :body, :made)

-- calendar_entry_end: An entry that holds no longer; it stays to be read.
UPDATE calendar_entry SET ended = :ended WHERE id = :id AND ended IS NULL

-- waiting_branches: Branches where something waits.
SELECT DISTINCT branch FROM request WHERE status = 'waiting'

-- promises: Requests that wait at a branch, with the opening that each was promised.
SELECT id, number, chat, service, branch, promised, version FROM request
 WHERE branch = :branch AND status = 'waiting'
 ORDER BY chat, id

-- promise: When a participant was told that a request is served; null when it was not told.
UPDATE request SET promised = :promised WHERE id = :id

-- desk_notice_drop: A notice about a request that was not told yet; a newer one takes its place.
-- The list of two is the index of what waits in the inbox.
DELETE FROM event
 WHERE chat = :chat AND status IN ('fetching', 'new')
   AND channel = 'desk' AND status = 'new' AND provider_id LIKE :pattern

-- desk_notice: Put a notice into the participant's inbox for later.
INSERT INTO event (channel, provider_id, chat, body, received_at, due_at, status)
VALUES ('desk', :provider_id, :chat, :body, :now, :due_at, 'new')
ON CONFLICT (channel, provider_id) DO NOTHING

-- branch_officers: How many may serve at each branch.
SELECT branch, COUNT(*) AS officers FROM officer
 WHERE disabled = 0 AND branch <> '' GROUP BY branch

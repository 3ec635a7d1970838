-- unsent_add: Something was said to a participant that can still be taken back.
INSERT INTO unsent (event, request, officer, action, due_at, version, was, message)
VALUES (:event, :request, :officer, :action, :due_at, :version, :was, :message)

-- unsent_typed: How it was typed, to be given back.
UPDATE unsent SET typed = :typed WHERE request = :request AND version = :version

-- unsent_old: Forget what has left.
DELETE FROM unsent WHERE due_at <= :now

-- unsent_newest: The newest of a request that has not left. "LIMIT 1" is never planned as one look
-- through all that officers ever did.
SELECT unsent.*, message.body AS text FROM unsent
  JOIN message ON message.id = unsent.message
 WHERE unsent.request = :request
   AND (SELECT event.status FROM event
         WHERE event.channel = 'desk' AND event.provider_id = unsent.event LIMIT 1) = 'new'
 ORDER BY unsent.id DESC LIMIT 1

-- unsent_last: The newest of a request, whether it has left or not.
SELECT unsent.*, message.body AS text FROM unsent
  JOIN message ON message.id = unsent.message
 WHERE unsent.request = :request ORDER BY unsent.id DESC LIMIT 1

-- unsent_of_officer: What an officer can still take back, found as above.
SELECT unsent.action, unsent.due_at, request.number, request.branch FROM unsent
  JOIN request ON request.id = unsent.request
 WHERE unsent.officer = :officer AND unsent.due_at > :now
   AND (SELECT event.status FROM event
         WHERE event.channel = 'desk' AND event.provider_id = unsent.event LIMIT 1) = 'new'
 ORDER BY unsent.id DESC

-- unsent_follow: What was said just before can now be taken back in its turn.
UPDATE unsent SET version = :version + 1 WHERE request = :request AND version = :version - 1

-- unsent_remove: It was taken back.
DELETE FROM unsent WHERE id = :id

-- desk_event_body: What an officer did, as it waits in the inbox.
SELECT body FROM event WHERE channel = 'desk' AND provider_id = :event

-- desk_event_cancel: Take an event out of the inbox before its turn; nothing when it has had it.
DELETE FROM event WHERE channel = 'desk' AND provider_id = :event AND status = 'new'

-- request_restore: Give a request back what it was, unless somebody has changed it since.
UPDATE request
   SET status = :status, branch = :branch, officer = :officer, lease_until = :lease_until,
       correction_step = :correction_step, claimed_at = :claimed_at, ended_at = :ended_at,
       outcome = :outcome, reason = :reason, reason_code = :reason_code, due_at = :due_at,
       promised = :promised, version = version + 1
 WHERE id = :id AND version = :version

-- message_remove: A message was taken back before it left.
DELETE FROM message WHERE id = :id

-- message_last: The number of the newest message of a conversation.
SELECT MAX(id) AS id FROM message WHERE request = :request

-- message_since: What was written after a message.
SELECT id, author, officer, body FROM message WHERE request = :request AND id > :id ORDER BY id

-- request_keep: Hold a claim longer; nothing when it is no longer the officer's. With its bare status
-- it might be looked for among all that is held.
UPDATE request SET lease_until = :lease_until
 WHERE number = :number AND officer = :officer AND COALESCE(status, '') = 'claimed'

-- request_earlier: Other requests of the same participant, the newest first.
SELECT number, service, request.branch, status, filed_at, ended_at FROM request
  JOIN officer_branch ON officer_branch.officer = :viewer
                     AND officer_branch.branch IN (request.branch, '*')
 WHERE chat = :chat AND id <> :id ORDER BY id DESC LIMIT :limit

-- request_check_add: Something that must be checked before the request is finished.
INSERT INTO request_check (request, item, n) VALUES (:request, :item, :n)
ON CONFLICT (request, item) DO NOTHING

-- request_check_add@postgres: Things that must be checked before the request is finished.
INSERT INTO request_check (request, item, n)
SELECT request, item, n
  FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS given (request bigint, item text, n int)
ON CONFLICT (request, item) DO NOTHING

-- request_checks: The checklist of a request, and who checked what.
SELECT request_check.item, request_check.officer, request_check.at,
       COALESCE(officer.name, '') AS name
  FROM request_check LEFT JOIN officer ON officer.id = request_check.officer
 WHERE request_check.request = :request
 ORDER BY request_check.n

-- request_check_set: Check something, or take the tick away; nothing when it stands so already.
UPDATE request_check SET officer = :officer, at = :at
 WHERE request = :request AND item = :item AND (officer = '') = (:officer <> '')

-- request_check_drop: A point that no longer applies.
DELETE FROM request_check WHERE request = :request AND item = :item

-- request_checks_open: How many points are not checked yet.
SELECT COUNT(*) AS open FROM request_check WHERE request = :request AND officer = ''

-- officers_of_branch: Who works at a branch.
SELECT id, name FROM officer WHERE branch = :branch AND disabled = 0 ORDER BY name

-- document_turn: Turn a document by so many quarters; everybody sees it so.
UPDATE document SET turned = (turned + :quarters) % 4 WHERE sha256 = :sha256

-- document_of: A document by its name.
SELECT sha256, mime, size, turned FROM document WHERE sha256 = :sha256

-- rating_of: How the participant found the service of a request.
SELECT score, text FROM rating WHERE request = :request

-- presence_go_on: An officer goes on looking at a request; nothing when they did not before.
UPDATE presence SET until = :until WHERE request = :request AND officer = :officer

-- presence_put: An officer looks at a request until an instant.
INSERT INTO presence (request, officer, until) VALUES (:request, :officer, :until)
ON CONFLICT (request, officer) DO UPDATE SET until = excluded.until

-- presence_old: Forget who has gone.
DELETE FROM presence WHERE until <= :now

-- presence_of: Who else looks at a request now.
SELECT officer.name FROM presence JOIN officer ON officer.id = presence.officer
 WHERE presence.request = :request AND presence.until > :now AND presence.officer <> :officer
 ORDER BY officer.name

-- quick_replies: The quick replies of a branch and those of all, by name.
SELECT * FROM quick_reply WHERE branch IN (:branch, '') ORDER BY name, id

-- quick_reply_by_id: One quick reply.
SELECT * FROM quick_reply WHERE id = :id

-- quick_reply_add: A new quick reply.
INSERT INTO quick_reply (branch, name, services, body, officer, at)
VALUES (:branch, :name, :services, :body, :officer, :now)
RETURNING id

-- quick_reply_change: Other words for a quick reply.
UPDATE quick_reply
   SET name = :name, services = :services, body = :body, officer = :officer, at = :now
 WHERE id = :id

-- quick_reply_remove: A quick reply is no longer wanted.
DELETE FROM quick_reply WHERE id = :id

-- quick_reply_used: A quick reply was sent once more, or once less.
UPDATE quick_reply SET used = used + :by WHERE id = :id

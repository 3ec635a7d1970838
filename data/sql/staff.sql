-- staff_code_put: The code that links an officer's chat; one before it counts no more.
INSERT INTO staff_code (officer, code_hash, expires_at)
VALUES (:officer, :code_hash, :expires_at)
ON CONFLICT (officer) DO UPDATE
   SET code_hash = excluded.code_hash, expires_at = excluded.expires_at

-- staff_code_use: Use a code up; nothing comes back when it was used before or is too old.
DELETE FROM staff_code
 WHERE code_hash = :code_hash AND expires_at > :now
   AND officer IN (SELECT id FROM officer WHERE disabled = 0)
RETURNING officer

-- staff_code_end: The code that was not used counts no more.
DELETE FROM staff_code WHERE officer = :officer

-- staff_link_free: Whose chat this was until now; a chat belongs to one officer.
DELETE FROM staff_link WHERE chat = :chat AND officer <> :officer RETURNING officer

-- staff_link_put: The chat in which an officer works from now on.
INSERT INTO staff_link (officer, chat, linked_at, silent)
VALUES (:officer, :chat, :now, :silent)
ON CONFLICT (officer) DO UPDATE SET chat = excluded.chat, linked_at = excluded.linked_at

-- staff_link_end: The officer's chat is only a chat again.
DELETE FROM staff_link WHERE officer = :officer RETURNING chat

-- staff_link_of: The chat of an officer.
SELECT chat, linked_at, silent FROM staff_link WHERE officer = :officer

-- staff_link_silent: Which alerts an officer does without.
UPDATE staff_link SET silent = :silent WHERE officer = :officer

-- staff_officer: Who works in a chat, and may sign in.
SELECT officer.id, officer.name, officer.branch, officer.role, officer.region, staff_link.silent
  FROM staff_link JOIN officer ON officer.id = staff_link.officer
 WHERE staff_link.chat = :chat AND officer.disabled = 0

-- staff_digests: Who wants the digest of the morning at an own branch, and the day of the last one.
SELECT officer.id AS officer, staff_link.chat, officer.branch,
       COALESCE((SELECT MAX(thing) FROM staff_alert
                  WHERE staff_alert.officer = officer.id AND staff_alert.kind = 'digest'), '')
           AS told
  FROM staff_link JOIN officer ON officer.id = staff_link.officer
 WHERE officer.disabled = 0 AND officer.branch <> '' AND staff_link.silent NOT LIKE '%digest%'

-- staff_news_urgent: Urgent requests that wait and that a linked officer has not heard of.
SELECT staff_link.officer, staff_link.chat, request.number, request.branch, request.number AS thing
  FROM staff_link
  JOIN officer ON officer.id = staff_link.officer AND officer.disabled = 0
  JOIN officer_branch ON officer_branch.officer = staff_link.officer
  JOIN request ON officer_branch.branch IN (request.branch, '*')
 WHERE request.status = 'waiting' AND request.priority > 0
   AND staff_link.silent NOT LIKE '%urgent%'
   AND NOT EXISTS (SELECT 1 FROM staff_alert
                    WHERE staff_alert.officer = staff_link.officer
                      AND staff_alert.kind = 'urgent' AND staff_alert.thing = request.number)
 ORDER BY staff_link.officer, request.due_at, request.id

-- staff_news_deadline: What is due soon, or over, and waits or is in the officer's own hands.
-- An urgent request is due soon from the beginning, of which its own alert has told.
SELECT staff_link.officer, staff_link.chat, request.number, request.branch,
       request.number || '/' || request.due_at AS thing
  FROM staff_link
  JOIN officer ON officer.id = staff_link.officer AND officer.disabled = 0
  JOIN officer_branch ON officer_branch.officer = staff_link.officer
  JOIN request ON officer_branch.branch IN (request.branch, '*')
 WHERE (request.status = 'waiting'
        OR (request.status = 'claimed' AND request.officer = staff_link.officer))
   AND request.due_at > :after AND request.due_at <= :until
   AND (:kind <> 'near' OR request.priority = 0 OR request.status = 'claimed')
   AND staff_link.silent NOT LIKE '%deadline%'
   AND NOT EXISTS (SELECT 1 FROM staff_alert
                    WHERE staff_alert.officer = staff_link.officer AND staff_alert.kind = :kind
                      AND staff_alert.thing = request.number || '/' || request.due_at)
 ORDER BY staff_link.officer, request.due_at, request.id

-- staff_alert_once: Note that an officer is told of a thing; nothing comes back the second time.
INSERT INTO staff_alert (officer, kind, thing, at) VALUES (:officer, :kind, :thing, :now)
ON CONFLICT (officer, kind, thing) DO NOTHING
RETURNING thing

-- staff_event: Put an alert into the chat of an officer.
INSERT INTO event (channel, provider_id, chat, body, received_at, due_at, status)
VALUES ('alert', :provider_id, :chat, :body, :now, :now, 'new')

-- staff_waiting: What waits where an officer serves, in the order of the queue.
SELECT number, service, branch, status, due_at, priority FROM request
 WHERE status = 'waiting'
   AND EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (request.branch, '*'))
 ORDER BY priority DESC, due_at, queued_at, id LIMIT :limit

-- staff_mine: What an officer has in hand.
SELECT number, service, branch, status, due_at, priority FROM request
 WHERE status IN ('claimed', 'needs_correction') AND officer = :viewer
   AND EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (request.branch, '*'))
 ORDER BY due_at, id LIMIT :limit

-- staff_counts: How many wait where an officer serves, urgent and late ones, and how many are in hand.
SELECT COUNT(CASE WHEN status = 'waiting' THEN 1 END) AS waiting,
       COUNT(CASE WHEN status = 'waiting' AND priority > 0 THEN 1 END) AS urgent,
       COUNT(CASE WHEN status = 'waiting' AND due_at <= :now THEN 1 END) AS late,
       COUNT(CASE WHEN status <> 'waiting' AND officer = :viewer THEN 1 END) AS mine
  FROM request
 WHERE status IN ('waiting', 'claimed', 'needs_correction')
   AND EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (request.branch, '*'))

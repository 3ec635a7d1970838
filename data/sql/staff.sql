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

-- staff_news_urgent: Urgent requests that wait and that a linked officer has not heard of. They are
-- looked for once, not for each officer; with "NOT EXISTS" each might be compared with all alerts.
WITH urgent AS MATERIALIZED (
  SELECT id, number, branch, due_at FROM request WHERE status = 'waiting' AND priority > 0
)
SELECT staff_link.officer, staff_link.chat, urgent.number, urgent.branch, urgent.number AS thing
  FROM staff_link
  JOIN officer ON officer.id = staff_link.officer AND officer.disabled = 0
  JOIN officer_branch ON officer_branch.officer = staff_link.officer
  JOIN urgent ON officer_branch.branch IN (urgent.branch, '*')
 WHERE staff_link.silent NOT LIKE '%urgent%'
   AND (SELECT 1 FROM staff_alert
         WHERE staff_alert.officer = staff_link.officer
           AND staff_alert.kind = 'urgent' AND staff_alert.thing = urgent.number LIMIT 1) IS NULL
 ORDER BY staff_link.officer, urgent.due_at, urgent.id

-- staff_news_deadline: What is due soon, or over, and waits or is in the officer's own hands.
-- An urgent request is due soon from the beginning, of which its own alert has told.
WITH due AS MATERIALIZED (
  SELECT id, number, branch, due_at, number || '/' || due_at AS thing, '' AS holder
    FROM request
   WHERE status = 'waiting' AND due_at > :after AND due_at <= :until
     AND (:kind <> 'near' OR priority = 0)
   UNION ALL
  SELECT id, number, branch, due_at, number || '/' || due_at AS thing, officer AS holder
    FROM request
   WHERE status IN ('claimed', 'needs_correction') AND status = 'claimed'
     AND due_at > :after AND due_at <= :until
)
SELECT staff_link.officer, staff_link.chat, due.number, due.branch, due.thing
  FROM staff_link
  JOIN officer ON officer.id = staff_link.officer AND officer.disabled = 0
  JOIN officer_branch ON officer_branch.officer = staff_link.officer
  JOIN due ON officer_branch.branch IN (due.branch, '*') AND due.holder IN ('', staff_link.officer)
 WHERE staff_link.silent NOT LIKE '%deadline%'
   AND (SELECT 1 FROM staff_alert
         WHERE staff_alert.officer = staff_link.officer AND staff_alert.kind = :kind
           AND staff_alert.thing = due.thing LIMIT 1) IS NULL
 ORDER BY staff_link.officer, due.due_at, due.id

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
-- Each half has its own index.
SELECT COUNT(CASE WHEN status = 'waiting' THEN 1 END) AS waiting,
       COUNT(CASE WHEN status = 'waiting' AND priority > 0 THEN 1 END) AS urgent,
       COUNT(CASE WHEN status = 'waiting' AND due_at <= :now THEN 1 END) AS late,
       COUNT(CASE WHEN status <> 'waiting' THEN 1 END) AS mine
  FROM (SELECT branch, status, priority, due_at FROM request WHERE status = 'waiting'
         UNION ALL
        SELECT branch, status, priority, due_at FROM request
         WHERE status IN ('claimed', 'needs_correction') AND officer = :viewer) AS unended
 WHERE EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (unended.branch, '*'))

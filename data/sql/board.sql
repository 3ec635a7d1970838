-- board_waiting: What waits in one lane of a branch after a place, in the order of the queue.
SELECT id, due_at, queued_at FROM request
 WHERE branch = :branch AND status = 'waiting' AND priority = :lane
   AND (due_at, queued_at, id) > (:after_due, :after_queued, :after_id)
   AND due_at >= :due_from AND due_at < :due_until
   AND (CAST(:service AS text) = '' OR service = :service)
   AND (CAST(:channel AS text) = '' OR substr(chat, 1, length(:channel)) = :channel)
   AND (CAST(:term AS text) = ''
        OR id IN (SELECT request FROM request_term
                   WHERE branch = :branch AND term >= :term AND term < :term_end))
   AND EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (:branch, '*'))
 ORDER BY due_at, queued_at, id LIMIT :limit

-- board_mine: What an officer has in hand at a branch, in the order of the queue.
SELECT id FROM request
 WHERE branch = :branch AND officer = :viewer AND status IN ('claimed', 'needs_correction')
   AND priority >= :least
   AND due_at >= :due_from AND due_at < :due_until
   AND (CAST(:service AS text) = '' OR service = :service)
   AND (CAST(:channel AS text) = '' OR substr(chat, 1, length(:channel)) = :channel)
   AND (CAST(:term AS text) = ''
        OR id IN (SELECT request FROM request_term
                   WHERE branch = :branch AND term >= :term AND term < :term_end))
   AND EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (:branch, '*'))
 ORDER BY priority DESC, due_at, queued_at, id LIMIT :limit

-- board_waiting_windows: What waits at a branch after a place: the urgent, then by when the window
-- of its participant shuts; those without an open one come last, in the order of the queue.
SELECT request.id, priority, due_at, queued_at,
       CASE WHEN heard_at > :heard_after THEN heard_at ELSE :last END AS heard
  FROM request LEFT JOIN identity ON identity.chat = request.chat
 WHERE branch = :branch AND status = 'waiting' AND priority >= :least
   AND (-priority, CASE WHEN heard_at > :heard_after THEN heard_at ELSE :last END,
        due_at, queued_at, request.id)
       > (:after_lane, :after_heard, :after_due, :after_queued, :after_id)
   AND request.due_at >= :due_from AND request.due_at < :due_until
   AND (CAST(:service AS text) = '' OR service = :service)
   AND (CAST(:channel AS text) = '' OR substr(request.chat, 1, length(:channel)) = :channel)
   AND (CAST(:term AS text) = ''
        OR request.id IN (SELECT request FROM request_term
                           WHERE branch = :branch AND term >= :term AND term < :term_end))
   AND EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (:branch, '*'))
 ORDER BY priority DESC, heard, due_at, queued_at, request.id LIMIT :limit

-- board_mine_windows: What an officer has in hand at a branch, in the same order.
SELECT request.id
  FROM request LEFT JOIN identity ON identity.chat = request.chat
 WHERE branch = :branch AND request.officer = :viewer
   AND status IN ('claimed', 'needs_correction') AND priority >= :least
   AND request.due_at >= :due_from AND request.due_at < :due_until
   AND (CAST(:service AS text) = '' OR service = :service)
   AND (CAST(:channel AS text) = '' OR substr(request.chat, 1, length(:channel)) = :channel)
   AND (CAST(:term AS text) = ''
        OR request.id IN (SELECT request FROM request_term
                           WHERE branch = :branch AND term >= :term AND term < :term_end))
   AND EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (:branch, '*'))
 ORDER BY priority DESC, CASE WHEN heard_at > :heard_after THEN heard_at ELSE :last END,
          due_at, queued_at, request.id LIMIT :limit

-- board_all: Requests of a branch, whatever became of them, the newest first; a deadline is asked
-- of open ones only.
SELECT id FROM request
 WHERE branch = :branch AND id < :before
   AND priority >= :least
   AND (:any_due = 1 OR (ended_at IS NULL AND due_at >= :due_from AND due_at < :due_until))
   AND (CAST(:officer AS text) = '' OR officer = :officer)
   AND (CAST(:service AS text) = '' OR service = :service)
   AND (CAST(:channel AS text) = '' OR substr(chat, 1, length(:channel)) = :channel)
   AND (CAST(:term AS text) = ''
        OR id IN (SELECT request FROM request_term
                   WHERE branch = :branch AND term >= :term AND term < :term_end))
   AND EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (:branch, '*'))
 ORDER BY id DESC LIMIT :limit

-- board_rows: What a list shows of requests; *ids* is a list in JSON.
SELECT id, number, chat, service, status, officer, filed_at, due_at, claimed_at, ended_at, flags,
       priority, answers,
       (SELECT author FROM message WHERE message.request = request.id AND author <> 'note'
         ORDER BY id DESC LIMIT 1) AS last_author,
       (SELECT COUNT(*) FROM request_document WHERE request_document.request = request.id)
           AS documents,
       COALESCE((SELECT name FROM officer WHERE officer.id = request.officer), '') AS name,
       (SELECT heard_at FROM identity WHERE identity.chat = request.chat) AS heard_at
  FROM request
 WHERE id IN (SELECT value FROM json_each(:ids))
   AND EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (request.branch, '*'))

-- board_rows@postgres: As above; found by their key, which a join might read whole.
SELECT id, number, chat, service, status, officer, filed_at, due_at, claimed_at, ended_at, flags,
       priority, answers,
       (SELECT author FROM message WHERE message.request = request.id AND author <> 'note'
         ORDER BY id DESC LIMIT 1) AS last_author,
       (SELECT COUNT(*) FROM request_document WHERE request_document.request = request.id)
           AS documents,
       COALESCE((SELECT name FROM officer WHERE officer.id = request.officer), '') AS name,
       (SELECT heard_at FROM identity WHERE identity.chat = request.chat) AS heard_at
  FROM request
 WHERE id = ANY(ARRAY(SELECT CAST(value AS bigint)
                        FROM json_array_elements_text(CAST(:ids AS json)) AS wanted (value)))
   AND EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (request.branch, '*'))

-- board_counts: How many wait at a branch, are in work, in this officer's hands; and ended since.
SELECT (SELECT COUNT(*) FROM request WHERE branch = seen.branch AND status = 'waiting') AS waiting,
       (SELECT COUNT(*) FROM request WHERE branch = seen.branch
           AND status IN ('claimed', 'needs_correction')) AS working,
       (SELECT COUNT(*) FROM request WHERE branch = seen.branch AND officer = :viewer
           AND status IN ('claimed', 'needs_correction')) AS mine,
       (SELECT COUNT(*) FROM request WHERE branch = seen.branch
           AND status IN ('done', 'refused') AND ended_at >= :since) AS ended
  FROM (SELECT :branch AS branch FROM officer_branch
         WHERE officer = :viewer AND officer_branch.branch IN (:branch, '*')) AS seen

-- board_waits: From when to when the last ended requests of a branch waited for an officer.
SELECT queued_at, claimed_at FROM request
 WHERE branch = :branch AND status IN ('done', 'refused') AND ended_at >= :since
   AND claimed_at IS NOT NULL
   AND EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (:branch, '*'))
 ORDER BY ended_at DESC LIMIT :limit

-- board_branches: Branches of the officer where something waits, the fullest first.
SELECT request.branch, COUNT(*) AS waiting FROM request
  JOIN officer_branch ON officer_branch.officer = :viewer
                     AND officer_branch.branch IN (request.branch, '*')
 WHERE status = 'waiting'
 GROUP BY request.branch ORDER BY waiting DESC, request.branch

-- live_stamp: What rises when something happens at a branch, or is written anywhere.
SELECT COALESCE((SELECT id FROM audit WHERE branch = :branch ORDER BY id DESC LIMIT 1), 0)
           AS happened,
       COALESCE((SELECT MAX(id) FROM message), 0) AS written

-- live_counts: How many wait at a branch and are in work.
SELECT (SELECT COUNT(*) FROM request WHERE branch = :branch AND status = 'waiting') AS waiting,
       (SELECT COUNT(*) FROM request WHERE branch = :branch
           AND status IN ('claimed', 'needs_correction')) AS working

-- live_messages: How many messages the conversation of a request has.
SELECT COUNT(*) AS here FROM message WHERE request = :request

-- queue_waiting: The first requests that wait at a branch.
SELECT number, chat, service, status, officer, filed_at, flags, priority, answers,
       (SELECT author FROM message WHERE message.request = request.id AND author <> 'note'
         ORDER BY id DESC LIMIT 1) AS last_author,
       (SELECT COUNT(*) FROM request_document WHERE request_document.request = request.id)
           AS documents,
       COALESCE((SELECT name FROM officer WHERE officer.id = request.officer), '') AS name
  FROM request
 WHERE branch = :branch AND status = 'waiting'
   AND EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (:branch, '*'))
 ORDER BY priority DESC, due_at, queued_at, id LIMIT :limit

-- queue_mine: What an officer has in hand at a branch.
SELECT number, chat, service, status, officer, filed_at, flags, priority, answers,
       (SELECT author FROM message WHERE message.request = request.id AND author <> 'note'
         ORDER BY id DESC LIMIT 1) AS last_author,
       (SELECT COUNT(*) FROM request_document WHERE request_document.request = request.id)
           AS documents,
       COALESCE((SELECT name FROM officer WHERE officer.id = request.officer), '') AS name
  FROM request
 WHERE branch = :branch AND officer = :viewer AND status IN ('claimed', 'needs_correction')
   AND EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (:branch, '*'))
 ORDER BY priority DESC, due_at, queued_at, id LIMIT :limit

-- queue_all: The newest requests of a branch, whatever became of them.
SELECT number, chat, service, status, officer, filed_at, flags, priority, answers,
       (SELECT author FROM message WHERE message.request = request.id AND author <> 'note'
         ORDER BY id DESC LIMIT 1) AS last_author,
       (SELECT COUNT(*) FROM request_document WHERE request_document.request = request.id)
           AS documents,
       COALESCE((SELECT name FROM officer WHERE officer.id = request.officer), '') AS name
  FROM request
 WHERE branch = :branch
   AND EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (:branch, '*'))
 ORDER BY id DESC LIMIT :limit

-- queue_counts: How many wait at a branch, are in work and in this officer's hands; what was heard.
SELECT (SELECT COUNT(*) FROM request WHERE branch = seen.branch AND status = 'waiting') AS waiting,
       (SELECT COUNT(*) FROM request WHERE branch = seen.branch
           AND status IN ('claimed', 'needs_correction')) AS working,
       (SELECT COUNT(*) FROM request WHERE branch = seen.branch AND officer = :viewer
           AND status IN ('claimed', 'needs_correction')) AS mine,
       (SELECT COUNT(*) FROM message JOIN request ON request.id = message.request
         WHERE request.branch = seen.branch AND request.officer = :viewer
           AND request.status IN ('claimed', 'needs_correction')
           AND message.author = 'participant') AS heard
  FROM (SELECT :branch AS branch FROM officer_branch
         WHERE officer = :viewer AND officer_branch.branch IN (:branch, '*')) AS seen

-- queue_branches: Branches of the officer where something waits, the fullest first.
SELECT request.branch, COUNT(*) AS waiting FROM request
  JOIN officer_branch ON officer_branch.officer = :viewer
                     AND officer_branch.branch IN (request.branch, '*')
 WHERE status = 'waiting'
 GROUP BY request.branch ORDER BY waiting DESC, request.branch

-- conversation: What was written about a request, oldest first.
SELECT message.at, message.author, message.officer, message.body, message.document,
       COALESCE(officer.name, '') AS name
  FROM message LEFT JOIN officer ON officer.id = message.officer
 WHERE message.request = :request
 ORDER BY message.id

-- request_documents: The documents of a request in the order of its form.
SELECT request_document.step, request_document.n, request_document.sha256,
       request_document.name, document.mime, document.size
  FROM request_document JOIN document ON document.sha256 = request_document.sha256
 WHERE request_document.request = :request
 ORDER BY request_document.step, request_document.n

-- request_document_find: A document that belongs to a request, in its form or its conversation.
SELECT sha256, mime, size FROM document
 WHERE sha256 = :sha256
   AND (EXISTS (SELECT 1 FROM request_document
                 WHERE request_document.request = :request
                   AND request_document.sha256 = document.sha256)
        OR EXISTS (SELECT 1 FROM message
                    WHERE message.request = :request AND message.document = document.sha256))

-- officer_add: A new officer.
INSERT INTO officer (id, name, branch, role, created_at)
VALUES (:id, :name, :branch, :role, :now)

-- officer_by_id: An officer who may sign in.
SELECT id, name, branch, role FROM officer WHERE id = :id AND disabled = 0

-- officer_any: Whether anybody can sign in.
SELECT id FROM officer WHERE disabled = 0 LIMIT 1

-- officer_name: The name behind a login name, disabled or not.
SELECT name FROM officer WHERE id = :id

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
SELECT officer.id, officer.name, officer.branch, officer.role
  FROM officer_session JOIN officer ON officer.id = officer_session.officer
 WHERE officer_session.token_hash = :token_hash AND officer_session.expires_at > :now
   AND officer.disabled = 0

-- officer_session_end: Sign out.
DELETE FROM officer_session WHERE token_hash = :token_hash

-- queue_waiting: The first requests that wait at a branch.
SELECT number, chat, service, status, officer, filed_at, flags, priority, answers,
       (SELECT author FROM message WHERE message.request = request.id AND author <> 'note'
         ORDER BY id DESC LIMIT 1) AS last_author,
       (SELECT COUNT(*) FROM request_document WHERE request_document.request = request.id)
           AS documents,
       COALESCE((SELECT name FROM officer WHERE officer.id = request.officer), '') AS name
  FROM request
 WHERE branch = :branch AND status = 'waiting'
 ORDER BY priority DESC, due_at, queued_at, id LIMIT :limit

-- queue_mine: What an officer has in hand at a branch.
SELECT number, chat, service, status, officer, filed_at, flags, priority, answers,
       (SELECT author FROM message WHERE message.request = request.id AND author <> 'note'
         ORDER BY id DESC LIMIT 1) AS last_author,
       (SELECT COUNT(*) FROM request_document WHERE request_document.request = request.id)
           AS documents,
       COALESCE((SELECT name FROM officer WHERE officer.id = request.officer), '') AS name
  FROM request
 WHERE branch = :branch AND officer = :officer AND status IN ('claimed', 'needs_correction')
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
 ORDER BY id DESC LIMIT :limit

-- queue_counts: How many wait at a branch, are in work and in this officer's hands; what was heard.
SELECT (SELECT COUNT(*) FROM request WHERE branch = :branch AND status = 'waiting') AS waiting,
       (SELECT COUNT(*) FROM request WHERE branch = :branch
           AND status IN ('claimed', 'needs_correction')) AS working,
       (SELECT COUNT(*) FROM request WHERE branch = :branch AND officer = :officer
           AND status IN ('claimed', 'needs_correction')) AS mine,
       (SELECT COUNT(*) FROM message JOIN request ON request.id = message.request
         WHERE request.branch = :branch AND request.officer = :officer
           AND request.status IN ('claimed', 'needs_correction')
           AND message.author = 'participant') AS heard

-- queue_branches: Branches where something waits, the fullest first.
SELECT branch, COUNT(*) AS waiting FROM request WHERE status = 'waiting'
 GROUP BY branch ORDER BY waiting DESC, branch

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

-- request_by_number: A request by its ticket number.
SELECT * FROM request WHERE number = :number

-- request_for_officer: A request that the officer may see; nothing comes back for any other.
SELECT request.* FROM request
  JOIN officer_branch ON officer_branch.officer = :viewer
                     AND officer_branch.branch IN (request.branch, '*')
 WHERE request.number = :number

-- request_by_submission: The request that a journey filed, if it did.
SELECT * FROM request WHERE submission = :submission

-- request_latest: The newest request of a participant.
SELECT * FROM request WHERE chat = :chat ORDER BY filed_at DESC, id DESC LIMIT 1

-- request_latest_of: The newest request of a participant for one service.
SELECT * FROM request
 WHERE chat = :chat AND service = :service ORDER BY filed_at DESC, id DESC LIMIT 1

-- request_promised: The newest open request of a participant that was filed without a document.
SELECT * FROM request
 WHERE chat = :chat AND status IN ('waiting', 'claimed', 'needs_correction')
   AND flags LIKE '%"later:%'
 ORDER BY filed_at DESC, id DESC LIMIT 1

-- request_file: File a request; nothing comes back when its submission was filed before.
INSERT INTO request (number, submission, chat, service, branch, status, answers, report,
                     report_masked, flags, priority, digest, queued_at, due_at,
                     filed_at, promised)
VALUES (:number, :submission, :chat, :service, :branch, 'waiting', :answers, :report,
        :report_masked, :flags, :priority, :digest, :now, :due_at, :now, :promised)
ON CONFLICT (submission) DO NOTHING
RETURNING *

-- ticket_count: The next number of a service at a branch; rolled back with the request.
INSERT INTO ticket_counter (branch, service, last) VALUES (:branch, :service, 1)
ON CONFLICT (branch, service) DO UPDATE SET last = ticket_counter.last + 1
RETURNING last

-- request_ahead: How many requests wait before this one.
SELECT COUNT(*) AS ahead FROM request
 WHERE branch = :branch AND status = 'waiting'
   AND (priority > :priority
        OR (priority = :priority AND (due_at, queued_at, id) < (:due_at, :queued_at, :id)))

-- request_claim: Take one request if it is free or its lease has ended; else nothing comes back. With
-- its bare branch it might be looked for among all requests of the branch.
UPDATE request
   SET status = 'claimed', officer = :officer, lease_until = :lease_until, claimed_at = :now,
       version = version + 1
 WHERE number = :number AND COALESCE(branch, '') = :branch
   AND EXISTS (SELECT 1 FROM officer_branch AS seen
                WHERE seen.officer = :officer AND seen.branch IN (:branch, '*'))
   AND (status = 'waiting' OR (status = 'claimed' AND lease_until <= :lapsed))
RETURNING *

-- request_next: The first of a branch's queue: the urgent, then by deadline and age.
SELECT number, chat FROM request
 WHERE branch = :branch AND status = 'waiting'
   AND EXISTS (SELECT 1 FROM officer_branch AS seen
                WHERE seen.officer = :officer AND seen.branch IN (:branch, '*'))
 ORDER BY priority DESC, due_at, queued_at, id LIMIT 1

-- request_next@postgres: As above, with its chat held; those whose chats others hold are passed over.
SELECT request.number, request.chat FROM request JOIN chat ON chat.id = request.chat
 WHERE request.branch = :branch AND request.status = 'waiting'
   AND EXISTS (SELECT 1 FROM officer_branch AS seen
                WHERE seen.officer = :officer AND seen.branch IN (:branch, '*'))
 ORDER BY request.priority DESC, request.due_at, request.queued_at, request.id LIMIT 1
   FOR UPDATE OF chat SKIP LOCKED

-- request_first: As above, whoever holds the chat.
SELECT number, chat FROM request
 WHERE branch = :branch AND status = 'waiting'
   AND EXISTS (SELECT 1 FROM officer_branch AS seen
                WHERE seen.officer = :officer AND seen.branch IN (:branch, '*'))
 ORDER BY priority DESC, due_at, queued_at, id LIMIT 1

-- request_lapsed: Claims whose lease has ended; the list of two is the index of held requests.
SELECT * FROM request
 WHERE branch = :branch AND status IN ('claimed', 'needs_correction')
   AND status = 'claimed' AND lease_until <= :now
 ORDER BY lease_until

-- request_lapsed_branches: Branches that have such claims.
SELECT DISTINCT branch FROM request
 WHERE status IN ('claimed', 'needs_correction') AND status = 'claimed' AND lease_until <= :now

-- request_in_hand: What an officer holds in every branch.
SELECT * FROM request
 WHERE status IN ('claimed', 'needs_correction') AND officer = :officer

-- request_uncorrected: Requests whose correction was asked for long ago and never came.
SELECT * FROM request
 WHERE status IN ('claimed', 'needs_correction')
   AND status = 'needs_correction' AND lease_until <= :before
 ORDER BY lease_until LIMIT :limit

-- request_change: Write a request that nobody else has changed since it was read.
UPDATE request
   SET status = :status, branch = :branch, officer = :officer, lease_until = :lease_until,
       correction_step = :correction_step, claimed_at = :claimed_at, ended_at = :ended_at,
       outcome = :outcome, reason = :reason, reason_code = :reason_code, answers = :answers,
       report = :report, report_masked = :report_masked, flags = :flags, version = version + 1
 WHERE id = :id AND version = :version

-- request_chat: In which chat the participant of a request is.
SELECT chat FROM request WHERE number = :number

-- chat_lock: Hold a participant's chat; one writer is alone anyway.
SELECT id FROM chat WHERE id = :chat

-- chat_lock@postgres: Hold a participant's chat before its request, in the order of a turn.
SELECT id FROM chat WHERE id = :chat FOR UPDATE

-- chat_free: Hold a participant's chat if nobody else does; one writer is alone anyway.
SELECT id FROM chat WHERE id = :chat

-- chat_free@postgres: Hold a participant's chat if nobody else does; else nothing comes back.
SELECT id FROM chat WHERE id = :chat FOR UPDATE SKIP LOCKED

-- document_keep: A stored file is a document of some request.
INSERT INTO document (sha256, mime, size, stored_at) VALUES (:sha256, :mime, :size, :now)
ON CONFLICT (sha256) DO NOTHING

-- request_document_add: Name a document of a report.
INSERT INTO request_document (request, step, n, sha256, name)
VALUES (:request, :step, :n, :sha256, :name)

-- request_document_clear: Forget the documents of a step that is being corrected.
DELETE FROM request_document WHERE request = :request AND step = :step

-- message_add: One more message of a request's conversation.
INSERT INTO message (request, at, author, officer, body, document)
VALUES (:request, :now, :author, :officer, :body, :document)
RETURNING id

-- desk_event: Put what an officer did into the participant's inbox, not before what is unsent.
INSERT INTO event (channel, provider_id, chat, body, received_at, due_at, status)
VALUES ('desk', :provider_id, :chat, :body, :now,
        COALESCE((SELECT MAX(ahead.due_at) FROM event AS ahead
                    JOIN unsent ON unsent.event = ahead.provider_id
                   WHERE ahead.chat = :chat AND ahead.status IN ('fetching', 'new')
                     AND ahead.channel = 'desk' AND ahead.due_at > :due_at), :due_at), 'new')
RETURNING due_at

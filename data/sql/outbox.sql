-- outbox_put: One more message of a chat.
INSERT INTO outbox (chat, seq, event, n, body, created_at)
VALUES (:chat, :seq, :event, :n, :body, :now)

-- outbox_hand: One more message of a chat, being sent by *owner*.
INSERT INTO outbox (chat, seq, event, n, body, created_at, status, owner, attempts)
VALUES (:chat, :seq, :event, :n, :body, :now, 'sending', :owner, 1)

-- outbox_of: Whether an event was answered.
SELECT id FROM outbox WHERE event = :event LIMIT 1

-- outbox_dead_letter: Whose dead letter this is; the chat is held.
SELECT event.chat, event.received_at, chat.out_seq
  FROM event JOIN chat ON chat.id = event.chat
 WHERE event.id = :event AND event.status = 'dead'

-- outbox_dead_letter@postgres: Whose dead letter this is; the chat is held.
SELECT event.chat, event.received_at, chat.out_seq
  FROM event JOIN chat ON chat.id = event.chat
 WHERE event.id = :event AND event.status = 'dead' FOR UPDATE OF chat

-- outbox_seq: How many messages a chat has been told.
UPDATE chat SET out_seq = :out_seq WHERE id = :chat

-- outbox_claim: Mark the oldest due message of each chat, of some channels or all, as being sent.
-- Messages of a chat are numbered without a gap and end in that order: none ahead is unsent when
-- the one before has ended.
UPDATE outbox SET status = 'sending', owner = :owner, attempts = attempts + 1
 WHERE id IN (
         SELECT head.id FROM outbox AS head
          WHERE head.status IN ('pending', 'sending') AND head.status = 'pending'
            AND head.not_before <= :now
            AND (:channels = ''
                 OR instr(:channels, ':' || substr(head.chat, 1, instr(head.chat, ':'))) > 0)
            AND NOT EXISTS (SELECT 1 FROM outbox AS ahead
                             WHERE ahead.chat = head.chat AND ahead.seq = head.seq - 1
                               AND ahead.status IN ('pending', 'sending'))
          ORDER BY head.not_before, head.id LIMIT :limit)
RETURNING id, chat, body, attempts

-- outbox_claim@postgres: As above; messages that another sender is claiming are passed over. What is
-- ahead is found by its number: with "NOT EXISTS", or its bare status, each message might be
-- compared with all that are open.
WITH head AS MATERIALIZED (
  SELECT head.id FROM outbox AS head
   WHERE head.status IN ('pending', 'sending') AND head.status = 'pending'
     AND head.not_before <= :now
     AND (CAST(:channels AS text) = ''
        OR strpos(CAST(:channels AS text), ':' || split_part(head.chat, ':', 1) || ':') > 0)
     AND (SELECT 1 FROM outbox AS ahead
           WHERE ahead.chat = head.chat AND ahead.seq = head.seq - 1
             AND COALESCE(ahead.status, '') IN ('pending', 'sending') LIMIT 1) IS NULL
   ORDER BY head.not_before, head.id LIMIT :limit FOR UPDATE SKIP LOCKED
)
UPDATE outbox SET status = 'sending', owner = :owner, attempts = attempts + 1
  FROM head WHERE outbox.id = head.id
RETURNING outbox.id, outbox.chat, outbox.body, outbox.attempts

-- outbox_ended: How sending ended; what has ended before, or is somebody else's by now, stays as it
-- is.
UPDATE outbox
   SET status = :status, error = :error, not_before = :not_before, ended_at = :ended_at, owner = '',
       provider_ref = CASE :provider_ref WHEN '' THEN provider_ref ELSE :provider_ref END
 WHERE id = :id AND owner = :owner AND status = 'sending'

-- outbox_ended@postgres: As above, for all *rows*, found by their key: not among all that is open,
-- nor, as a join may be planned, among all that ever was.
UPDATE outbox
   SET status = result.status, error = result.error, not_before = result.not_before,
       ended_at = result.ended_at, owner = '',
       provider_ref = CASE result.provider_ref WHEN '' THEN outbox.provider_ref
                                               ELSE result.provider_ref END
  FROM json_to_recordset(CAST(:rows AS json))
    AS result (id bigint, owner text, status text, provider_ref text, error text,
               not_before bigint, ended_at bigint)
 WHERE outbox.id = result.id AND outbox.owner = result.owner
   AND outbox.status IS NOT DISTINCT FROM 'sending'
   AND outbox.id = ANY(ARRAY(SELECT id FROM json_to_recordset(CAST(:rows AS json))
                                         AS known (id bigint)))

-- outbox_park: It waits for a word of its participant, or is tried again; nothing when it has ended or
-- is somebody else's by now. With its bare status it might be looked for among all that is open.
UPDATE outbox SET status = 'pending', not_before = :not_before, error = :error, owner = ''
 WHERE id = :id AND owner = :owner AND COALESCE(status, '') = 'sending'

-- outbox_unpark: The participant of a chat wrote: what is parked may go.
UPDATE outbox SET not_before = 0 WHERE chat = :chat AND not_before = 9223372036854775807

-- outbox_recover: Take back what nobody who lives is sending.
UPDATE outbox SET status = 'pending', owner = ''
 WHERE status IN ('pending', 'sending') AND status = 'sending'
   AND owner NOT IN (SELECT id FROM worker)

-- outbox_return: Take back what a sender was handed before and does not know of.
UPDATE outbox SET status = 'pending', owner = ''
 WHERE status IN ('pending', 'sending') AND status = 'sending' AND owner = :owner
   AND created_at <= :before AND id NOT IN (SELECT value FROM json_each(:known))

-- outbox_return@postgres: As above.
UPDATE outbox SET status = 'pending', owner = ''
 WHERE status IN ('pending', 'sending') AND status = 'sending' AND owner = :owner
   AND created_at <= :before
   AND id NOT IN (SELECT CAST(value AS bigint)
                    FROM json_array_elements_text(CAST(:known AS json)) AS known (value))

-- next_send_due: When the next message that has none ahead of it is due, of some channels or all.
-- What is parked (the largest number) waits for no time.
SELECT head.not_before AS due_at FROM outbox AS head
 WHERE head.status IN ('pending', 'sending') AND head.status = 'pending'
   AND head.not_before < 9223372036854775807
   AND (:channels = ''
        OR instr(:channels, ':' || substr(head.chat, 1, instr(head.chat, ':'))) > 0)
   AND NOT EXISTS (SELECT 1 FROM outbox AS ahead
                    WHERE ahead.chat = head.chat AND ahead.seq = head.seq - 1
                      AND ahead.status IN ('pending', 'sending'))
 ORDER BY head.not_before, head.id LIMIT 1

-- next_send_due@postgres: As above; what is ahead is found as when messages are claimed.
SELECT head.not_before AS due_at FROM outbox AS head
 WHERE head.status IN ('pending', 'sending') AND head.status = 'pending'
   AND head.not_before < 9223372036854775807
   AND (CAST(:channels AS text) = ''
        OR strpos(CAST(:channels AS text), ':' || split_part(head.chat, ':', 1) || ':') > 0)
   AND (SELECT 1 FROM outbox AS ahead
         WHERE ahead.chat = head.chat AND ahead.seq = head.seq - 1
           AND COALESCE(ahead.status, '') IN ('pending', 'sending') LIMIT 1) IS NULL
 ORDER BY head.not_before, head.id LIMIT 1

-- worker_beat: A sender lives.
INSERT INTO worker (id, started_at, heartbeat_at) VALUES (:owner, :now, :now)
ON CONFLICT (id) DO UPDATE SET heartbeat_at = excluded.heartbeat_at

-- worker_bury: Forget senders that were not heard of.
DELETE FROM worker WHERE heartbeat_at < :heard_before AND id <> :owner

-- worker_bury_all: Forget every sender.
DELETE FROM worker

-- template_used: A message template was sent for a message that is parked.
INSERT INTO template_use (outbox, at, template, chat, branch, provider_ref)
VALUES (:outbox, :at, :template, :chat, :branch, :provider_ref)

-- turn_heads: Due chats, longest waiting first, each with its session and oldest due event; *ahead* is
-- its last message and *unsent* who sends that, '' when it waits; both null when it has ended.
SELECT chat.id AS chat, chat.session, chat.version, chat.out_seq,
       event.id AS event, event.channel, event.body, event.received_at, event.attempts,
       event.status, last.id AS ahead, last.owner AS unsent
  FROM chat LEFT JOIN event ON event.id = (
         SELECT head.id FROM event AS head
          WHERE head.chat = chat.id AND head.status IN ('fetching', 'new')
            AND head.due_at <= :now
          ORDER BY head.rank, head.id LIMIT 1)
       LEFT JOIN outbox AS last ON last.chat = chat.id AND last.seq = chat.out_seq
                               AND last.status IN ('pending', 'sending')
 WHERE chat.ready_at <= :now AND (:chat = '' OR chat.id = :chat)
 ORDER BY chat.ready_at LIMIT :limit

-- turn_heads@postgres: As above; the chats are held, those that others hold are passed over.
-- What another worker did between the look and the lock shows when the turns are written.
WITH held AS MATERIALIZED (
  SELECT id, session, version, out_seq, ready_at FROM chat
   WHERE ready_at <= :now AND (CAST(:chat AS text) = '' OR id = :chat)
   ORDER BY ready_at LIMIT :limit FOR UPDATE SKIP LOCKED
)
SELECT held.id AS chat, held.session, held.version, held.out_seq,
       event.id AS event, event.channel, event.body, event.received_at, event.attempts,
       event.status
  FROM held LEFT JOIN LATERAL (
         SELECT * FROM event AS head
          WHERE head.chat = held.id AND head.status IN ('fetching', 'new')
            AND head.due_at <= :now
          ORDER BY head.rank, head.id LIMIT 1) AS event ON true
 ORDER BY held.ready_at

-- turn_attempt: Count a try before it is made.
UPDATE event SET attempts = attempts + 1 WHERE id = :event

-- turn_no_attempt: The try that was counted was not made. With its bare status the event might be
-- looked for among all that wait.
UPDATE event SET attempts = attempts - 1
 WHERE id = :event AND COALESCE(status, '') = 'new' AND attempts > 0

-- turn_done: The event has had its turn.
UPDATE event SET status = 'done' WHERE id = :event

-- timer_fired: The timer has had its turn; its name is free for the next one of its kind.
UPDATE event SET status = 'done', provider_id = provider_id || '#' || id WHERE id = :event

-- timer_set: Wake the chat later; a timer of the same name is replaced.
INSERT INTO event (channel, provider_id, chat, body, received_at, due_at)
VALUES ('timer', :timer, :chat, :body, :now, :due_at)
ON CONFLICT (channel, provider_id) DO UPDATE
   SET body = excluded.body, received_at = excluded.received_at, due_at = excluded.due_at,
       attempts = 0

-- timer_drop: The timer is no longer wanted.
DELETE FROM event WHERE channel = 'timer' AND provider_id = :timer AND status = 'new'

-- turn_session: What the turn made of the session, and when the chat is next due: with more to do it
-- goes behind all that wait now, however old its events are.
UPDATE chat
   SET session = :session, version = version + 1, out_seq = out_seq + :said,
       ready_at = CASE WHEN (SELECT status FROM event
                              WHERE event.chat = :chat AND status IN ('fetching', 'new')
                                AND due_at <= :now
                              ORDER BY rank, event.id LIMIT 1) = 'fetching' THEN NULL
                       ELSE (SELECT CASE WHEN MIN(due_at) < :now THEN :now ELSE MIN(due_at) END
                               FROM event
                              WHERE event.chat = :chat AND status IN ('fetching', 'new')) END
 WHERE id = :chat

-- turns_done@postgres: Events have had their turns; how many had none before.
UPDATE event
   SET status = 'done',
       provider_id = CASE channel WHEN 'timer' THEN provider_id || '#' || id ELSE provider_id END
 WHERE id = ANY(CAST(:events AS bigint[])) AND status NOT IN ('done', 'dead')

-- part turn_put@postgres: Turns as they are given, and what they put into tables. What is not bytes comes
-- as JSON, and all bytes as one: of arrays each element costs the client more. An event that has its
-- turn as it comes is stored with it (it has a *provider_id*), and so is a chat that nobody knew
-- (*is_new*). What is ahead is found by its key: a bare status might be looked for among all that is open.
turn AS (
  SELECT *, substr(CAST(:bytes AS bytea), session_at, session_size) AS session
    FROM json_to_recordset(CAST(:turns AS json))
      AS turn (chat text, event bigint, said int, due_at bigint, channel text, provider_id text,
               received_at bigint, rank bigint, is_new boolean, mark bigint,
               session_at int, session_size int, body_at int, body_size int)
   ORDER BY chat
), taken AS (
  INSERT INTO event (id, channel, provider_id, chat, body, received_at, due_at, rank, status)
  SELECT event, channel, provider_id, chat,
         substr(CAST(:bytes AS bytea), body_at, body_size),
         received_at, received_at, rank, 'done'
    FROM turn WHERE provider_id IS NOT NULL
), ended AS (
  {outbox_ended}
), message AS MATERIALIZED (
  SELECT message.*, ahead.id AS ahead,
         message.owner <> '' AND COALESCE(ahead.owner, message.owner) = message.owner AS handed
    FROM json_to_recordset(CAST(:messages AS json))
      AS message (chat text, seq int, event bigint, n int, owner text,
                  body_at int, body_size int)
    LEFT JOIN LATERAL (SELECT id, owner FROM outbox
                        WHERE outbox.chat = message.chat
                          AND outbox.seq = message.seq - message.n - 1
                          AND COALESCE(outbox.status, '') IN ('pending', 'sending')
                        LIMIT 1) AS ahead ON true
), said AS (
  INSERT INTO outbox (chat, seq, event, n, body, created_at, status, owner, attempts)
  SELECT chat, seq, event, n, substr(CAST(:bytes AS bytea), body_at, body_size), :now,
         CASE WHEN handed THEN 'sending' ELSE 'pending' END,
         CASE WHEN handed THEN owner ELSE '' END, CASE WHEN handed THEN 1 ELSE 0 END
    FROM message
  RETURNING id, event, n, status
)

-- part turn_chats@postgres: The chats that are known, by their keys. One with a *mark* is not held:
-- whatever changed it since it was read, be it that an event was put before this one, has changed its
-- mark.
FROM turn
   WHERE chat.id = turn.chat AND chat.id = ANY(ARRAY(SELECT chat FROM turn))
     AND NOT turn.is_new
     AND (turn.mark IS NULL OR turn.mark = CAST(CAST(chat.xmin AS text) AS bigint))
  RETURNING chat.ready_at

-- part turn_told@postgres: What is handed over, and at the place -1 what is ahead of that. The first row
-- tells the *mark* that the chats now have, when the first of them is due, and *numbers* for the events
-- that come next to those whose event was stored here.
-- It divides by zero, and so changes nothing, when one of the chats is not as it was read.
-- What is asked first here is carried out first: whoever writes holds its chats, in one order, before
-- it writes anything else.
made AS (
  INSERT INTO chat (id, session, version, out_seq, ready_at)
  SELECT chat, session, 1, said, due_at FROM turn WHERE is_new
  ON CONFLICT (id) DO NOTHING
  RETURNING ready_at
)
SELECT CAST(NULL AS bigint) AS id, CAST(NULL AS bigint) AS event, CAST(NULL AS int) AS n,
       LEAST((SELECT MIN(ready_at) FROM moved), (SELECT MIN(ready_at) FROM made)) AS ready_at,
       CAST(CAST(CAST(pg_current_xact_id() AS xid) AS text) AS bigint) AS mark,
       ARRAY(SELECT nextval('event_id_seq') FROM turn WHERE provider_id IS NOT NULL) AS numbers,
       1 / CASE WHEN (SELECT COUNT(*) FROM moved) + (SELECT COUNT(*) FROM made)
                     = (SELECT COUNT(*) FROM turn)
                THEN 1 ELSE 0 END AS whole
 UNION ALL
SELECT id, event, n, NULL, NULL, NULL, NULL FROM said WHERE status = 'sending'
 UNION ALL
SELECT ahead, event, -1, NULL, NULL, NULL, NULL FROM message
 WHERE n = 0 AND handed AND ahead IS NOT NULL

-- turn_write@postgres: Everything that many turns leave behind, and how sending ended.
-- A chat with more to do goes behind all that wait now, however old its events are. Events are found by
-- their keys: a join might read all that ever were. So is a timer that is dropped, after its name.
WITH agreed AS (
  INSERT INTO consent (chat, service, key, text_sha256, at, event)
  SELECT * FROM unnest(CAST(:by_chats AS text[]), CAST(:services AS text[]), CAST(:keys AS text[]),
                       CAST(:texts AS text[]), CAST(:ats AS bigint[]), CAST(:by_events AS bigint[]))
), dropped AS (
  DELETE FROM event
   WHERE id = ANY(ARRAY(SELECT (SELECT known.id FROM event AS known
                                 WHERE known.channel = 'timer' AND known.provider_id = gone.name
                                 LIMIT 1)
                          FROM unnest(CAST(:dropped AS text[])) AS gone (name)))
     AND COALESCE(status, '') = 'new'
), timed AS (
  INSERT INTO event (channel, provider_id, chat, body, received_at, due_at)
  SELECT 'timer', timer.name, timer.chat, timer.body, :now, timer.due_at
    FROM unnest(CAST(:timers AS text[]), CAST(:timer_chats AS text[]),
                CAST(:timer_bodies AS bytea[]), CAST(:timer_dues AS bigint[]))
      AS timer (name, chat, body, due_at)
  ON CONFLICT (channel, provider_id) DO UPDATE
     SET body = excluded.body, received_at = excluded.received_at, due_at = excluded.due_at,
         attempts = 0
), {turn_put}, moved AS (
  UPDATE chat
     SET session = turn.session, version = chat.version + 1, out_seq = chat.out_seq + turn.said,
         ready_at = CASE WHEN (SELECT status FROM event
                                WHERE event.chat = turn.chat AND status IN ('fetching', 'new')
                                  AND due_at <= :now AND event.id <> turn.event
                                ORDER BY rank, event.id LIMIT 1) = 'fetching' THEN NULL
                         ELSE LEAST(turn.due_at,
                                    (SELECT CASE WHEN MIN(event.due_at) < :now THEN :now
                                                 ELSE MIN(event.due_at) END
                                       FROM event
                                      WHERE event.chat = turn.chat
                                        AND status IN ('fetching', 'new')
                                        AND event.id <> turn.event)) END
    {turn_chats}
), {turn_told}

-- prompt_write@postgres: As above, for turns that did not wait and leave no consents or timers: when a
-- chat is due is as it was. To make the rest ready would cost a batch a fifth.
WITH {turn_put}, moved AS (
  UPDATE chat
     SET session = turn.session, version = chat.version + 1, out_seq = chat.out_seq + turn.said
    {turn_chats}
), {turn_told}

-- prompt_chat: The session of a chat, and whether something of it waits; *ahead*, *unsent* as
-- above.
SELECT chat.session, chat.version, chat.out_seq, last.id AS ahead, last.owner AS unsent,
       EXISTS (SELECT 1 FROM event
                WHERE event.chat = :chat AND event.status IN ('fetching', 'new')
                  AND event.due_at <= :now) AS waits
  FROM chat LEFT JOIN outbox AS last ON last.chat = chat.id AND last.seq = chat.out_seq
                                    AND last.status IN ('pending', 'sending')
 WHERE chat.id = :chat

-- prompt_session: What a turn that did not wait made of its session, and when the chat is due.
INSERT INTO chat (id, session, version, out_seq, ready_at)
VALUES (:chat, :session, 1, :said,
        (SELECT MIN(due_at) FROM event
          WHERE event.chat = :chat AND event.status IN ('fetching', 'new')))
ON CONFLICT (id) DO UPDATE
   SET session = excluded.session, version = chat.version + 1,
       out_seq = chat.out_seq + excluded.out_seq, ready_at = excluded.ready_at

-- prompt_session_alone: As above for a turn without timers: when the chat is due is as it was. To name
-- that, even unchanged, writes its index anew.
INSERT INTO chat (id, session, version, out_seq) VALUES (:chat, :session, 1, :said)
ON CONFLICT (id) DO UPDATE
   SET session = excluded.session, version = chat.version + 1,
       out_seq = chat.out_seq + excluded.out_seq

-- prompt_heads@postgres: The chats of events that have just come, as they are now; nothing is held.
-- Where nothing stands against a turn at once, a number is taken for the event.
-- "NOT EXISTS" might be planned as one look through all events, "LIMIT 1" never is.
SELECT known.session, known.version, known.out_seq,
       CAST(CAST(known.xmin AS text) AS bigint) AS mark, known.id IS NULL AS is_new,
       CASE WHEN (known.ready_at IS NULL OR known.ready_at > :now)
             AND (SELECT 1 FROM event
                   WHERE event.chat = given.chat
                     AND event.status IN ('fetching', 'new') AND event.due_at <= :now
                   LIMIT 1) IS NULL
             AND (SELECT 1 FROM event
                   WHERE event.channel = given.channel
                     AND event.provider_id = given.provider_id
                   LIMIT 1) IS NULL
            THEN nextval('event_id_seq') END AS event
  FROM unnest(CAST(:chats AS text[]), CAST(:from_channels AS text[]), CAST(:provider_ids AS text[]))
         WITH ORDINALITY AS given (chat, channel, provider_id, place)
  LEFT JOIN LATERAL (SELECT *, xmin FROM chat WHERE chat.id = given.chat LIMIT 1) AS known ON true
 ORDER BY given.place

-- prompt_hold@postgres: Hold chats that nobody else holds and that are as they were read; how many.
SELECT COUNT(*) AS held
  FROM unnest(CAST(:chats AS text[]), CAST(:marks AS bigint[])) AS seen (chat, mark)
  JOIN LATERAL (SELECT xmin FROM chat WHERE chat.id = seen.chat FOR UPDATE SKIP LOCKED) AS known
    ON seen.mark = CAST(CAST(known.xmin AS text) AS bigint)

-- turn_settle: When a chat that has nothing to do now is next due.
UPDATE chat
   SET ready_at = CASE WHEN (SELECT status FROM event
                              WHERE event.chat = :chat AND status IN ('fetching', 'new')
                                AND due_at <= :now
                              ORDER BY rank, event.id LIMIT 1) = 'fetching' THEN NULL
                       ELSE (SELECT CASE WHEN MIN(due_at) < :now THEN :now ELSE MIN(due_at) END
                               FROM event
                              WHERE event.chat = :chat AND status IN ('fetching', 'new')) END
 WHERE id = :chat

-- turn_failed: The turn was undone; its event waits for another try.
UPDATE event SET attempts = :attempts, error = :error WHERE id = :event

-- turn_dead: The event is given up as a dead letter.
UPDATE event
   SET status = 'dead', attempts = :attempts, error = :error,
       provider_id = CASE channel WHEN 'timer' THEN provider_id || '#' || id
                                  ELSE provider_id END
 WHERE id = :event

-- next_due: When the next chat is due.
SELECT MIN(ready_at) AS due_at FROM chat WHERE ready_at IS NOT NULL

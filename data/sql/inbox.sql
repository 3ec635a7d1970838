-- event_put: Put an event into the inbox unless it is there already.
INSERT INTO event (channel, provider_id, chat, body, received_at, due_at, rank, media, status,
                   error)
VALUES (:channel, :provider_id, :chat, :body, :received_at, :due_at, :rank, :media, :status,
        :error)
ON CONFLICT (channel, provider_id) DO NOTHING

-- event_put@postgres: Put events into the inbox, those that are new, and wake their chats.
WITH fresh AS (
  INSERT INTO event (channel, provider_id, chat, body, received_at, due_at, rank, media, status,
                     error)
  SELECT channel, provider_id, chat, body, received_at, due_at, rank, media, status, error
    FROM unnest(CAST(:channels AS text[]), CAST(:provider_ids AS text[]),
                CAST(:chats AS text[]), CAST(:bodies AS bytea[]), CAST(:received AS bigint[]),
                CAST(:dues AS bigint[]), CAST(:ranks AS bigint[]), CAST(:media AS text[]),
                CAST(:statuses AS text[]), CAST(:errors AS text[])) WITH ORDINALITY
      AS given (channel, provider_id, chat, body, received_at, due_at, rank, media, status,
                error, place)
   ORDER BY place
  ON CONFLICT (channel, provider_id) DO NOTHING
  RETURNING channel, provider_id, chat, due_at, status
), woken AS (
  INSERT INTO chat (id, ready_at)
  SELECT chat, MIN(due_at) FILTER (WHERE status = 'new') FROM fresh
   WHERE status <> 'dead' GROUP BY chat ORDER BY chat
  ON CONFLICT (id) DO UPDATE SET ready_at = LEAST(chat.ready_at, excluded.ready_at)
)
SELECT channel, provider_id FROM fresh

-- chat_wake: The chat has something to do at *due_at*; without one it only becomes known.
INSERT INTO chat (id, ready_at) VALUES (:chat, :due_at)
ON CONFLICT (id) DO UPDATE
   SET ready_at = CASE WHEN chat.ready_at IS NULL OR chat.ready_at > excluded.ready_at
                       THEN excluded.ready_at ELSE chat.ready_at END

-- fetches: Events that wait for a file, oldest first.
SELECT id AS event, chat, channel, media, body, received_at FROM event
 WHERE status = 'fetching' ORDER BY id LIMIT :limit

-- fetched: The file of an event is there; nothing comes back when it was there before. With its bare
-- status it might be looked for among all that waits.
UPDATE event SET status = 'new', body = :body
 WHERE id = :event AND COALESCE(status, '') = 'fetching'
RETURNING chat

-- inside_event: Put an event of our own into a chat's inbox, behind what waits there or before it.
INSERT INTO event (channel, provider_id, chat, body, received_at, due_at, rank, status)
VALUES (:channel, :provider_id, :chat, :body, :now, :now,
        CASE WHEN :first = 1 THEN -1
             ELSE COALESCE((SELECT MAX(ahead.rank) FROM event AS ahead
                             WHERE ahead.chat = :chat AND ahead.status IN ('fetching', 'new')
                               AND ahead.due_at <= :now), 0) END, 'new')

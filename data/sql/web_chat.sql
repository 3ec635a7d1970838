-- web_chat_heard: The newest things a participant sent through the page, newest first.
SELECT id, received_at AS at, body, media FROM event
 WHERE chat = :chat AND channel = 'web'
 ORDER BY id DESC LIMIT :limit

-- web_chat_said: The newest messages to a participant, newest first, and which are answers.
SELECT outbox.id, outbox.created_at AS at, outbox.body,
       event.channel = 'web' AND event.status = 'done' AS answer
  FROM outbox JOIN event ON event.id = outbox.event
 WHERE outbox.chat = :chat
 ORDER BY outbox.seq DESC LIMIT :limit

-- web_chat_waiting: How many things of this participant still wait for their turn.
SELECT COUNT(*) AS waiting FROM event
 WHERE chat = :chat AND channel = 'web' AND status IN ('new', 'fetching')

-- uploads_awaited: The files that events still wait for, of every channel.
SELECT channel, media FROM event WHERE status = 'fetching' ORDER BY id

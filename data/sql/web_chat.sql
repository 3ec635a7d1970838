-- web_chat_heard: The newest things a participant sent through the page, newest first.
SELECT id, received_at AS at, body, media FROM event
 WHERE chat = :chat AND channel = 'web'
 ORDER BY id DESC LIMIT :limit

-- web_chat_said: The newest messages to a participant, newest first.
SELECT id, created_at AS at, body FROM outbox
 WHERE chat = :chat
 ORDER BY seq DESC LIMIT :limit

-- web_chat_waiting: How many things of this participant still wait for their turn.
SELECT COUNT(*) AS waiting FROM event
 WHERE chat = :chat AND channel = 'web' AND status IN ('new', 'fetching')

-- web_chat_uploads: The uploads that events still wait for.
SELECT media FROM event WHERE status = 'fetching' AND channel = 'web'

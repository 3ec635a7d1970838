-- terminal_waiting: Whether a chat still has something to hear or to be answered.
SELECT 1 AS waiting FROM event
 WHERE chat = :chat AND status IN ('fetching', 'new') AND due_at <= :now
UNION ALL
SELECT 1 FROM outbox
 WHERE chat = :chat AND status IN ('pending', 'sending') AND not_before <= :now
LIMIT 1

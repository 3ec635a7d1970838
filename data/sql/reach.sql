-- reach_blocked: Since when a participant has us blocked, NULL when not.
UPDATE chat SET blocked_at = :at WHERE id = :chat

-- reach_of: Since when we are blocked, and how sending the last message of a chat ended.
SELECT chat.blocked_at, last.status, last.error, last.ended_at
  FROM chat
  LEFT JOIN outbox AS last
    ON last.chat = chat.id
   AND last.seq = (SELECT max(ended.seq) FROM outbox AS ended
                    WHERE ended.chat = chat.id AND ended.ended_at IS NOT NULL)
 WHERE chat.id = :chat

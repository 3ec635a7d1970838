-- link_code_put: The code by which a chat is followed; one before it counts no more.
INSERT INTO link_code (chat, code_hash, expires_at) VALUES (:chat, :code_hash, :expires_at)
ON CONFLICT (chat) DO UPDATE
   SET code_hash = excluded.code_hash, expires_at = excluded.expires_at

-- link_code_old: Forget codes that are too old.
DELETE FROM link_code WHERE expires_at <= :now

-- link_code_own: Whether a code is the one of this very chat.
SELECT chat FROM link_code WHERE chat = :chat AND code_hash = :code_hash AND expires_at > :now

-- link_code_use: Use a code of another chat up; nothing comes back for any that does not count.
DELETE FROM link_code WHERE code_hash = :code_hash AND chat <> :chat AND expires_at > :now
RETURNING chat

-- link_code_end: The code that was not used counts no more.
DELETE FROM link_code WHERE chat = :chat

-- requests_to_follow: Requests of a participant that are open, or ended lately.
SELECT * FROM request
 WHERE chat = :chat
   AND (status IN ('waiting', 'claimed', 'needs_correction')
        OR (status IN ('done', 'refused', 'expired') AND ended_at > :since))
 ORDER BY branch, id

-- request_follow: A request whose participant goes on in another chat.
UPDATE request SET chat = :to WHERE id = :id

-- desk_events_follow: What waits to be told about a request goes with it.
UPDATE event SET chat = :to
 WHERE chat = :chat AND status IN ('fetching', 'new') AND channel = 'desk'
   AND provider_id LIKE :pattern

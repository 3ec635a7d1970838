-- delivery_told: How far a message of a chat came; a word that came late takes nothing back. What is
-- not sent yet has the reference of the sending that its window refused: that one came nowhere.
INSERT INTO delivery (outbox, state, error, at)
SELECT id, :state, :error, :at FROM outbox
 WHERE id = :row AND chat = :chat
   AND (status NOT IN ('pending', 'sending', 'unknown') OR provider_ref <> :provider_ref)
ON CONFLICT (outbox) DO UPDATE SET state = excluded.state, error = excluded.error, at = excluded.at
 WHERE CASE excluded.state WHEN 'sent' THEN 1 WHEN 'failed' THEN 2 WHEN 'delivered' THEN 3 ELSE 4 END
     > CASE delivery.state WHEN 'sent' THEN 1 WHEN 'failed' THEN 2 WHEN 'delivered' THEN 3 ELSE 4 END

-- delivery_arrived: A message whose sending had no known end did arrive: it is not sent again.
UPDATE outbox SET status = 'sent', provider_ref = :provider_ref, error = '', ended_at = :at
 WHERE id = :row AND chat = :chat AND provider_ref <> :provider_ref
   AND (status = 'unknown' OR (status = 'pending' AND attempts > 0))

-- delivery_failed: A message whose sending had no known end was refused later.
UPDATE outbox SET status = 'failed', provider_ref = :provider_ref, error = :error, ended_at = :at
 WHERE id = :row AND chat = :chat AND status = 'unknown' AND provider_ref <> :provider_ref

-- delivery_called: The message of a chat that its network calls so.
SELECT id FROM outbox WHERE chat = :chat AND provider_ref = :provider_ref AND status = 'sent'

-- delivery_unread: What was sent to a chat until then and was not read, as far as is known.
SELECT outbox.id FROM outbox LEFT JOIN delivery ON delivery.outbox = outbox.id
 WHERE outbox.chat = :chat AND outbox.status = 'sent' AND outbox.ended_at <= :at
   AND (delivery.state IS NULL OR delivery.state <> 'read')
 ORDER BY outbox.id DESC LIMIT 100

-- delivery_shut: A message was taken, and refused later because its window was shut: once more.
UPDATE outbox
   SET status = 'pending', not_before = 0, provider_ref = :provider_ref, owner = '',
       ended_at = NULL
 WHERE id = :row AND chat = :chat
   AND CASE status WHEN 'sent' THEN provider_ref IN ('', :provider_ref)
                   ELSE status IN ('sending', 'unknown') AND provider_ref <> :provider_ref END

-- delivery_forget: What was told of a message no longer holds.
DELETE FROM delivery WHERE outbox = :row

-- template_known: Whether a message template is noted that its network calls so, or whose name
-- nobody knows because its sending had no known end.
SELECT outbox FROM template_use
 WHERE outbox = :outbox AND provider_ref IN ('', :provider_ref) LIMIT 1

-- template_told: How far a message template came; a word that came late takes nothing back.
UPDATE template_use SET state = :state, error = :error, provider_ref = :provider_ref
 WHERE outbox = :outbox
   AND (provider_ref = :provider_ref
        OR provider_ref = '' AND NOT EXISTS (SELECT 1 FROM template_use AS noted
                                              WHERE noted.outbox = :outbox
                                                AND noted.provider_ref = :provider_ref))
   AND CASE :state WHEN 'sent' THEN 1 WHEN 'failed' THEN 2 WHEN 'delivered' THEN 3 ELSE 4 END
     > CASE state WHEN '' THEN 0 WHEN 'sent' THEN 1 WHEN 'failed' THEN 2 WHEN 'delivered' THEN 3
                  ELSE 4 END

-- template_early: What was told of a message template that is not noted yet, if it is being sent or
-- is to be tried again. With its bare status the message might be looked for among all that is open.
INSERT INTO template_early (outbox, provider_ref, state, error, at)
SELECT id, :provider_ref, :state, :error, :at FROM outbox
 WHERE id = :outbox AND chat = :chat AND COALESCE(status, '') IN ('pending', 'sending')
ON CONFLICT (outbox, provider_ref, state) DO NOTHING

-- template_early_sent: A template for a message that arrived before it was noted.
SELECT provider_ref FROM template_early WHERE outbox = :outbox AND state <> 'failed' LIMIT 1

-- template_early_taken: What was told of the templates of a message before they were noted.
DELETE FROM template_early WHERE outbox = :outbox
RETURNING outbox, provider_ref, state, error

-- template_early_old: Forget what was told of templates that were never noted.
DELETE FROM template_early WHERE at < :before

-- delivery_recipient: The names of who writes in a chat, the newest first, and how far a message
-- to them came before.
SELECT identity_alias.external,
       (SELECT state FROM delivery WHERE outbox = :row) AS state
  FROM identity JOIN identity_alias ON identity_alias.identity = identity.id
 WHERE identity.chat = :chat ORDER BY identity_alias.added_at DESC, identity_alias.external

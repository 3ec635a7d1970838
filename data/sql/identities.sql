-- identity_known: Whose names these are: the identities and all of their names. With its bare channel
-- they might be looked for among all names of the channel.
SELECT identity.id, identity.chat, known.external
  FROM identity_alias AS known JOIN identity ON identity.id = known.identity
 WHERE COALESCE(known.channel, '') = :channel
   AND known.identity IN (SELECT asked.identity FROM identity_alias AS asked
                           WHERE asked.channel = :channel
                             AND asked.external IN (:first, :second))
 ORDER BY known.added_at, known.external

-- identity_alone: Nobody else makes out meanwhile who has this name; one writer is alone anyway.
SELECT :name AS name

-- identity_alone@postgres: As above, until the end of the transaction.
SELECT pg_advisory_xact_lock(hashtextextended(CAST(:name AS text), 7))

-- identity_add: Somebody new.
INSERT INTO identity (channel, chat, created_at) VALUES (:channel, :chat, :now) RETURNING id

-- identity_alias_put: A name, also one that was somebody else's before.
INSERT INTO identity_alias (channel, external, identity, added_at)
VALUES (:channel, :external, :identity, :now)
ON CONFLICT (channel, external)
   DO UPDATE SET identity = excluded.identity, added_at = excluded.added_at

-- identity_names: The names of whoever writes in a chat, the newest first.
SELECT identity_alias.external FROM identity
  JOIN identity_alias ON identity_alias.identity = identity.id
 WHERE identity.chat = :chat ORDER BY identity_alias.added_at DESC, identity_alias.external

-- identity_heard: Somebody wrote; messages that are older than what was heard change nothing.
UPDATE identity SET heard_at = :at
 WHERE chat = :chat AND (heard_at IS NULL OR heard_at < :at)

-- identity_of: When the person of a chat last wrote, and was last asked by a template to write.
SELECT heard_at, template_at FROM identity WHERE chat = :chat

-- identity_held: When the person of a chat last wrote; one writer is alone anyway.
SELECT heard_at FROM identity WHERE chat = :chat

-- identity_held@postgres: As above; nobody notes meanwhile that the person wrote.
SELECT heard_at FROM identity WHERE chat = :chat FOR UPDATE

-- identity_asked: The person of a chat was asked by a template to write.
UPDATE identity SET template_at = :at WHERE chat = :chat

-- identity_shut: The window of a chat was shut at an instant: they were last heard of before then.
-- A template that they had answered by writing is still no template that asks them now.
UPDATE identity
   SET heard_at = :latest, template_at = CASE WHEN template_at > heard_at THEN template_at END
 WHERE chat = :chat AND heard_at > :latest AND heard_at < :before

-- consent_add: The participant agreed to a text; what was agreed to is kept by its fingerprint.
INSERT INTO consent (chat, service, key, text_sha256, at, event)
VALUES (:chat, :service, :key, :text_sha256, :at, :event)

-- rating_put: How the participant found the service; a second rating replaces the first.
INSERT INTO rating (request, score, text, at) VALUES (:request, :score, :text, :at)
ON CONFLICT (request) DO UPDATE SET score = excluded.score, text = excluded.text, at = excluded.at

-- conversation: What was written about a request, oldest first, and how far what was said came.
-- "LIMIT 1" is never planned as one look through all that officers ever did.
SELECT message.at, message.author, message.officer, message.body, message.document,
       COALESCE(officer.name, '') AS name,
       COALESCE(event.status, '') AS event_status, COALESCE(said.status, '') AS sending,
       COALESCE(said.error, '') AS sending_error,
       EXISTS (SELECT 1 FROM outbox AS ahead
                WHERE ahead.chat = said.chat AND ahead.seq <= said.seq
                  AND ahead.not_before = 9223372036854775807) AS parked,
       (SELECT error FROM template_use
         WHERE template_use.outbox = said.id AND state = 'failed'
         ORDER BY at DESC LIMIT 1) AS template_error,
       COALESCE(delivery.state, '') AS network, COALESCE(delivery.error, '') AS network_error
  FROM message LEFT JOIN officer ON officer.id = message.officer
  LEFT JOIN event ON message.told <> ''
                 AND event.id = (SELECT tells.id FROM event AS tells
                                  WHERE tells.channel = 'desk'
                                    AND tells.provider_id = message.told LIMIT 1)
  LEFT JOIN outbox AS said ON said.event = event.id AND said.n = 0
  LEFT JOIN delivery ON delivery.outbox = said.id
 WHERE message.request = :request
 ORDER BY message.id

-- message_told: Which event tells the participant what an officer wrote.
UPDATE message SET told = :told WHERE id = :id

-- request_documents: The documents of a request in the order of its form.
SELECT request_document.step, request_document.n, request_document.sha256,
       request_document.name, document.mime, document.size, document.turned
  FROM request_document JOIN document ON document.sha256 = request_document.sha256
 WHERE request_document.request = :request
 ORDER BY request_document.step, request_document.n

-- request_document_find: A document that belongs to a request, in its form or its conversation.
SELECT sha256, mime, size FROM document
 WHERE sha256 = :sha256
   AND (EXISTS (SELECT 1 FROM request_document
                 WHERE request_document.request = :request
                   AND request_document.sha256 = document.sha256)
        OR EXISTS (SELECT 1 FROM message
                    WHERE message.request = :request AND message.document = document.sha256))

-- conversation: What was written about a request, oldest first.
SELECT message.at, message.author, message.officer, message.body, message.document,
       COALESCE(officer.name, '') AS name
  FROM message LEFT JOIN officer ON officer.id = message.officer
 WHERE message.request = :request
 ORDER BY message.id

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

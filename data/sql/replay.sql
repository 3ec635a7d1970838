-- session_of: What is remembered of a chat, to be looked at between its turns.
SELECT session FROM chat WHERE id = :chat

-- conversation_size: How many messages the conversation of a request has.
SELECT COUNT(*) AS messages FROM message WHERE request = :request

-- documents_size: How many documents a request has.
SELECT COUNT(*) AS documents FROM request_document WHERE request = :request

-- term_clear: Forget what a request can be found by.
DELETE FROM request_term WHERE request = :request

-- term_add: What a request can be found by at its branch.
INSERT INTO request_term (branch, term, request) VALUES (:branch, :term, :request)

-- term_add@postgres: As above, for all *rows*.
INSERT INTO request_term (branch, term, request)
SELECT branch, term, request
  FROM json_to_recordset(CAST(:rows AS json)) AS found (branch text, term text, request bigint)

-- term_move: The request is at another branch now.
UPDATE request_term SET branch = :branch WHERE request = :request

-- wait_history: When the last ended requests of a service were taken and ended.
SELECT claimed_at, ended_at FROM request
 WHERE branch = :branch AND status IN ('done', 'refused') AND ended_at >= :since
   AND service = :service AND claimed_at IS NOT NULL
 ORDER BY ended_at DESC LIMIT :limit

-- wait_officers: How many officers of a branch hold a request or have just ended one.
SELECT COUNT(DISTINCT officer) AS officers
  FROM (SELECT officer FROM request
         WHERE branch = :branch AND status IN ('claimed', 'needs_correction')
         UNION
        SELECT officer FROM request
         WHERE branch = :branch AND status IN ('done', 'refused') AND ended_at >= :since) AS active

-- wait_line: The first who wait at a branch, with what they were told.
SELECT number, chat, service, told.at, told.place, told.until
  FROM request LEFT JOIN request_told AS told ON told.request = request.id
 WHERE branch = :branch AND status = 'waiting'
 ORDER BY priority DESC, due_at, queued_at, request.id LIMIT :limit

-- wait_told: What somebody was told of a place in a queue.
SELECT at, place, until FROM request_told WHERE request = :request

-- wait_tell: Keep what somebody is being told of a place in a queue.
INSERT INTO request_told (request, at, place, until) VALUES (:request, :now, :place, :until)
ON CONFLICT (request) DO UPDATE
   SET at = excluded.at, place = excluded.place, until = excluded.until

-- request_due: By when a request should have ended.
UPDATE request SET due_at = :due_at WHERE id = :id

-- request_dues: By when requests should have ended.
UPDATE request SET due_at = :due_at WHERE id = :id

-- request_dues@postgres: As above, for all *rows*; they are held in the order of their numbers, and
-- found by their key, which a join might read whole.
WITH planned AS (
  SELECT * FROM json_to_recordset(CAST(:rows AS json)) AS planned (id bigint, due_at bigint)
), held AS MATERIALIZED (
  SELECT id FROM request WHERE id = ANY(ARRAY(SELECT id FROM planned)) ORDER BY id FOR UPDATE
)
UPDATE request SET due_at = planned.due_at
  FROM planned
 WHERE request.id = planned.id AND request.id = ANY(ARRAY(SELECT id FROM held))

-- request_open: What has not ended at a branch; each half has its own index.
SELECT id, number, chat, service, status, priority, queued_at, due_at FROM request
 WHERE branch = :branch AND status = 'waiting'
 UNION ALL
SELECT id, number, chat, service, status, priority, queued_at, due_at FROM request
 WHERE branch = :branch AND status IN ('claimed', 'needs_correction')

-- request_open_branches: Branches at which something has not ended.
SELECT branch FROM request WHERE status = 'waiting'
 UNION
SELECT branch FROM request WHERE status IN ('claimed', 'needs_correction')

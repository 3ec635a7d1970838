-- export_last: The newest request of all.
SELECT COALESCE(MAX(id), 0) AS id FROM request

-- export_count: How many requests a file will have, within somebody's scope.
SELECT COUNT(*) AS rows FROM request
 WHERE request.filed_at >= :since AND request.filed_at < :until AND request.id <= :last
   AND (:branch = '' OR request.branch = :branch) AND (:service = '' OR request.service = :service)
   AND EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (request.branch, '*'))

-- export_rows: A stretch of them, the oldest first, after one that is known.
SELECT request.id, request.number, request.chat, request.service, request.branch, request.status,
       request.priority, request.answers, request.report, request.report_masked, request.filed_at,
       request.claimed_at, request.ended_at, request.outcome, request.reason,
       COALESCE(officer.name, request.officer) AS name, rating.score
  FROM request LEFT JOIN officer ON officer.id = request.officer
               LEFT JOIN rating ON rating.request = request.id
 WHERE request.filed_at >= :since AND request.filed_at < :until AND request.id <= :last
   AND (request.filed_at > :after_at OR (request.filed_at = :after_at AND request.id > :after))
   AND (:branch = '' OR request.branch = :branch) AND (:service = '' OR request.service = :service)
   AND EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (request.branch, '*'))
 ORDER BY request.filed_at, request.id LIMIT :limit

-- figures_behind: Branches whose audit has entries that the figures do not know yet.
WITH RECURSIVE chain (branch) AS (
  SELECT MIN(branch) FROM audit WHERE branch > ''
   UNION ALL
  SELECT (SELECT MIN(audit.branch) FROM audit WHERE audit.branch > chain.branch)
    FROM chain WHERE chain.branch IS NOT NULL
)
SELECT chain.branch FROM chain LEFT JOIN figure_cursor ON figure_cursor.branch = chain.branch
 WHERE chain.branch IS NOT NULL
   AND (SELECT MAX(audit.id) FROM audit WHERE audit.branch = chain.branch)
       > COALESCE(figure_cursor.entry, 0)

-- figures_begin: The figures of a branch begin with the first entry.
INSERT INTO figure_cursor (branch, entry) VALUES (:branch, 0) ON CONFLICT (branch) DO NOTHING

-- figures_cursor: The last entry that the figures of a branch know; one writer is alone anyway.
SELECT entry FROM figure_cursor WHERE branch = :branch

-- figures_cursor@postgres: The same; whoever has it is alone with the branch.
SELECT entry FROM figure_cursor WHERE branch = :branch FOR UPDATE

-- figures_known: They know everything up to an entry.
UPDATE figure_cursor SET entry = :entry WHERE branch = :branch

-- figure_put: The figures of a request as they are now.
INSERT INTO figure (request, branch, service, status, officer, filed_at, claimed_at,
                    last_claimed_at, responded_at, ended_at, corrections, wait, response, handling)
VALUES (:request, :branch, :service, :status, :officer, :filed_at, :claimed_at,
        :last_claimed_at, :responded_at, :ended_at, :corrections, :wait, :response, :handling)
ON CONFLICT (request) DO UPDATE
   SET branch = excluded.branch, status = excluded.status, officer = excluded.officer,
       claimed_at = excluded.claimed_at, last_claimed_at = excluded.last_claimed_at,
       responded_at = excluded.responded_at, ended_at = excluded.ended_at,
       corrections = excluded.corrections, wait = excluded.wait, response = excluded.response,
       handling = excluded.handling

-- figures_ended: What became of the requests of a branch that ended in some time.
SELECT figure.service, figure.officer, figure.status, figure.ended_at, figure.filed_at,
       figure.wait, figure.response, figure.handling, figure.corrections, rating.score
  FROM figure LEFT JOIN rating ON rating.request = figure.request
 WHERE figure.branch = :branch AND figure.ended_at >= :since AND figure.ended_at < :until
   AND EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (:branch, '*'))

-- figures_filed: How many requests were filed in each hour since the epoch.
SELECT figure.filed_at / 3600000000 AS hour, COUNT(*) AS filed FROM figure
 WHERE figure.branch = :branch AND figure.filed_at >= :since AND figure.filed_at < :until
   AND EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (:branch, '*'))
 GROUP BY figure.filed_at / 3600000000

-- figures_within: What ended in some time, one branch of somebody after the other; each that has
-- figures has a cursor.
SELECT branch, status, wait, handling FROM figure
 WHERE branch IN (SELECT figure_cursor.branch
                    FROM figure_cursor
                    JOIN officer_branch ON officer_branch.officer = :viewer
                                       AND officer_branch.branch IN (figure_cursor.branch, '*'))
   AND ended_at >= :since AND ended_at < :until

-- figures_within@postgres: As above, where a join might read all figures.
SELECT branch, status, wait, handling FROM figure
 WHERE branch = ANY(ARRAY(SELECT figure_cursor.branch
                            FROM figure_cursor
                            JOIN officer_branch
                              ON officer_branch.officer = :viewer
                             AND officer_branch.branch IN (figure_cursor.branch, '*')))
   AND ended_at >= :since AND ended_at < :until

-- figures_branches: Each branch of somebody in some time: how many ended, middle and tenth longest.
WITH placed AS (
  SELECT branch, status, wait, handling,
         ROW_NUMBER() OVER (PARTITION BY branch, wait IS NULL ORDER BY wait) AS n,
         COUNT(wait) OVER (PARTITION BY branch) AS waits,
         ROW_NUMBER() OVER (PARTITION BY branch, handling IS NULL ORDER BY handling) AS m,
         COUNT(handling) OVER (PARTITION BY branch) AS handlings
    FROM ({figures_within}) AS seen
)
SELECT branch, COUNT(*) AS ended,
       SUM(CASE WHEN status = 'done' THEN 1 ELSE 0 END) AS done,
       SUM(CASE WHEN status = 'refused' THEN 1 ELSE 0 END) AS refused,
       MIN(CASE WHEN wait IS NOT NULL AND 2 * n >= waits THEN wait END) AS wait,
       MIN(CASE WHEN wait IS NOT NULL AND 10 * n >= 9 * waits THEN wait END) AS wait_longest,
       MIN(CASE WHEN handling IS NOT NULL AND 2 * m >= handlings THEN handling END) AS handling
  FROM placed GROUP BY branch

-- figures_waiting: What waits now at the branches of somebody, by service.
SELECT request.branch, request.service, COUNT(*) AS waiting, MIN(request.queued_at) AS oldest,
       SUM(CASE WHEN request.due_at < :now THEN 1 ELSE 0 END) AS late
  FROM request JOIN officer_branch ON officer_branch.officer = :viewer
                                  AND officer_branch.branch IN (request.branch, '*')
 WHERE request.status = 'waiting' AND (:branch = '' OR request.branch = :branch)
 GROUP BY request.branch, request.service

-- figures_held: How many are in work now at the branches of somebody.
SELECT request.branch, COUNT(*) AS held
  FROM request JOIN officer_branch ON officer_branch.officer = :viewer
                                  AND officer_branch.branch IN (request.branch, '*')
 WHERE request.status IN ('claimed', 'needs_correction')
   AND (:branch = '' OR request.branch = :branch)
 GROUP BY request.branch

-- figures_left: At which questions of a branch's forms people stopped, in some time.
SELECT abandoned.service, abandoned.step, abandoned.how, COUNT(*) AS stopped FROM abandoned
 WHERE abandoned.branch = :branch AND abandoned.at >= :since AND abandoned.at < :until
   AND EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (:branch, '*'))
 GROUP BY abandoned.service, abandoned.step, abandoned.how

-- figures_any: Whether anything has ended at all at the branches of somebody.
SELECT figure_cursor.branch
  FROM figure_cursor JOIN officer_branch ON officer_branch.officer = :viewer
                                        AND officer_branch.branch IN (figure_cursor.branch, '*')
 WHERE (SELECT 1 FROM figure
         WHERE figure.branch = figure_cursor.branch AND figure.ended_at >= 0 LIMIT 1) = 1
 LIMIT 1

-- abandoned_add: A form was left for good at this question; of whom is not kept.
INSERT INTO abandoned (at, branch, service, step, how)
VALUES (:at, :branch, :service, :step, :how)

-- officer_names: The names of a branch's officers, also of those who left.
SELECT id, name FROM officer WHERE branch = :branch

-- template_costs: Message templates that were sent, by branch, hour since the epoch and what became
-- of them.
SELECT template_use.branch, template_use.at / 3600000000 AS hour, template_use.state,
       COUNT(*) AS sent
  FROM template_use JOIN officer_branch ON officer_branch.officer = :viewer
                                       AND officer_branch.branch IN (template_use.branch, '*')
 WHERE template_use.at >= :since AND template_use.at < :until
   AND (CAST(:branch AS text) = '' OR template_use.branch = :branch)
 GROUP BY template_use.branch, template_use.at / 3600000000, template_use.state

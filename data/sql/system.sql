-- system_queue: Since when the oldest turn is due, how many files and timers are waited for.
SELECT (SELECT MIN(ready_at) FROM chat WHERE ready_at <= :now) AS due,
       (SELECT COUNT(*) FROM event WHERE status = 'fetching') AS fetching,
       (SELECT COUNT(*) FROM outbox WHERE status IN ('pending', 'sending')
           AND not_before < 9223372036854775807) AS unsent,
       (SELECT MIN(created_at) FROM outbox WHERE status IN ('pending', 'sending')
           AND not_before < 9223372036854775807) AS unsent_since,
       (SELECT COUNT(*) FROM outbox WHERE not_before = 9223372036854775807) AS parked,
       (SELECT COUNT(*) FROM template_use WHERE at >= :since) AS templates,
       (SELECT COUNT(*) FROM template_use WHERE at >= :since AND state = 'failed')
           AS templates_failed,
       (SELECT COUNT(*) FROM event WHERE status = 'dead') AS dead

-- system_workers: Processes that send, and when each was heard of last.
SELECT id, started_at, heartbeat_at FROM worker ORDER BY started_at

-- system_heard: When each channel brought something last, as far as the newest events tell.
SELECT newest.channel, MAX(newest.received_at) AS at
  FROM (SELECT channel, received_at FROM event ORDER BY id DESC LIMIT :limit) AS newest
 GROUP BY newest.channel

-- system_dead: The newest dead letters; what they held stays unread.
SELECT id, channel, received_at, attempts, error FROM event
 WHERE status = 'dead' ORDER BY id DESC LIMIT :limit

-- drafts_open: Sessions of chats that have a form which is not sent yet. With its bare channel they
-- might be looked for among all timers that ever were.
SELECT chat.session FROM event JOIN chat ON chat.id = event.chat
 WHERE event.status IN ('fetching', 'new') AND COALESCE(event.channel, '') = 'timer'
   AND event.provider_id LIKE '%:draft' AND chat.session IS NOT NULL
 LIMIT :limit

-- drafts_places: Every branch at which a form was left, '' among them.
WITH RECURSIVE place (branch) AS (
  SELECT MIN(branch) FROM abandoned WHERE branch >= ''
   UNION ALL
  SELECT (SELECT MIN(abandoned.branch) FROM abandoned WHERE abandoned.branch > place.branch)
    FROM place WHERE place.branch IS NOT NULL
)
SELECT branch FROM place WHERE branch IS NOT NULL

-- drafts_left: At which questions forms were left since an instant, everywhere.
SELECT service, step, COUNT(*) AS stopped FROM abandoned
 WHERE branch IN ({drafts_places}) AND at >= :since GROUP BY service, step

-- drafts_left@postgres: As above, where a join might read all that was ever left.
SELECT service, step, COUNT(*) AS stopped FROM abandoned
 WHERE branch = ANY(ARRAY({drafts_places})) AND at >= :since GROUP BY service, step

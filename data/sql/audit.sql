-- trail_officers: Who stands behind the login names of entries.
SELECT id, name FROM officer

-- trail_papers: The documents of a request, to name those that entries are about.
SELECT request.service, request_document.step, request_document.n, request_document.sha256
  FROM request JOIN request_document ON request_document.request = request.id
 WHERE request.number = :number ORDER BY request_document.step, request_document.n

-- audit_lock: Appending to a branch's chain is one at a time; one writer is alone anyway.
SELECT 1 AS held WHERE :branch = :branch

-- audit_lock@postgres: Appending to a branch's chain is one at a time.
SELECT pg_advisory_xact_lock(hashtext(CAST(:branch AS TEXT))) AS held

-- audit_last: The end of a branch's chain.
SELECT id, at, hash FROM audit WHERE branch = :branch ORDER BY id DESC LIMIT 1

-- audit_add: Append to the audit; nothing ever changes or leaves it.
INSERT INTO audit (at, actor, action, object, branch, detail, prev, hash)
VALUES (:at, :actor, :action, :object, :branch, :detail, :prev, :hash)

-- audit_chains: The first chain by name after another; '' is that of officers of all branches.
SELECT MIN(branch) AS branch FROM audit WHERE branch > :after

-- audit_chain: A stretch of a branch's chain in its order.
SELECT id, at, actor, action, object, branch, detail, prev, hash
  FROM audit WHERE branch = :branch AND id > :after ORDER BY id LIMIT :limit

-- audit_noted: Whether an officer did exactly this to a thing since an instant.
SELECT id FROM audit
 WHERE object = :object AND actor = :actor AND action = :action AND detail = :detail
   AND at > :since
 LIMIT 1

-- audit_of: What happened to one thing, oldest first.
SELECT audit.object, audit.at, audit.actor, audit.action, audit.branch, audit.detail,
       COALESCE(officer.name, '') AS name
  FROM audit LEFT JOIN officer ON officer.id = audit.actor
 WHERE audit.object = :object
 ORDER BY audit.id

-- audit_search: Entries within somebody's scope, the newest first, before one that is known.
SELECT audit.id, audit.at, audit.actor, audit.action, audit.object, audit.branch, audit.detail,
       COALESCE(officer.name, '') AS name
  FROM audit LEFT JOIN officer ON officer.id = audit.actor
 WHERE audit.id < :before AND audit.at >= :since AND audit.at < :until
   AND (:actor = '' OR audit.actor = :actor) AND (:action = '' OR audit.action = :action)
   AND EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (audit.branch, '*'))
 ORDER BY audit.id DESC LIMIT :limit

-- audit_search_branch: The same of one branch, by its chain.
SELECT audit.id, audit.at, audit.actor, audit.action, audit.object, audit.branch, audit.detail,
       COALESCE(officer.name, '') AS name
  FROM audit LEFT JOIN officer ON officer.id = audit.actor
 WHERE audit.branch = :branch
   AND audit.id < :before AND audit.at >= :since AND audit.at < :until
   AND (:actor = '' OR audit.actor = :actor) AND (:action = '' OR audit.action = :action)
   AND EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (audit.branch, '*'))
 ORDER BY audit.id DESC LIMIT :limit

-- audit_search_object: The same of one ticket or one officer's account.
SELECT audit.id, audit.at, audit.actor, audit.action, audit.object, audit.branch, audit.detail,
       COALESCE(officer.name, '') AS name
  FROM audit LEFT JOIN officer ON officer.id = audit.actor
 WHERE audit.object = :object AND (:branch = '' OR audit.branch = :branch)
   AND audit.id < :before AND audit.at >= :since AND audit.at < :until
   AND (:actor = '' OR audit.actor = :actor) AND (:action = '' OR audit.action = :action)
   AND EXISTS (SELECT 1 FROM officer_branch
                WHERE officer = :viewer AND officer_branch.branch IN (audit.branch, '*'))
 ORDER BY audit.id DESC LIMIT :limit

-- audit_newest: The number of the newest entry of all.
SELECT COALESCE(MAX(id), 0) AS id FROM audit

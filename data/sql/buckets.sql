-- bucket_take: Take tokens out of a bucket, up to which it may be empty; else nothing comes back.
INSERT INTO bucket (name, full_at) VALUES (:name, :filled)
ON CONFLICT (name) DO UPDATE
   SET full_at = CASE WHEN bucket.full_at > :now THEN bucket.full_at + :taken ELSE :filled END
 WHERE CASE WHEN bucket.full_at > :now THEN bucket.full_at + :taken ELSE :filled END <= :empty
RETURNING full_at

-- bucket_of: When a bucket is full again.
SELECT full_at FROM bucket WHERE name = :name

-- bucket_tell: Note that somebody is told of an empty bucket, unless they were lately.
UPDATE bucket SET told_at = :now
 WHERE name = :name AND (told_at IS NULL OR told_at <= :before)
RETURNING name

-- buckets_of: Buckets that were not full lately, of those whose names are like a pattern.
SELECT name, full_at FROM bucket WHERE name LIKE :pattern

-- bucket_full: One of those that `buckets_full` would forget.
SELECT name FROM bucket
 WHERE full_at <= :now AND (told_at IS NULL OR told_at <= :before) LIMIT 1

-- buckets_full: Forget buckets that are full, and of which nobody was told lately.
DELETE FROM bucket WHERE full_at <= :now AND (told_at IS NULL OR told_at <= :before)

-- duty_take: Have a duty until then: one of our own, one that nobody has, or one that has run out.
INSERT INTO duty (name, owner, until) VALUES (:name, :owner, :until)
ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
 WHERE duty.owner = excluded.owner OR duty.until <= :now

-- duty_give_up: Have a duty no longer.
DELETE FROM duty WHERE name = :name AND owner = :owner

-- duty_end_all: Nobody has any duty.
DELETE FROM duty

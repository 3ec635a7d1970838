-- demo_requests: How many requests the store has of invented people, whose chats begin so, and how
-- many of others.
SELECT COALESCE(SUM(CASE WHEN chat LIKE :invented THEN 1 ELSE 0 END), 0) AS invented,
       COALESCE(SUM(CASE WHEN chat LIKE :all_invented THEN 0 ELSE 1 END), 0) AS others
  FROM request

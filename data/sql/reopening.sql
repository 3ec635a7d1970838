-- request_reopened: How often somebody opened a request again.
SELECT COUNT(*) AS times FROM audit
 WHERE object = :object AND actor = :actor AND action = :action

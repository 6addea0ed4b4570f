-- Why files could not be judged, or not fully, and how often.
SELECT problem, reason, count(*) AS times, count(DISTINCT repository) AS repositories, min(path) AS example
FROM problems
GROUP BY problem, reason
ORDER BY times DESC, reason

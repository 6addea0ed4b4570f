-- What one policy change would cost: to fail at a milder severity, or to ask one more rule.
-- param from=high: the severity that fails today: critical, high, medium, low, info, or never
-- param to=medium: the severity that would fail
-- param rule=: the id or name of one rule that would fail whatever its severity; empty for none
-- param profile=default: the rules that are asked: default or strict
WITH
  scale(severity, level) AS (
    VALUES ('info', 0), ('low', 1), ('medium', 2), ('high', 3), ('critical', 4), ('never', 5)
  ),
  judged AS (
    SELECT
      findings.*,
      level >= (SELECT level FROM scale WHERE severity = $from)
        AND (profile = 'default' OR $profile = 'strict') AS fails_today,
      (level >= (SELECT level FROM scale WHERE severity = $to)
        AND (profile = 'default' OR $profile = 'strict'))
        OR ($rule <> '' AND (rule = $rule OR name = $rule)) AS would_fail
    FROM findings JOIN scale USING (severity)
    WHERE NOT suppressed
  ),
  today AS (SELECT DISTINCT repository FROM judged WHERE fails_today),
  cost AS (
    SELECT *, repository NOT IN (SELECT repository FROM today) AS is_new
    FROM judged
    WHERE would_fail AND NOT fails_today
  )
SELECT
  rule,
  any_value(name) AS name,
  any_value(severity) AS severity,
  count(*) AS findings,
  count(DISTINCT repository) AS repositories,
  count(DISTINCT repository) FILTER (is_new) AS newly_failing,
  count(*) FILTER (fix = 'safe') AS fixed_safely,
  count(*) FILTER (fix = 'harden') AS fixed_by_harden,
  count(*) FILTER (fix IS NULL OR fix IN ('advice', 'unproven')) AS by_hand
FROM cost
GROUP BY rule
UNION ALL
SELECT
  'all',
  'what would fail and does not today',
  $to,
  count(*),
  count(DISTINCT repository),
  count(DISTINCT repository) FILTER (is_new),
  count(*) FILTER (fix = 'safe'),
  count(*) FILTER (fix = 'harden'),
  count(*) FILTER (fix IS NULL OR fix IN ('advice', 'unproven'))
FROM cost
ORDER BY findings DESC, rule

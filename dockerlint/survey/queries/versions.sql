-- At which versions a base is used, and in how many repositories each.
-- param image: the familiar name of the image, such as node or ghcr.io/owner/app
SELECT
  coalesce(release, version, tag, '(none)') AS version,
  any_value(product) AS product,
  min(end_of_life) AS end_of_life,
  bool_or(ended) AS ended,
  count(DISTINCT repository) AS repositories,
  count(*) AS uses,
  count(*) FILTER (pinned) AS pinned
FROM images
WHERE image = $image AND origin IN ('from', 'service')
GROUP BY 1
ORDER BY repositories DESC, version

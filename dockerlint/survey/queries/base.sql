-- Which repositories use this base at this version.
-- param image: the familiar name of the image, such as node or ghcr.io/owner/app
-- param version=: the version, which longer ones begin with (22 is also 22.11); empty for any
-- param ships=true: true for what runs in the end only, false for stages that only build as well
SELECT repository, path, subject, reference, version, release, end_of_life, pinned
FROM images
WHERE image = $image
  AND (
    $version = ''
    OR version = $version
    OR starts_with(version, $version || '.')
    OR release = $version
    OR tag = $version
  )
  AND (ships OR $ships = 'false')
  AND origin IN ('from', 'service')
ORDER BY repository, path, line, subject

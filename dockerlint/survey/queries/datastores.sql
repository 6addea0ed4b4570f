-- Which services publish a datastore.
-- param reach=all: all (on every interface of the host), or any (also on one address, or on loopback)
SELECT
  repository,
  path,
  service,
  reference,
  datastore_reach AS reach,
  [
    concat_ws(':', port.host_ip, coalesce(port.published, '?'), coalesce(port.target, '?'))
    FOR port IN ports IF port.datastore
  ] AS ports
FROM services
WHERE datastore_reach IS NOT NULL AND ($reach = 'any' OR datastore_reach = $reach)
ORDER BY repository, path, service

#!/bin/sh
# The steps of the entrypoint of redis 7: the folder becomes the user's, then gosu.
set -e
case "$1" in -* | *.conf) set -- redis-server "$@" ;; esac
if [ "$1" = redis-server ] && [ "$(id -u)" = 0 ]; then
  find . ! -user redis -exec chown redis {} +
  exec gosu redis "$0" "$@"
fi
[ "$(umask)" != 0022 ] || umask 0077
exec "$@"

#!/bin/sh
# The steps of the entrypoint of redis 8.0.2 and later: it changes user only where it may, and gives up its bounding set.
set -e
can() { # is capability number $1 in force
  effective=$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)
  [ $((0x$effective >> $1 & 1)) = 1 ]
}
setuid=7 setgid=6
case "$1" in -* | *.conf) set -- redis-server "$@" ;; esac
if [ "$1" = redis-server ] && [ -z "$SKIP_DROP_PRIVS" ] && [ "$(id -u)" = 0 ] && can $setuid && can $setgid; then
  [ -n "$SKIP_FIX_PERMS" ] || find . ! -user redis -exec chown redis {} +
  exec setpriv --reuid=redis --regid=redis --clear-groups --nnp \
    --inh-caps=-all --ambient-caps=-all --bounding-set=-all "$0" "$@"
fi
[ "$(umask)" != 0022 ] || umask 0077
exec "$@"

#!/bin/sh
# The steps of the entrypoint of redis 8.0.2 and later: it changes user only where it may, touches only what
# that user cannot use and carries on where it must not, and gives up its bounding set.
set -e
as_redis="setpriv --reuid=redis --regid=redis --clear-groups"
may() { setpriv -d | grep -q "Capability bounding set:.*\b$1\b"; }
hand_over() { # each path on standard input
  while IFS= read -r path; do
    $as_redis test -r "$path" -a -w "$path" && continue
    chown redis "$path" || echo "$path stays as it is"
    chmod u+rwX "$path" || echo "$path stays as it is"
  done
}
case "$1" in -* | *.conf) set -- redis-server "$@" ;; esac
if [ "$1" = redis-server ] && [ -z "$SKIP_DROP_PRIVS" ] && [ "$(id -u)" = 0 ] && may setuid && may setgid; then
  foreign=$(find . -mindepth 1 -maxdepth 1 ! -name '*.rdb' ! -name appendonlydir -print -quit)
  if [ -z "$SKIP_FIX_PERMS" ] && [ -z "$foreign" ]; then find . | hand_over; fi
  exec $as_redis --nnp --inh-caps=-all --ambient-caps=-all --bounding-set=-all "$0" "$@"
fi
[ "$(umask)" != 0022 ] || umask 0077
exec "$@"

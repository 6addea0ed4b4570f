#!/bin/sh
# The steps of valkey's own entrypoint: the folder becomes the user's, then setpriv; a user of one's choice must be able to write.
set -e
case "$1" in -* | *.conf) set -- valkey-server "$@" ;; esac
if [ "$1" = valkey-server ]; then
  if [ "$(id -u)" = 0 ]; then
    find . ! -user valkey -exec chown valkey {} +
    exec setpriv --reuid=valkey --regid=valkey --clear-groups -- "$0" "$@"
  fi
  [ -w . ] || { echo "$(id -u) may not write to $PWD" >&2; exit 1; }
fi
[ "$(umask)" != 0022 ] || umask 0077
exec "$@" $VALKEY_EXTRA_FLAGS

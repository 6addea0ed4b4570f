#!/bin/bash
# The steps of rabbitmq's own entrypoint: the folder becomes the user's, then gosu.
set -e
case "$1" in
  rabbitmq*)
    if [ "$(id -u)" = 0 ]; then
      [ "$1" != rabbitmq-server ] || find /var/lib/rabbitmq ! -user rabbitmq -exec chown rabbitmq {} +
      exec gosu rabbitmq "$0" "$@"
    fi
    ;;
esac
exec "$@"

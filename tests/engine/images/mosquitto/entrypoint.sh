#!/bin/sh
# The steps of mosquitto's own entrypoint; mosquitto itself then changes user.
set -e
if [ "$(id -u)" = 0 ]; then
  [ ! -d /mosquitto ] || chown -R mosquitto:mosquitto /mosquitto || true
fi
exec "$@"

#!/bin/sh
# The image's own first tries to listen on IPv6 too, and goes on where it may not write.
if [ "$1" = nginx ] && [ -w /etc/nginx/conf.d/default.conf ] && touch /etc/nginx/conf.d/default.conf 2>/dev/null; then
  grep -q '\[::\]' /etc/nginx/conf.d/default.conf || sed -i 's/listen 80;/&\n  listen [::]:80;/' /etc/nginx/conf.d/default.conf
fi
for step in /docker-entrypoint.d/*.sh; do [ ! -x "$step" ] || "$step"; done
exec "$@"

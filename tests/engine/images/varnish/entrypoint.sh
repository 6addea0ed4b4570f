#!/bin/sh
set -e
case "$1" in "" | -*) set -- varnishd -F -f /etc/varnish/default.vcl -a http=:80,HTTP -p feature=+http2 -n /var/lib/varnish/varnishd -s malloc,100M "$@" ;; esac
exec "$@"

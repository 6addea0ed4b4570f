#!/bin/bash
# The steps of wordpress's own entrypoint: its files are unpacked into an empty folder as www-data's, then configured.
set -eo pipefail
case "$1" in
  apache2*)
    user=www-data group=www-data
    if [ "$(id -u)" != 0 ]; then user=$(id -u) group=$(id -g); fi
    if [ ! -e index.php ]; then
      if [ "$(id -u)" = 0 ] && [ "$(stat -c %u:%g .)" = 0:0 ]; then chown "$user:$group" .; fi
      into=(--extract --file -)
      [ "$user" = www-data ] || into+=(--no-overwrite-dir)
      tar --create --file - --directory /usr/src/wordpress --owner "$user" --group "$group" . | tar "${into[@]}"
    fi
    settings=("${!WORDPRESS_@}")
    if [ ! -s wp-config.php ] && [ "${#settings[@]}" -gt 0 ]; then
      cat /usr/src/wordpress/wp-config-docker.php >wp-config.php
      [ "$(id -u)" != 0 ] || chown "$user:$group" wp-config.php || true
    fi
    ;;
esac
exec "$@"

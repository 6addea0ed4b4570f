#!/bin/bash
# The steps of wordpress's own entrypoint: its files are unpacked into an empty folder as www-data's.
set -eo pipefail
case "$1" in
  apache2*)
    user=www-data group=www-data
    if [ "$(id -u)" != 0 ]; then user=$(id -u) group=$(id -g); fi
    if [ ! -e index.php ]; then
      if [ "$(id -u)" = 0 ] && [ "$(stat -c %u:%g .)" = 0:0 ]; then chown "$user:$group" .; fi
      to=(--extract --file -)
      [ "$user" = www-data ] || to+=(--no-overwrite-dir)
      tar --create --file - --directory /usr/src/wordpress --owner "$user" --group "$group" . | tar "${to[@]}"
      mkdir -p wp-content/uploads
    fi
    ;;
esac
exec "$@"

#!/bin/bash
# The steps of postgres's own entrypoint that ask the kernel for something.
set -eo pipefail

from_file() { # the value of NAME, or what the file named by NAME_FILE holds
  local file="$1_FILE"
  [ -z "${!file:-}" ] || export "$1"="$(cat "${!file}")"
  unset "$file"
}

if [ "$1" = postgres ]; then
  from_file POSTGRES_PASSWORD
  from_file POSTGRES_USER
  from_file POSTGRES_DB
  mkdir -p "$PGDATA"
  chmod 700 "$PGDATA" || true
  mkdir -p /var/run/postgresql || true
  chmod 3775 /var/run/postgresql || true
  if [ "$(id -u)" = 0 ]; then
    find "$PGDATA" ! -user postgres -exec chown postgres {} +
    find /var/run/postgresql ! -user postgres -exec chown postgres {} +
    exec gosu postgres "$0" "$@"
  fi
  if [ ! -s "$PGDATA/PG_VERSION" ]; then
    [ -n "${POSTGRES_PASSWORD:-}" ] || { echo "no POSTGRES_PASSWORD" >&2; exit 1; }
    user=${POSTGRES_USER:-postgres}
    initdb -D "$PGDATA" --username="$user" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD")
    printf 'host all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
    pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
    [ "${POSTGRES_DB:-$user}" = postgres ] || createdb -U "$user" --maintenance-db=postgres "${POSTGRES_DB:-$user}"
    pg_ctl -D "$PGDATA" -m fast -w stop
  fi
  unset POSTGRES_PASSWORD
  set -- "$@" -c "listen_addresses=*"
fi
exec "$@"

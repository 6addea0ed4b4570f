#!/bin/bash
# The steps of mariadb's own entrypoint that ask the kernel for something.
set -eo pipefail
data=/var/lib/mysql socket=/run/mysqld/mysqld.sock

setting() { # MARIADB_$1, or MYSQL_$1, or what the file named by either with _FILE holds
  local prefix name file
  for prefix in MARIADB MYSQL; do
    name=${prefix}_$1 file=${prefix}_$1_FILE
    [ -z "${!file:-}" ] || export "MARIADB_$1"="$(cat "${!file}")"
    [ -z "${!name:-}" ] || export "MARIADB_$1"="${!name}"
    unset "$file"
  done
}

if [ "$1" = mariadbd ]; then
  mariadbd --verbose --help --log-bin-index="$(mktemp -u)" >/dev/null
  for name in ROOT_PASSWORD DATABASE USER PASSWORD; do setting "$name"; done
  mkdir -p "$data"
  if [ "$(id -u)" = 0 ]; then
    find "$data" ! -user mysql \( -exec chown mysql: {} + -o -true \)
    find "${socket%/*}" -maxdepth 0 ! -user mysql \( -exec chown mysql: {} \; -o -true \)
    exec gosu mysql "$0" "$@"
  fi
  if [ ! -d "$data/mysql" ]; then
    [ -n "${MARIADB_ROOT_PASSWORD:-}" ] || { echo "no MARIADB_ROOT_PASSWORD" >&2; exit 1; }
    mariadb-install-db --datadir="$data" --rpm --auth-root-authentication-method=normal --skip-test-db >/dev/null
    mariadbd --skip-networking --socket="$socket" &
    until mariadb --socket="$socket" -u root -e 'SELECT 1' >/dev/null 2>&1; do
      kill -0 $! || exit 1
      sleep 0.5
    done
    {
      [ -z "${MARIADB_DATABASE:-}" ] || echo "CREATE DATABASE \`$MARIADB_DATABASE\`;"
      [ -z "${MARIADB_USER:-}" ] || echo "CREATE USER '$MARIADB_USER'@'%' IDENTIFIED BY '$MARIADB_PASSWORD';
        GRANT ALL ON \`${MARIADB_DATABASE:-%}\`.* TO '$MARIADB_USER'@'%';"
      echo "CREATE USER 'root'@'%' IDENTIFIED BY '$MARIADB_ROOT_PASSWORD'; GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION;
        CREATE USER healthcheck@localhost IDENTIFIED BY 'healthcheck';
        SET PASSWORD FOR 'root'@'localhost' = PASSWORD('$MARIADB_ROOT_PASSWORD');"
    } | mariadb --socket="$socket" -u root
    kill $! && wait $!
    printf '[client]\nuser=healthcheck\npassword=healthcheck\n' >"$data/.my-healthcheck.cnf"
    chmod 600 "$data/.my-healthcheck.cnf"
  fi
  unset MARIADB_ROOT_PASSWORD MARIADB_PASSWORD
fi
exec "$@"

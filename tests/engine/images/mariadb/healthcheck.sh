#!/bin/bash
# The image brings a script of this name; this one knows --connect and --innodb_initialized.
set -e
client() { mariadb --defaults-file=/var/lib/mysql/.my-healthcheck.cnf --skip-column-names -e "$1"; }
for wanted; do
  case $wanted in
    --connect) client 'SELECT 1' ;;
    --innodb_initialized) [ "$(client 'SELECT 1 FROM information_schema.ENGINES WHERE engine = "innodb" LIMIT 1')" = 1 ] ;;
    *) exit 1 ;;
  esac
done >/dev/null

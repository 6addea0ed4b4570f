#!/bin/sh
# Words that are no program are node's.
set -e
case "$1" in -*) set -- node "$@" ;; esac
command -v "$1" >/dev/null || set -- node "$@"
exec "$@"

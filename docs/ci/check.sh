#!/bin/sh
# For any other service: a report for people in the log, others in reports/, and the exit code of the check.
set -eu
venv="$(mktemp -d)"
trap 'rm -rf "$venv"' EXIT
python3 -m venv "$venv"
"$venv/bin/pip" install -q "dockerlint @ git+https://github.com/OWNER/dockerlint@REVISION"
"$venv/bin/dockerlint" check --format text --format junit:reports/dockerlint.xml --format sarif:reports/dockerlint.sarif "$@"

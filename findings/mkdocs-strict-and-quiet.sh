#!/usr/bin/env bash
# `mkdocs build --strict` counts warnings in a log handler, and `--quiet` raises the level of the
# logger that would reach it: with both, MkDocs 1.6.1 exits 0 for a page whose link is dead.
# Seen on 2026-11-30, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check mkdocs==1.6.1
mkdir "$folder/docs"
echo '[dead](missing.md)' > "$folder/docs/index.md"
echo 'site_name: x' > "$folder/mkdocs.yml"
for options in "--strict" "--strict --quiet"; do
    code=0
    # shellcheck disable=SC2086
    "$folder/venv/bin/mkdocs" build $options -f "$folder/mkdocs.yml" >/dev/null 2>&1 || code=$?
    echo "$options exits with $code"
done > "$folder/seen"
diff - "$folder/seen" <<'EOF'
--strict exits with 1
--strict --quiet exits with 0
EOF
cat "$folder/seen"

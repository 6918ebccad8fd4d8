#!/usr/bin/env bash
# distributed 2026.8.0: `as_completed` of futures that a client has made asks for the process's
# default client, though each future has its own. With `Client(…, set_as_default=False)`, which keeps a
# library out of its caller's global state, it raises ValueError unless `loop=client.loop` is given.
# The class: https://distributed.dask.org/en/stable/api.html#distributed.as_completed
# Seen on 2026-11-30, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check dask==2026.8.0 distributed==2026.8.0
"$folder/venv/bin/python" - > "$folder/seen" 2> "$folder/log" <<'EOF'
from distributed import Client, LocalCluster, as_completed

options = {"processes": False, "dashboard_address": None}
with LocalCluster(n_workers=1, threads_per_worker=1, **options) as cluster:
    with Client(cluster, set_as_default=False) as client:
        future = client.submit(len, "four")
        try:
            print([each.result() for each in as_completed([future])])
        except ValueError as error:
            print("as_completed(futures):", type(error).__name__)
        found = [each.result() for each in as_completed([future], loop=client.loop)]
        print("as_completed(futures, loop=client.loop):", found)
EOF
diff - "$folder/seen" <<'EOF'
as_completed(futures): ValueError
as_completed(futures, loop=client.loop): [4]
EOF
cat "$folder/seen"

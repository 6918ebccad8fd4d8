#!/usr/bin/env bash
# With pytest 9.2.0, pytest-xdist 3.8.0 ignores `xdist_group` under `--dist loadgroup`, and says
# nothing: tests of one group, and a module's fixture, are spread over the workers and the fixture
# is made once in each. With pytest 9.1.0 the same suite keeps the group on one worker. The plugin
# sets a test's private `_nodeid`, which pytest 9.2 no longer reads. `--dist loadfile` works in both.
# Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
cat > "$folder/test_group.py" <<'EOF'
import os
import time

import pytest

pytestmark = pytest.mark.xdist_group("one")


@pytest.fixture(scope="module", params=["first", "second"])
def server(request, testrun_uid):
    with open(os.environ["STARTED"], "a") as log:
        log.write(f"{request.param}\n")


@pytest.mark.parametrize("number", range(4))
def test_number(server, number):
    time.sleep(0.3)
EOF
for version in 9.1.0 9.2.0; do
    "$folder/venv/bin/pip" install -qq --disable-pip-version-check "pytest==$version" pytest-xdist==3.8.0
    for dist in loadgroup loadfile; do
        : > "$folder/started"
        (cd "$folder" && STARTED="$folder/started" venv/bin/python -m pytest -q -p no:cacheprovider \
            -n 2 --dist "$dist" test_group.py > /dev/null)
        echo "pytest $version, $dist: $(wc -l < "$folder/started") fixtures made"
    done
done > "$folder/seen"
diff - "$folder/seen" <<'EOF'
pytest 9.1.0, loadgroup: 2 fixtures made
pytest 9.1.0, loadfile: 2 fixtures made
pytest 9.2.0, loadgroup: 4 fixtures made
pytest 9.2.0, loadfile: 2 fixtures made
EOF
cat "$folder/seen"

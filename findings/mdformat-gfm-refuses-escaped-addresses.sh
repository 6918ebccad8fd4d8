#!/usr/bin/env bash
# An address that shall not be a link is written with a character reference, `https&#58;//example.org`, which
# CommonMark shows as it is and GitHub does not link. mdformat 1.0.0 with mdformat-gfm 1.0.0 writes the colon
# itself, which is a link, sees that its own result renders differently and refuses the whole file.
# Without the plugin the file is formatted. The same holds for `www&#46;`, and for `a&#64;b.org`, which GitHub links.
# Seen on 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check \
    mdformat==1.0.0 mdformat-gfm==1.0.0 cmarkgfm==2025.10.22
"$folder/venv/bin/python" - > "$folder/seen" <<'EOS'
import subprocess
import sys
from pathlib import Path

import cmarkgfm

for text in ("https&#58;//example.org/x", "www&#46;example.org", "a&#64;example.org", "a&#58; b"):
    linked = "<a" in cmarkgfm.github_flavored_markdown_to_html(text)
    codes = [
        subprocess.run(
            [Path(sys.executable).with_name("mdformat"), *words, "-"],
            input=text, text=True, capture_output=True,
        ).returncode
        for words in (["--no-extensions"], ["--extensions", "gfm"])
    ]
    print(text, "linked by GitHub" if linked else "no link on GitHub", codes)
EOS
diff - "$folder/seen" <<'EOS'
https&#58;//example.org/x no link on GitHub [0, 1]
www&#46;example.org no link on GitHub [0, 1]
a&#64;example.org linked by GitHub [0, 1]
a&#58; b no link on GitHub [0, 0]
EOS
cat "$folder/seen"

#!/usr/bin/env bash
# tinycss2 1.5.1's `parse_color` (CSS Color 4 and 5) returns a colour for `lab()`, `oklch()` and
# `color(display-p3 …)`, and `.to("srgb")` of it raises NotImplementedError; `color-mix()`, which
# browsers take, is parsed as None, like an invalid value. So whether a text has the colour of its
# background cannot be told for them, and None does not mean that a browser ignores the declaration.
# Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check tinycss2==1.5.1
"$folder/venv/bin/python" - > "$folder/seen" <<'EOF'
from tinycss2.color5 import parse_color

for words in (
    "rgb(255 255 255)", "hsl(0 0% 100%)", "lab(100% 0 0)", "oklch(100% 0 0)",
    "color(display-p3 1 1 1)", "color-mix(in srgb, white, white)", "no colour",
):
    color = parse_color(words)
    try:
        said = color and tuple(round(one, 3) for one in color.to("srgb").coordinates)
    except NotImplementedError as error:
        said = type(error).__name__
    print(f"{words}: {said}")
EOF
diff - "$folder/seen" <<'EOF'
rgb(255 255 255): (1.0, 1.0, 1.0)
hsl(0 0% 100%): (1.0, 1.0, 1.0)
lab(100% 0 0): NotImplementedError
oklch(100% 0 0): NotImplementedError
color(display-p3 1 1 1): NotImplementedError
color-mix(in srgb, white, white): None
no colour: None
EOF
cat "$folder/seen"

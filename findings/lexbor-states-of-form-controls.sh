#!/usr/bin/env bash
# `:enabled`, `:disabled` and `:read-write` are for form controls (HTML Living Standard, section 4.16.3), so
# one would guess that a parser with these selectors matches what browsers match. Lexbor in selectolax
# 1.0.2 matches `:enabled` on every element without the attribute, paragraphs too; `:disabled` neither on
# a disabled fieldset nor on the controls in it; `:read-write` on a checkbox and not on contenteditable.
# Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check selectolax==1.0.2
cat > "$folder/states.py" <<'EOF'
from selectolax.lexbor import LexborHTMLParser

page = LexborHTMLParser("""<!doctype html><body><p>text</p>
<fieldset disabled><input name="inside"></fieldset><button disabled name="alone">b</button>
<input type="checkbox" name="box"><div contenteditable>edited</div></body>""")
for selector in ("p:enabled", "button:disabled", "fieldset:disabled", "input[name=inside]:disabled",
                 "input[type=checkbox]:read-write", "div[contenteditable]:read-write"):
    print(selector, "matches" if page.css_first(selector) else "does not match")
EOF
"$folder/venv/bin/python" "$folder/states.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
p:enabled matches
button:disabled matches
fieldset:disabled does not match
input[name=inside]:disabled does not match
input[type=checkbox]:read-write matches
div[contenteditable]:read-write does not match
EOF
cat "$folder/seen"

#!/usr/bin/env bash
# Zensical 0.0.73 reads mkdocs.yml, so one would guess that `--strict` refuses what MkDocs 1.6.1
# refuses. An anchor that does not exist fails in both. A missing image, an absolute link with
# `absolute_links: warn`, an entry of `nav` whose page does not exist, and a plugin that is not
# installed fail in MkDocs alone: Zensical says "No issues found" and exits with 0. `hooks` are not
# run, and nothing says so: the site is built without what they add.
# Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check zensical==0.0.73 mkdocs==1.6.1 click==8.2.1

write() { # name, page, configuration
    mkdir -p "$folder/$1/docs"
    printf '# Page\n\n%b\n' "$2" > "$folder/$1/docs/index.md"
    printf 'site_name: x\n%b' "$3" > "$folder/$1/mkdocs.yml"
}
write anchor '[a](#gone)' 'validation: {links: {anchors: warn}}\n'
write image '![a](gone.png)' ''
write absolute '[a](/gone/)' 'validation: {links: {absolute_links: warn}}\n'
write nav 'words' 'nav: [index.md, gone.md]\n'
write plugin 'words' 'plugins: [no-such-plugin]\n'
write hook 'words' 'hooks: [hook.py]\n'
echo 'def on_page_markdown(markdown, **_): return markdown + "\n\nfrom a hook"' > "$folder/hook/hook.py"

for name in anchor image absolute nav plugin hook; do
    cd "$folder/$name"
    for engine in mkdocs zensical; do
        outcome=passes
        NO_MKDOCS_2_WARNING=1 "$folder/venv/bin/$engine" build --strict > /dev/null 2>&1 || outcome=fails
        echo "$name: $engine --strict $outcome, $(grep -c 'from a hook' site/index.html 2>/dev/null || true) from a hook"
        rm -rf site .cache
    done
done > "$folder/seen"
diff - "$folder/seen" <<'EOF'
anchor: mkdocs --strict fails, 0 from a hook
anchor: zensical --strict fails, 0 from a hook
image: mkdocs --strict fails, 0 from a hook
image: zensical --strict passes, 0 from a hook
absolute: mkdocs --strict fails, 0 from a hook
absolute: zensical --strict passes, 0 from a hook
nav: mkdocs --strict fails, 0 from a hook
nav: zensical --strict passes, 0 from a hook
plugin: mkdocs --strict fails,  from a hook
plugin: zensical --strict passes, 0 from a hook
hook: mkdocs --strict passes, 1 from a hook
hook: zensical --strict passes, 0 from a hook
EOF
cat "$folder/seen"

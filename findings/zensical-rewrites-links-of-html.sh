#!/usr/bin/env bash
# MkDocs 1.6.1 leaves HTML in a Markdown file alone: `<a href="../b/">` in a.md is relative to the
# page's address, `/a/`, and leads to `/b/`. Zensical 0.0.73 takes the same address for relative to
# the file, as links in Markdown are, and writes `../../b/`, which leads out of the site; only in an
# index.md both agree. So HTML that works in one is dead in the other, and neither warns.
# Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check zensical==0.0.73 mkdocs==1.6.1 click==8.2.1
mkdir -p "$folder/docs"
cd "$folder"
echo 'site_name: x' > mkdocs.yml
printf '# A\n\n<a href="../b/">page</a> <img src="../c.png"> [Markdown](b.md)\n' > docs/a.md
printf '# Home\n\n<a href="b/">page</a>\n' > docs/index.md
echo '# B' > docs/b.md
: > docs/c.png
for engine in mkdocs zensical; do
    NO_MKDOCS_2_WARNING=1 venv/bin/$engine build --strict > /dev/null 2>&1
    for page in a/index.html index.html; do
        grep -o '<a href="[^"]*">page\|<img src="[^"]*"\|<a href="[^"]*">Markdown' "site/$page" |
            sed "s|^|$engine $page: |"
    done
    rm -rf site .cache
done > seen
diff - seen <<'EOF'
mkdocs a/index.html: <a href="../b/">page
mkdocs a/index.html: <img src="../c.png"
mkdocs a/index.html: <a href="../b/">Markdown
mkdocs index.html: <a href="b/">page
zensical a/index.html: <a href="../../b/">page
zensical a/index.html: <img src="../../c.png"
zensical a/index.html: <a href="../b/">Markdown
zensical index.html: <a href="b/">page
EOF
cat seen

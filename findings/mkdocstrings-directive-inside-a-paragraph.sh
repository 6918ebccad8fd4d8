#!/usr/bin/env bash
# mkdocstrings 1.0.8 renders `::: name` also where it is no block of its own: on the second line of
# a paragraph, in a list item, in a quotation. Prose about the syntax of admonitions is replaced by the
# reference of whatever module the word behind it names. In a code span or a fence it stays words.
# Seen on 2026-11-30 with MkDocs 1.6.1, mkdocstrings-python 2.0.9, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check \
    mkdocs==1.6.1 mkdocstrings==1.0.8 mkdocstrings-python==2.0.9
mkdir "$folder/docs"
printf 'site_name: x\nplugins: [mkdocstrings]\nnav: [index.md]\n' > "$folder/mkdocs.yml"
printf 'def note():\n    """The docstring of the module."""\n' > "$folder/words.py"
for place in 'Begin a block with\n::: words' '- an item\n\n    ::: words' '> quoted\n> ::: words' \
    'A span `::: words` here' '```\n::: words\n```'; do
    printf "# x\n\n$place\n" > "$folder/docs/index.md"
    (cd "$folder" && PYTHONPATH=. NO_MKDOCS_2_WARNING=1 venv/bin/mkdocs build -q 2>/dev/null)
    grep -q 'The docstring of the module' "$folder/site/index.html" && echo "$place: rendered" ||
        echo "$place: words"
done > "$folder/seen"
diff - "$folder/seen" <<'EOF'
Begin a block with\n::: words: rendered
- an item\n\n    ::: words: rendered
> quoted\n> ::: words: rendered
A span `::: words` here: words
```\n::: words\n```: words
EOF
cat "$folder/seen"

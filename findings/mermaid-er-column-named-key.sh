#!/usr/bin/env bash
# In an `erDiagram` of Mermaid 11.17.2 a column called pk, fk or uk, in any case, is read as the
# key mark of that name: the diagram is refused. Quotes around the name do not help, whereas an
# entity's name may be quoted. Other reserved-looking names (id, type, key) are fine.
# Seen on 2026-11-30 with jsdom 29.1.1, Node 20.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund mermaid@11.17.2 jsdom@29.1.1
cat > parse.mjs <<'EOF'
import { JSDOM } from "jsdom";

const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");
for (const name of ["id", "type", "key", "pk", "FK", "uk", '"pk"', "pk_"]) {
  const parsed = await mermaid
    .parse(`erDiagram\n  "a table" {\n    int ${name}\n  }\n`)
    .then(() => "parsed", () => "refused");
  console.log(name, parsed);
}
EOF
node parse.mjs > seen
diff - seen <<'EOF'
id parsed
type parsed
key parsed
pk refused
FK refused
uk refused
"pk" refused
pk_ parsed
EOF
cat seen

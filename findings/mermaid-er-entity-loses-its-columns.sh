#!/usr/bin/env bash
# In an `erDiagram` of Mermaid 11.17.2 an entity may be called title, direction or accTitle, and keeps its
# columns. One would guess the same of accDescr; its block is taken for an accessible description of
# several lines: the entity is there, its columns are gone, and nothing is refused. In quotes it keeps
# them. Seen on 2026-11-30 with jsdom 29.1.1, Node 20.
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
for (const name of ["title", "direction", "accTitle", "accDescr", '"accDescr"']) {
  const text = `erDiagram\n  ${name} {\n    int id\n  }\n  ${name} ||--o{ orders : has\n`;
  await mermaid.parse(text);
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  const columns = db.getEntities().get(name.replaceAll('"', "")).attributes.length;
  console.log(`${name}: ${columns} column(s), ${db.getRelationships().length} relationship(s)`);
}
EOF
node parse.mjs > seen
diff - seen <<'EOF'
title: 1 column(s), 1 relationship(s)
direction: 1 column(s), 1 relationship(s)
accTitle: 1 column(s), 1 relationship(s)
accDescr: 0 column(s), 1 relationship(s)
"accDescr": 1 column(s), 1 relationship(s)
EOF
cat seen

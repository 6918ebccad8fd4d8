// What programs of npm make of a file on standard input, as JSON: `node read.mjs csl|notes`.
import { readFileSync } from "node:fs";

const text = readFileSync(0, "utf8");

async function csl() {
  const { Cite } = await import("@citation-js/core");
  await import("@citation-js/plugin-bibtex");
  await import("@citation-js/plugin-ris");
  return new Cite(text).data.map(({ _graph, ...item }) => item);
}

async function notes() {
  const { default: MarkdownIt } = await import("markdown-it");
  const { default: footnotes } = await import("markdown-it-footnote");
  return new MarkdownIt({ html: true }).use(footnotes).render(text);
}

console.log(JSON.stringify(await { csl, notes }[process.argv[2]]()));

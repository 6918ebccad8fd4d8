// What programs of npm make of standard input, as JSON: `node read.mjs csl|notes|bench`.
import { readFileSync } from "node:fs";

const text = readFileSync(0, "utf8");

async function citation() {
  const { Cite } = await import("@citation-js/core");
  await import("@citation-js/plugin-bibtex");
  await import("@citation-js/plugin-ris");
  return Cite;
}

async function csl() {
  const Cite = await citation();
  return new Cite(text).data.map(({ _graph, ...item }) => item);
}

async function markdownIt() {
  const { default: MarkdownIt } = await import("markdown-it");
  const { default: footnotes } = await import("markdown-it-footnote");
  return new MarkdownIt({ html: true }).use(footnotes);
}

async function notes() {
  return (await markdownIt()).render(text);
}

function* nodes(tree) {
  yield tree;
  for (const child of tree.children ?? []) yield* nodes(child);
}

function words(tree) {
  return [...nodes(tree)].map((node) => node.value ?? "").join("");
}

function footnotes(tree) {
  const found = [...nodes(tree)];
  const named = (node) => node.label ?? node.identifier;
  return {
    marks: found.filter((node) => node.type === "footnoteReference").map(named),
    definitions: Object.fromEntries(
      found.filter((node) => node.type === "footnoteDefinition").map((node) => [named(node), words(node)]),
    ),
    words: words(tree),
  };
}

// {libraries: [text], documents: {name: text}}: a style's lines, footnotes by reader, formatted text.
async function bench() {
  const given = JSON.parse(text);
  const Cite = await citation();
  await import("@citation-js/plugin-csl");
  const style = { format: "text", template: "apa", lang: "en-US" };
  const printed = given.libraries.map((library) => new Cite(library).format("bibliography", style));
  const { unified } = await import("unified");
  const { default: parse } = await import("remark-parse");
  const { default: gfm } = await import("remark-gfm");
  const { mystParse } = await import("myst-parser");
  const prettier = await import("prettier");
  const remark = unified().use(parse).use(gfm);
  const read = {}, formatted = {};
  for (const [name, document] of Object.entries(given.documents)) {
    read[name] = { remark: footnotes(remark.parse(document)), MyST: footnotes(mystParse(document)) };
    const options = { parser: "markdown", proseWrap: "always" };
    formatted[name] = await prettier.format(document, options);
  }
  return { printed, read, formatted };
}

console.log(JSON.stringify(await { csl, notes, bench }[process.argv[2]]()));

// Writes embedded-sql.json: `node syntaxes/make.mjs`, or `--check` to see whether it is up to date.
//
// SQL in the literals that are the first argument of `op.execute(`, `sa.text(` and their like. The editor's
// own SQL grammar colours it, but it knows nothing of the end of a Python string: whatever can run across
// the closing quote (comments, quoted names and values, brackets) is taken here first, and ends there.
import { readFileSync, writeFileSync } from "node:fs";

const calls = ["execute", "exec_driver_sql", "scalar", "scalars", "text", "DDL", "CheckConstraint", "Computed", "literal_column"];
const keywords = ["sqltext"];

const escapes = { name: "constant.character.escape.python", match: "\\\\." };
const holes = [
  { name: "constant.character.escape.python", match: "\\{\\{|\\}\\}" },
  {
    name: "meta.fstring.python",
    begin: "\\{",
    end: "\\}",
    beginCaptures: { 0: { name: "constant.character.format.placeholder.other.python" } },
    endCaptures: { 0: { name: "constant.character.format.placeholder.other.python" } },
    contentName: "source.python",
    patterns: [{ include: "source.python" }],
  },
];
const parameters = [
  { name: "variable.parameter.bind.sql", match: "(?<![:\\w]):[A-Za-z_]\\w*" },
  { name: "variable.parameter.bind.sql", match: "%\\([A-Za-z_]\\w*\\)s" },
];

function literal(quote, kind) {
  const triple = quote.length === 3;
  const raw = kind.includes("raw");
  const inner = [...(raw ? [] : [escapes]), ...(kind.includes("f") ? holes : [])];
  const stop = triple ? `(?=${quote})` : `(?=${quote})|$`;
  const region = (begin, end, name) => ({ name, begin, end: `${end}|${stop}`, patterns: inner });
  const prefix = { plain: "[uU]?", raw: "[rR]", f: "[fF]", "f-raw": "(?:[fF][rR]|[rR][fF])" }[kind];
  const sql = [
    ...inner,
    region("--", "$", "comment.line.double-dash.sql"),
    region("/\\*", "\\*/", "comment.block.sql"),
    region("\\$([A-Za-z_]\\w*)?\\$", "\\$\\1\\$", "string.unquoted.dollar.sql"),
    ...(quote === "'" ? [] : [region("'", "'", "string.quoted.single.sql")]),
    ...(quote === '"' ? [] : [region('"', '"', "string.quoted.double.sql")]),
    ...parameters,
    { match: "[\\[\\]`]|/|%(?=\\{)" },
    { include: "source.sql" },
  ];
  return {
    begin: `(?<![\\w"'])(${prefix})(${quote})`,
    end: triple ? `(${quote})` : `(${quote})|(?<!\\\\)$`,
    beginCaptures: {
      1: { name: "storage.type.string.python" },
      2: { name: `string.quoted.${triple ? "docstring.multi" : "single"}.python punctuation.definition.string.begin.python` },
    },
    endCaptures: { 1: { name: `string.quoted.${triple ? "docstring.multi" : "single"}.python punctuation.definition.string.end.python` } },
    contentName: `meta.embedded.${triple ? "block" : "inline"}.sql.retort`,
    patterns: sql,
  };
}

const literalAhead = "(?i:[urf]|fr|rf)?[\"']";
const literals = ['"""', "'''", '"', "'"].flatMap((quote) =>
  ["f-raw", "f", "raw", "plain"].map((kind) => literal(quote, kind)),
);
const before = [...calls.map((name) => `\\b${name}\\(`), ...keywords.map((name) => `\\b${name}=`)];
const grammar = {
  information: "Written by make.mjs.",
  scopeName: "retort.embedded-sql",
  injectionSelector: "L:source.python -string -comment -meta.literals.sql.retort",
  patterns: [
    {
      name: "meta.literals.sql.retort", // also keeps the rule from matching again where it begins
      begin: `(?<=${before.join("|")})(?=${literalAhead}|\\s|#|$)`,
      // Ends before the first thing that is no literal; joined literals and comments between them belong to it.
      end: `(?!${literalAhead}|\\s|#)(?=.)`,
      patterns: [{ name: "comment.line.number-sign.python", match: "#.*$" }, ...literals],
    },
  ],
};

const file = new URL("embedded-sql.json", import.meta.url);
const text = `${JSON.stringify(grammar, null, 1)}\n`;
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  console.error("syntaxes/embedded-sql.json is not what make.mjs writes: run `node syntaxes/make.mjs`");
  process.exit(1);
}

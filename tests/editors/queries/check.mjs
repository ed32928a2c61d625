// Each query file has to compile for the grammar, and to find exactly the SQL of sample.py.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Language, Parser, Query } from "web-tree-sitter";

const editors = process.argv[2];
const sample = readFileSync(process.argv[3], "utf8");
await Parser.init();
const grammar = join(dirname(createRequire(import.meta.url).resolve("tree-sitter-python/package.json")), "tree-sitter-python.wasm");
const python = await Language.load(grammar);
const parser = new Parser();
parser.setLanguage(python);
const tree = parser.parse(sample);
assert.ok(!tree.rootNode.hasError);

const wanted = [
  "ALTER TABLE a ADD b int", "UPDATE a SET b = 1", "SELECT 1", "FROM joined", "SELECT inner", "DROP TABLE", "CASCADE",
  "SELECT raw", "SELECT session", "b > 0", "now()", "c > 0",
];
let failed = 0;
for (const [file, more] of [["neovim/queries/python/injections.scm", []], ["helix/queries/python/injections.scm", ["a+b"]]]) {
  try {
    const text = readFileSync(join(editors, file), "utf8");
    if (file.startsWith("helix")) assert.doesNotMatch(text, /inherits/, "Helix reads that word in comments");
    const query = new Query(python, text);
    const found = query.matches(tree.rootNode).flatMap((match) =>
      match.captures
        .filter((capture) => capture.name === "injection.content")
        .map((capture) => ({ text: capture.node.text.trim(), language: match.setProperties["injection.language"], at: capture.node.startIndex })),
    );
    found.sort((a, b) => a.at - b.at);
    assert.deepEqual(found.filter((each) => each.language === "sql").map((each) => each.text), wanted);
    assert.deepEqual(found.filter((each) => each.language === "regex").map((each) => each.text), more);
    console.log(`ok - ${file}: ${found.length} places`);
  } catch (error) {
    ++failed;
    console.log(`FAILED - ${file}\n  found: ${error.message}`);
  }
}
process.exit(failed > 0 ? 1 : 0);

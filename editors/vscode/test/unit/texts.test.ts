import assert from "node:assert/strict";
import test from "node:test";
import { parseRules } from "../../src/rules";
import { sibling, spellSqlUri, sqlUri } from "../../src/uri";

test("the server gets its own spelling of a virtual document back", () => {
  assert.equal(
    spellSqlUri("/a1/upgrade.sql", "chain=/work/a b/50%/x&y=z#1"),
    "retort-sql:/a1/upgrade.sql?chain=/work/a%20b/50%25/x%26y%3Dz%231",
  );
  assert.equal(spellSqlUri("/é 1/down.sql", ""), "retort-sql:/%C3%A9%201/down.sql");
});

test("documents of one revision are siblings", () => {
  const uri = sqlUri("a1", "/w/versions", "upgrade");
  assert.equal(uri, "retort-sql:/a1/upgrade.sql?chain=/w/versions");
  assert.equal(sibling(uri, "schema-after"), "retort-sql:/a1/schema-after.sql?chain=/w/versions");
  assert.equal(sibling(sibling(uri, "schema-after"), "guarded"), "retort-sql:/a1/guarded.sql?chain=/w/versions");
});

test("the list of rules", () => {
  const text = "chain/heads          Several heads.\nlock/create-index    An index: on a table.\n\nnote: else\n";
  assert.deepEqual(parseRules(text), [
    { name: "chain/heads", about: "Several heads." },
    { name: "lock/create-index", about: "An index: on a table." },
  ]);
});

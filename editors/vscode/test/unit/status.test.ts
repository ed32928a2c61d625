import assert from "node:assert/strict";
import test from "node:test";
import { looksLikeRevision, revisionId } from "../../src/revisionFile";
import { chainOf, readStatus, statusItem } from "../../src/status";

const chain = (folder: string, heads: string[]) => ({ folder, configuration: [], revisions: 3, heads });

test("one head is shown by its id", () => {
  const item = statusItem(chain("/w", ["e6a2714c0b9f"]));
  assert.equal(item.text, "$(git-commit) e6a2714c0b9f");
  assert.equal(item.detail, "3 revisions\nhead: e6a2714c0b9f");
  assert.equal(item.warn, false);
});
test("two heads are a warning", () => {
  const item = statusItem(chain("/w", ["a1", "b2"]));
  assert.equal(item.text, "$(repo-forked) 2 heads");
  assert.match(item.detail, /heads: a1, b2/);
  assert.equal(item.warn, true);
});
test("a long id is cut, no chain is no warning", () => {
  assert.equal(statusItem(chain("/w", ["0123456789abcdef"])).text, "$(git-commit) 0123456789ab…");
  assert.equal(statusItem(undefined).warn, false);
});
test("each file has its chain", () => {
  const status = { version: "1", chains: [chain("/w", ["a"]), chain("/w/inner", ["b"]), chain("/x", ["c"])] };
  assert.deepEqual(chainOf(status, "/w/versions/1.py")?.heads, ["a"]);
  assert.deepEqual(chainOf(status, "/w/inner/versions/1.py")?.heads, ["b"]);
  assert.deepEqual(chainOf(status, "/w2/1.py")?.heads, ["a"]);
  assert.equal(chainOf({ version: "1", chains: [] }, "/w/1.py"), undefined);
});
test("an answer of another shape is no crash", () => {
  for (const answer of [null, undefined, [], {}, { chains: 1 }, { chains: [{}] }, { chains: [{ heads: [1, null, {}] }] }]) {
    const status = readStatus(answer);
    statusItem(chainOf(status, "/w"));
  }
  assert.deepEqual(readStatus({ chains: [{ heads: [{ id: "a" }, { id: "b" }] }] }).chains[0]?.heads, ["a", "b"]);
});

test("what looks like a revision", () => {
  assert.ok(looksLikeRevision('"""x"""\nrevision = "a1"\n', "python"));
  assert.ok(looksLikeRevision("revision: str = 'a1'\n", "python"));
  assert.ok(!looksLikeRevision("def f(revision='a'):\n    revision = 1\n", "python"));
  assert.ok(looksLikeRevision('-- /// retort\n-- revision = "a"\n', "sql"));
  assert.ok(!looksLikeRevision("-- retort the question\nSELECT 1;\n", "sql"));
});

test("the id of a revision", () => {
  assert.equal(revisionId("revision: str = 'a1'\ndown_revision = 'a0'\n", "python"), "a1");
  assert.equal(revisionId("down_revision = 'a0'\n", "python"), undefined);
  assert.equal(revisionId('-- /// retort\n-- revision = "b2"\n', "sql"), "b2");
});

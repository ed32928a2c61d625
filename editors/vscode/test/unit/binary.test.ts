import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { checkBinary, findBinary, NoBinary, parseVersion, Places } from "../../src/binary";

const folder = mkdtempSync(join(tmpdir(), "retort-binary-"));
after(() => rmSync(folder, { recursive: true }));

function program(name: string, says = "retort 1.2.3 (PostgreSQL 15.1 grammar)", code = 0): string {
  const file = join(folder, name);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho '${says}'\nexit ${code}\n`);
  chmodSync(file, 0o755);
  return file;
}
const inPath = program("path/retort");
const bundled = program("extension/bin/retort");
const other = program("else where/my retort");
mkdirSync(join(folder, "path2/retort"), { recursive: true });

const places = (more: Partial<Places> = {}): Places => ({
  setting: "",
  extension: join(folder, "empty"),
  searchPath: `.:${join(folder, "path2")}:${join(folder, "path")}`,
  platform: "linux",
  ...more,
});

test("in PATH; a folder of that name is no program", () => assert.equal(findBinary(places()), inPath));
test("the one of the extension goes first", () =>
  assert.equal(findBinary(places({ extension: join(folder, "extension") })), bundled));
test("the setting goes before both", () =>
  assert.equal(findBinary(places({ extension: join(folder, "extension"), setting: other })), other));
test("the setting may be a name in PATH", () => assert.equal(findBinary(places({ setting: "retort" })), inPath));
test("a setting that is wrong is not passed over", () => {
  for (const setting of [join(folder, "nothing"), folder, "no-such-program", "bin/retort", "./retort"])
    assert.throws(() => findBinary(places({ setting })), (error: Error) => error instanceof NoBinary && error.message.includes(setting));
});
test("no binary: the message names the ways out", () =>
  assert.throws(() => findBinary(places({ searchPath: "" })), /PATH.*`retort\.path`/));
test("relative entries of PATH are the workspace's, and not looked at", () => {
  const before = process.cwd();
  process.chdir(join(folder, "path"));
  try {
    assert.throws(() => findBinary(places({ searchPath: ".::" })), NoBinary);
  } finally {
    process.chdir(before);
  }
});

test("versions", async () => {
  assert.equal(parseVersion("retort 0.1.0 (PostgreSQL 15.1 grammar)"), "0.1.0");
  assert.equal(parseVersion("retorted 0.1.0"), undefined);
  assert.deepEqual(await checkBinary(inPath), { path: inPath, version: "1.2.3" });
});
test("another program of that name is not taken", async () => {
  await assert.rejects(checkBinary(program("a/retort", "distiller 3")), /calls itself "distiller 3"/);
  await assert.rejects(checkBinary(program("b/retort", "retort 1.0.0", 70)), /--version` failed/);
});

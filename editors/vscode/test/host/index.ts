// Runs inside the extension host of a real VS Code: tests/editors/vscode opens it in a browser. The folder is a
// copy of the example chain with one more revision.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as vscode from "vscode";

const tests: [string, () => Promise<void>][] = [];
const test = (name: string, body: () => Promise<void>) => tests.push([name, body]);

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
async function eventually<T>(what: string, ask: () => T | Promise<T>, limit = 20_000): Promise<NonNullable<T>> {
  const end = Date.now() + limit;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) assert.fail(`${what}: not within ${limit / 1000} s`);
    await pause(50);
  }
}

const root = () => vscode.workspace.workspaceFolders![0]!.uri;
const versions = (name: string) => vscode.Uri.joinPath(root(), "migrations/versions", name);
const totals = () => versions("2026_02_02_totals.py");

async function open(uri: vscode.Uri): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), vscode.ViewColumn.One);
}
const codeOf = (found: vscode.Diagnostic) => String(typeof found.code === "object" ? found.code.value : found.code);
const findings = (uri: vscode.Uri, code: string) =>
  vscode.languages.getDiagnostics(uri).filter((found) => found.source === "retort" && codeOf(found) === code);
function place(document: vscode.TextDocument, text: string, inside = 0): vscode.Position {
  const offset = document.getText().indexOf(text);
  assert.ok(offset >= 0, `${text} is in the file`);
  return document.positionAt(offset + inside);
}
const ask = <T>(command: string, ...args: unknown[]) => vscode.commands.executeCommand<T>(command, ...args);
const restore = async (document: vscode.TextDocument, text: string) => {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  await vscode.workspace.applyEdit(edit);
};

test("the packed extension is there and starts", async () => {
  const extension = vscode.extensions.getExtension("retort.retort");
  assert.ok(extension, "installed from the package");
  await extension.activate();
  assert.ok(extension.isActive);
});

test("a finding stands on its argument, behind letters and signs beyond ASCII", async () => {
  const { document } = await open(totals());
  await eventually("two findings", () => findings(document.uri, "lock/create-index").length === 2);
  for (const found of findings(document.uri, "lock/create-index")) {
    assert.equal(document.getText(found.range), "'orders'");
    assert.equal(found.severity, vscode.DiagnosticSeverity.Error);
    assert.match(found.message, /writes to orders wait/);
  }
});

test("a hover has the SQL and the lock", async () => {
  const { document } = await open(totals());
  const hovers = await ask<vscode.Hover[]>("vscode.executeHoverProvider", document.uri, place(document, "create_index", 3));
  const text = hovers.flatMap((hover) => hover.contents.map((each) => (each as vscode.MarkdownString).value)).join("\n");
  assert.match(text, /CREATE INDEX "ix_été_🚀" ON orders \(total\)/);
  assert.match(text, /SHARE/);
});

test("lenses: SQL, parent", async () => {
  const { document } = await open(totals());
  const lenses = await ask<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri);
  const titles = lenses.map((lens) => lens.command?.title ?? "");
  assert.ok(titles.some((title) => title.startsWith("SQL of this revision")), titles.join(" | "));
  assert.ok(titles.some((title) => title.includes("parent e6a2714c0b9f")), titles.join(" | "));
});

test("inlay hints, and the switch for them", async () => {
  const { document } = await open(totals());
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  const hints = async () =>
    (await ask<vscode.InlayHint[]>("vscode.executeInlayHintProvider", document.uri, whole)).map((hint) =>
      typeof hint.label === "string" ? hint.label : hint.label.map((part) => part.value).join(""),
    );
  await eventually("a hint", async () => (await hints()).includes("SHARE"));
  const settings = vscode.workspace.getConfiguration("retort");
  await settings.update("inlayHints", "off", vscode.ConfigurationTarget.Global);
  await eventually("no hint", async () => (await hints()).length === 0);
  await settings.update("inlayHints", undefined, vscode.ConfigurationTarget.Global);
  await eventually("the hint again", async () => (await hints()).includes("SHARE"));
});

test("a fix is applied, and its finding goes", async () => {
  const { document } = await open(totals());
  const before = document.getText();
  const [found] = findings(document.uri, "lock/create-index");
  const actions = await ask<vscode.CodeAction[]>("vscode.executeCodeActionProvider", document.uri, found!.range);
  const titles = actions.map((action) => action.title);
  const fix = actions.find((action) => action.title.includes("CONCURRENTLY"));
  assert.ok(fix?.edit, titles.join(" | "));
  assert.ok(titles.includes("Explain lock/create-index"), titles.join(" | "));
  assert.ok(await vscode.workspace.applyEdit(fix.edit));
  assert.match(document.getText(), /autocommit_block\(\):\n {8}op\.create_index\('ix_été_🚀', 'orders', \['total'\], postgresql_concurrently=True\)\n/);
  await eventually("one finding less", () => findings(document.uri, "lock/create-index").length === 1);
  await restore(document, before);
  await eventually("both again", () => findings(document.uri, "lock/create-index").length === 2);
});

test("findings follow edits", async () => {
  const { document } = await open(totals());
  const before = document.getText();
  const times: number[] = [];
  for (let turn = 0; turn < 40; ++turn) {
    const away = turn % 2 === 0;
    const edit = new vscode.WorkspaceEdit();
    const at = place(document, away ? "op.create_index('ix_orders_status'" : "pass  # op.create_index");
    edit.replace(document.uri, new vscode.Range(at, at.translate(0, away ? 0 : "pass  # ".length)), away ? "pass  # " : "");
    const count = away ? 1 : 2;
    const start = performance.now();
    await new Promise<void>((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`edit ${turn} changed nothing within 10 s`)), 10_000);
      const watch = vscode.languages.onDidChangeDiagnostics(() => {
        if (findings(document.uri, "lock/create-index").length !== count) return;
        watch.dispose();
        clearTimeout(limit);
        resolve();
      });
      void vscode.workspace.applyEdit(edit);
    });
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.floor(part * (times.length - 1))]!.toFixed(0);
  console.log(`ok - edit to finding in the host: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms`);
  assert.equal(document.getText(), before);
});

test("all safe fixes at once", async () => {
  const { document } = await open(totals());
  const actions = await ask<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    new vscode.Range(0, 0, document.lineCount, 0),
    "source.fixAll.retort",
  );
  assert.equal(actions.length, 1, actions.map((action) => action.title).join(" | "));
});

test("down_revision leads to the parent, the parent knows its child", async () => {
  const { document } = await open(totals());
  const at = place(document, "down_revision = 'e6a", 18);
  const found = await ask<(vscode.Location | vscode.LocationLink)[]>("vscode.executeDefinitionProvider", document.uri, at);
  const uri = found.map((each) => ("uri" in each ? each.uri : each.targetUri));
  assert.match(uri[0]!.path, /search_products\.sql$/);
  const parent = await vscode.workspace.openTextDocument(uri[0]!);
  const [item] = await ask<vscode.CallHierarchyItem[]>(
    "vscode.prepareCallHierarchy",
    parent.uri,
    place(parent, "e6a2714c0b9f", 2),
  );
  const children = await ask<vscode.CallHierarchyIncomingCall[]>("vscode.provideIncomingCalls", item);
  assert.ok(children.some((call) => call.from.uri.path.endsWith("2026_02_02_totals.py")));
});

test("completion of a parent", async () => {
  const { document } = await open(totals());
  const list = await ask<vscode.CompletionList>(
    "vscode.executeCompletionItemProvider",
    document.uri,
    place(document, "down_revision = 'e6a", 17),
  );
  const labels = list.items.map((item) => (typeof item.label === "string" ? item.label : item.label.label));
  assert.ok(labels.includes("e6a2714c0b9f"), labels.slice(0, 20).join(" "));
});

test("a table is found in the workspace", async () => {
  const symbols = await ask<vscode.SymbolInformation[]>("vscode.executeWorkspaceSymbolProvider", "refunds");
  assert.ok(symbols.some((symbol) => symbol.location.uri.path.endsWith("2025_11_25_refunds.py")), JSON.stringify(symbols));
});

test("semantic tokens for the SQL in strings", async () => {
  const { document } = await open(totals());
  const tokens = await ask<vscode.SemanticTokens>("vscode.provideDocumentSemanticTokens", document.uri);
  assert.ok(tokens.data.length > 0);
});

test("the SQL of the revision, which follows edits", async () => {
  const { document } = await open(totals());
  const before = document.getText();
  await ask("retort.client.showSql");
  const shown = await eventually("the document", () =>
    vscode.workspace.textDocuments.find((each) => each.uri.scheme === "retort-sql" && each.uri.path.endsWith("/upgrade.sql")),
  );
  assert.equal(shown.languageId, "sql");
  assert.match(shown.getText(), /CREATE INDEX "ix_été_🚀" ON orders \(total\);/);
  await restore(document, before.replace("['total']", "['placed_at']"));
  await eventually("the new column", () => shown.getText().includes("(placed_at)"));
  await restore(document, before);
  await eventually("the old column", () => shown.getText().includes("(total)"));
});

test("the lens opens the same document", async () => {
  const { document } = await open(totals());
  const lenses = await ask<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri);
  const down = lenses.filter((lens) => lens.command?.command === "retort.showSql")[1]!.command!;
  await ask(down.command, ...down.arguments!);
  const shown = await eventually("the document", () =>
    vscode.workspace.textDocuments.find((each) => each.uri.path.endsWith("/downgrade.sql")),
  );
  assert.match(shown.getText(), /DROP INDEX ix_orders_status;/);
});

test("the SQL is found without lenses as well", async () => {
  const settings = vscode.workspace.getConfiguration("retort");
  await settings.update("codeLens", false, vscode.ConfigurationTarget.Global);
  await ask("workbench.action.closeAllEditors");
  const { document } = await open(versions("2025_11_25_refunds.py"));
  await eventually("no lens", async () => (await ask<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri)).length === 0);
  await ask("retort.client.showSql");
  const shown = await eventually("the document", () =>
    vscode.workspace.textDocuments.find((each) => each.uri.path === "/0d9b83f6a5e4/upgrade.sql"),
  );
  assert.match(shown.getText(), /CREATE TABLE refunds/);
  await settings.update("codeLens", undefined, vscode.ConfigurationTarget.Global);
});

test("the schema before and after", async () => {
  await open(versions("2025_11_25_refunds.py"));
  await ask("retort.client.showSchema");
  const of = (kind: string) => () =>
    vscode.workspace.textDocuments.find((each) => each.uri.path === `/0d9b83f6a5e4/schema-${kind}.sql`);
  assert.doesNotMatch((await eventually("before", of("before"))).getText(), /refunds/);
  assert.match((await eventually("after", of("after"))).getText(), /refunds/);
});

test("the page of a rule", async () => {
  await ask("retort.client.explain", "lock/create-index");
  const page = await eventually("the page", () => vscode.workspace.textDocuments.find((each) => each.uri.scheme === "retort-rule"));
  assert.equal(page.languageId, "markdown");
  assert.match(page.getText(), /CONCURRENTLY/);
});

test("the status says which chain", async () => {
  await ask("retort.client.status");
  const page = await eventually("the status", () =>
    vscode.workspace.textDocuments.find((each) => each.uri.scheme === "retort-page" && each.uri.path.includes("status")),
  );
  const { status } = JSON.parse(page.getText()) as { status: { chains: { revisions: number; heads: { id: string }[] }[] } };
  assert.equal(status.chains.length, 1);
  assert.equal(status.chains[0]!.revisions, 14);
  assert.deepEqual(status.chains[0]!.heads.map((head) => head.id), ["a0b1c2d3e4f5"]);
});

test("the chain as a graph", async () => {
  await open(totals());
  await ask("retort.client.graph");
  await eventually("its tab", () =>
    vscode.window.tabGroups.all.some((group) => group.tabs.some((tab) => tab.label === "Chain of Revisions")),
  );
});

test("a second head is seen, in files that nobody opened as well", async () => {
  await ask("workbench.action.closeAllEditors");
  const file = versions("2026_02_03_other.sql");
  const text = '-- /// retort\n-- revision = "b1"\n-- down_revision = "e6a2714c0b9f"\n-- message = "other"\n-- ///\n\n-- retort: up\n\n-- retort: down\n';
  await vscode.workspace.fs.writeFile(file, Buffer.from(text));
  try {
    await eventually("chain/heads", () => findings(totals(), "chain/heads").length + findings(file, "chain/heads").length > 0);
  } finally {
    await vscode.workspace.fs.delete(file);
  }
  await eventually("it goes", () => findings(totals(), "chain/heads").length === 0);
});

test("a Python file outside of the chain is left alone", async () => {
  const file = vscode.Uri.joinPath(root(), "elsewhere.py");
  await vscode.workspace.fs.writeFile(file, Buffer.from("import os\nprint(os.name)\n"));
  const { document } = await open(file);
  await pause(500);
  assert.deepEqual(
    vscode.languages.getDiagnostics(document.uri).filter((found) => found.severity < vscode.DiagnosticSeverity.Information),
    [],
  );
  await vscode.workspace.fs.delete(file);
});

test("a restart leaves one server", async () => {
  const running = () =>
    readFileSync(process.env["RETORT_PROCESSES"]!, "utf8")
      .split("\n")
      .filter((id) => {
        try {
          return id !== "" && process.kill(Number(id), 0);
        } catch {
          return false;
        }
      });
  assert.equal(running().length, 1);
  const [before] = running();
  await ask("retort.client.restart");
  await eventually("another one", () => running().length === 1 && running()[0] !== before);
  const { document } = await open(totals());
  await eventually("findings of the new one", () => findings(document.uri, "lock/create-index").length === 2);
});

export async function run(): Promise<void> {
  let failed = 0;
  for (const [name, body] of tests) {
    if (failed === 4) {
      console.log("FAILED - the rest is not tried");
      break;
    }
    const start = Date.now();
    try {
      await body();
      console.log(`ok - ${name} (${Date.now() - start} ms)`);
    } catch (error) {
      ++failed;
      console.log(`FAILED - ${name}\n  found: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  console.log(`in the extension host: ${tests.length - failed} passed, ${failed} failed`);
  if (failed > 0) throw new Error(`${failed} tests failed`);
}

// Starts the server and keeps the status item; the commands are below.
import * as vscode from "vscode";
import { buildBundle } from "./bundle";
import { checkBinary, findBinary, NoBinary } from "./binary";
import { openDocument, Running, showSqlCommand, startClient } from "./client";
import { Graph } from "./graph";
import { Pages } from "./pages";
import { looksLikeRevision, revisionId } from "./revisionFile";
import { parseRules } from "./rules";
import { chainFolder, run } from "./run";
import { chainOf, readStatus, statusItem } from "./status";
import { sibling, sqlUri } from "./uri";

const firstLines = new vscode.Range(0, 0, 200, 0);

let log: vscode.LogOutputChannel;
let item: vscode.StatusBarItem;
let pages: Pages;
let graph: Graph;
let running: Running | undefined;
let extensionPath = "";
let changing: Promise<void> = Promise.resolve();

function showProblem(message: string): void {
  log.error(message);
  item.text = "$(error) retort";
  item.tooltip = message;
  item.backgroundColor = new vscode.ThemeColor("statusBarItem.errorBackground");
  item.show();
}

async function start(): Promise<void> {
  const setting = vscode.workspace.getConfiguration("retort").get<string>("path", "");
  try {
    const binary = await checkBinary(
      findBinary({ setting, extension: extensionPath, searchPath: process.env["PATH"] ?? "", platform: process.platform }),
    );
    log.info(`retort ${binary.version}: ${binary.path}`);
    running = await startClient(binary, log);
    item.show();
    await refreshStatus();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    showProblem(message);
    if (!(error instanceof NoBinary)) return;
    const settings = "Open Settings";
    void vscode.window.showErrorMessage(`retort: ${message}`, settings).then((answer) => {
      if (answer === settings) void vscode.commands.executeCommand("workbench.action.openSettings", "retort.path");
    });
  }
}

async function stop(): Promise<void> {
  const before = running;
  running = undefined;
  await before?.stop();
}

/** One start or stop after the other, however quickly settings change. */
function restart(): Promise<void> {
  changing = changing.then(stop, stop).then(start);
  return changing;
}

async function refreshStatus(): Promise<void> {
  if (!running) return;
  let answer: unknown;
  try {
    answer = await running.client.sendRequest("retort/status");
  } catch (error) {
    log.warn(`retort/status: ${String(error)}`);
    return;
  }
  const file = vscode.window.activeTextEditor?.document.uri;
  const shown = statusItem(chainOf(readStatus(answer), file?.scheme === "file" ? file.fsPath : undefined));
  item.text = shown.text;
  item.tooltip = `retort ${running.binary.version}\n${shown.detail}`;
  item.backgroundColor = shown.warn ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
}

function program(): string {
  if (!running) throw new Error("the server is not running: see the output channel `retort`");
  return running.binary.path;
}

async function folderOfChain(): Promise<string> {
  const folder = await chainFolder();
  if (folder === undefined) throw new Error("open a folder with a chain of revisions first");
  return folder;
}

interface Lens {
  command?: { command: string; arguments?: unknown[] };
}

/** The URI of the SQL of a revision: the lens above it has it; without lenses it is put together. */
async function sqlUriOf(file: vscode.Uri | undefined): Promise<string> {
  program();
  const uri = file ?? vscode.window.activeTextEditor?.document.uri;
  if (uri?.scheme !== "file") throw new Error("open a revision first");
  const client = running!.client;
  const document = await vscode.workspace.openTextDocument(uri); // the server has it from then on
  const textDocument = { uri: client.code2ProtocolConverter.asUri(document.uri) };
  const lenses = await client.sendRequest<Lens[] | null>("textDocument/codeLens", { textDocument });
  const found = lenses?.find((lens) => lens.command?.command === showSqlCommand)?.command?.arguments?.[0];
  if (typeof found === "string") return found;
  const id = revisionId(document.getText(firstLines), document.languageId);
  const chain = chainOf(readStatus(await client.sendRequest("retort/status")), uri.fsPath);
  if (id === undefined || !chain) throw new Error(`${vscode.workspace.asRelativePath(uri)} is no revision of a chain`);
  return sqlUri(id, chain.folder, "upgrade");
}

async function showSql(file?: vscode.Uri): Promise<void> {
  await openDocument(vscode.Uri.parse(await sqlUriOf(file)), "sql");
}

/** What a revision changes: the schema before and after it, side by side. */
async function showSchema(file?: vscode.Uri): Promise<void> {
  const uri = await sqlUriOf(file);
  const [before, after] = ["schema-before", "schema-after"].map((kind) => vscode.Uri.parse(sibling(uri, kind)));
  const id = after!.path.split("/")[1];
  await vscode.commands.executeCommand("vscode.diff", before, after, `Schema before and after ${id}`, { preview: true });
}

/** Asks for a rule, those of the findings at the cursor first. */
async function pickRule(): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  const here = new Set<string>();
  if (editor)
    for (const found of vscode.languages.getDiagnostics(editor.document.uri))
      if (found.source === "retort" && found.range.intersection(editor.selection)) here.add(ruleOf(found) ?? "");
  const rules = parseRules((await run(program(), ["explain"], await folderOfChain())).stdout);
  const items = rules.map((rule) => ({ label: rule.name, description: rule.about, picked: here.has(rule.name) }));
  items.sort((a, b) => Number(b.picked) - Number(a.picked));
  return (await vscode.window.showQuickPick(items, { title: "Explain which rule?", matchOnDescription: true }))?.label;
}

/** The rule of a finding, without the variant behind its colon. */
function ruleOf(diagnostic: vscode.Diagnostic): string | undefined {
  const code = typeof diagnostic.code === "object" ? diagnostic.code.value : diagnostic.code;
  return typeof code === "string" ? code.split(":")[0] : undefined;
}

async function explain(rule?: string): Promise<void> {
  const name = rule ?? (await pickRule());
  if (name === undefined) return;
  program();
  await openDocument(vscode.Uri.from({ scheme: "retort-rule", path: `/${name}.md` }), "markdown");
}

/** Beside the fixes of the server: the page of the rule. */
const explainActions: vscode.CodeActionProvider = {
  provideCodeActions(_document, _range, context) {
    const names = new Set(context.diagnostics.filter((found) => found.source === "retort").map(ruleOf));
    return [...names].flatMap((name) => {
      if (name === undefined) return [];
      const action = new vscode.CodeAction(`Explain ${name}`, vscode.CodeActionKind.QuickFix);
      action.command = { title: action.title, command: "retort.client.explain", arguments: [name] };
      return [action];
    });
  },
};

async function showStatus(): Promise<void> {
  program();
  const answer: unknown = await running!.client.sendRequest("retort/status");
  const report = { binary: running!.binary, extension: extensionPath, status: answer };
  await pages.show("status.json", `${JSON.stringify(report, null, 2)}\n`, "json");
}

function command(name: string, action: (...args: never[]) => Promise<void>): vscode.Disposable {
  return vscode.commands.registerCommand(`retort.client.${name}`, async (...args: never[]) => {
    try {
      await action(...args);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      log.error(message);
      void vscode.window.showErrorMessage(`retort: ${message}`);
    }
  });
}

function setRevisionContext(editor: vscode.TextEditor | undefined): void {
  const document = editor?.document;
  const start = document?.getText(firstLines) ?? "";
  const is = document?.uri.scheme === "file" && looksLikeRevision(start, document.languageId);
  void vscode.commands.executeCommand("setContext", "retort.revision", is);
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  extensionPath = context.extensionPath;
  log = vscode.window.createOutputChannel("retort", { log: true });
  item = vscode.window.createStatusBarItem("retort.heads", vscode.StatusBarAlignment.Left, -10);
  item.name = "retort: heads of the chain";
  item.text = "$(loading~spin) retort";
  item.command = "retort.client.graph";
  pages = new Pages();
  graph = new Graph(context.extensionUri, (file) => showSql(file));

  let waiting: NodeJS.Timeout | undefined;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => void Promise.all([refreshStatus(), graph.refresh()]), 300);
  };
  const watcher = vscode.workspace.createFileSystemWatcher("**/{*.py,*.sql,retort.toml,alembic.ini}");
  context.subscriptions.push(
    log,
    item,
    pages,
    graph,
    watcher,
    watcher.onDidCreate(soon),
    watcher.onDidChange(soon),
    watcher.onDidDelete(soon),
    new vscode.Disposable(() => clearTimeout(waiting)),
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      setRevisionContext(editor);
      if (editor?.document.uri.scheme === "file") void refreshStatus();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("retort.path")) void restart();
    }),
    vscode.languages.registerCodeActionsProvider(
      [
        { scheme: "file", language: "python" },
        { scheme: "file", language: "sql" },
      ],
      explainActions,
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
    command("showSql", (file?: vscode.Uri) => showSql(file)),
    command("showSchema", (file?: vscode.Uri) => showSchema(file)),
    command("graph", async () => graph.show(program(), await folderOfChain())),
    command("explain", explain),
    command("bundle", async () => buildBundle(program(), await folderOfChain())),
    command("status", showStatus),
    command("restart", restart),
  );
  setRevisionContext(vscode.window.activeTextEditor);
  await restart();
}

export async function deactivate(): Promise<void> {
  await changing;
  await stop();
}


// The language server and what VS Code's client library leaves open.
import { homedir } from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";
import {
  ExecuteCommandSignature,
  LanguageClient,
  LanguageClientOptions,
  RevealOutputChannelOn,
  ServerOptions,
  TextDocumentContentRequest,
} from "vscode-languageclient/node";
import { Binary } from "./binary";
import { spellSqlUri, sqlScheme } from "./uri";

export const showSqlCommand = "retort.showSql";

/** Opens a virtual document beside the file, and leaves the cursor where it is. */
export async function openDocument(uri: vscode.Uri, language: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.languageId !== language) await vscode.languages.setTextDocumentLanguage(document, language);
  await vscode.window.showTextDocument(document, {
    viewColumn: vscode.ViewColumn.Beside,
    preserveFocus: true,
    preview: true,
  });
}

function executeCommand(command: string, args: unknown[], next: ExecuteCommandSignature): unknown {
  if (command === showSqlCommand && typeof args[0] === "string")
    return openDocument(vscode.Uri.parse(args[0]), "sql");
  return next(command, args);
}

/** The configuration file that the user names, from the first folder of the workspace on. */
export function configFile(): string {
  const file = vscode.workspace.getConfiguration("retort").get<string>("config", "").replace(/^~(?=[/\\])/, homedir());
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  return file === "" || path.isAbsolute(file) || folder === undefined ? file : path.join(folder, file);
}

/** The settings as the server takes them, at the start and whenever they change. */
function settings(scope?: vscode.Uri): Record<string, unknown> {
  const section = vscode.workspace.getConfiguration("retort", scope);
  return {
    config: configFile(),
    inlayHints: section.get("inlayHints"),
    codeLens: section.get("codeLens"),
    statistics: section.get("statistics"),
    target: section.get("target"),
    lint: { run: section.get("lint.run") },
  };
}

/** Asks for the SQL on screen again after an edit: it may have changed in any revision above. */
function refreshSql(client: LanguageClient): vscode.Disposable {
  let waiting: NodeJS.Timeout | undefined;
  const ask = () => {
    const providers = client.getFeature(TextDocumentContentRequest.method)?.getProviders() ?? [];
    for (const document of vscode.workspace.textDocuments)
      for (const provider of providers)
        if (provider.scheme === sqlScheme && document.uri.scheme === sqlScheme)
          provider.onDidChangeEmitter.fire(document.uri);
  };
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document.uri.scheme !== "file") return;
      clearTimeout(waiting);
      waiting = setTimeout(ask, 150);
    }),
    new vscode.Disposable(() => clearTimeout(waiting)),
  );
}

export interface Running {
  client: LanguageClient;
  binary: Binary;
  stop(): Promise<void>;
}

export async function startClient(binary: Binary, log: vscode.LogOutputChannel): Promise<Running> {
  const server: ServerOptions = { command: binary.path, args: ["lsp"] };
  const trace = vscode.window.createOutputChannel("retort trace", { log: true });
  const client: LanguageClient = new LanguageClient("retort", "retort", server, {
    documentSelector: [
      { scheme: "file", language: "python" },
      { scheme: "file", language: "sql" },
      { scheme: "file", pattern: "**/*.sql" },
    ],
    initializationOptions: settings(),
    outputChannel: log,
    traceOutputChannel: trace,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    diagnosticPullOptions: { onChange: true, onSave: true, onTabs: false },
    uriConverters: {
      code2Protocol: (uri) => (uri.scheme === sqlScheme ? spellSqlUri(uri.path, uri.query) : uri.toString()),
      protocol2Code: (text) => vscode.Uri.parse(text),
    },
    middleware: {
      executeCommand: (command, args, next) => executeCommand(command, args, next) as never,
      workspace: {
        configuration: (params) =>
          params.items.map((item) =>
            item.section === "retort" ? settings(item.scopeUri ? vscode.Uri.parse(item.scopeUri) : undefined) : null,
          ),
      },
    },
  } satisfies LanguageClientOptions);
  await client.start();

  const own: vscode.Disposable[] = [
    trace,
    refreshSql(client),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("retort"))
        void client.sendNotification("workspace/didChangeConfiguration", { settings: { retort: settings() } });
    }),
  ];
  return {
    client,
    binary,
    stop: async () => {
      for (const each of own) each.dispose();
      await client.dispose();
    },
  };
}

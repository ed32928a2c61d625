// The language server and what VS Code's client library leaves open.
import * as vscode from "vscode";
import {
  ExecuteCommandSignature,
  LanguageClient,
  LanguageClientOptions,
  RevealOutputChannelOn,
  ServerOptions,
} from "vscode-languageclient/node";
import { Binary } from "./binary";
import { spellSqlUri, sqlScheme } from "./uri";

export const showSqlCommand = "retort.showSql";

/** Opens a virtual document beside the file, and leaves the cursor where it is. */
export async function openSql(uri: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.languageId !== "sql") await vscode.languages.setTextDocumentLanguage(document, "sql");
  await vscode.window.showTextDocument(document, {
    viewColumn: vscode.ViewColumn.Beside,
    preserveFocus: true,
    preview: true,
  });
}

function executeCommand(command: string, args: unknown[], next: ExecuteCommandSignature): unknown {
  const uri = typeof args[0] === "string" ? args[0] : (args[0] as { uri?: unknown } | undefined)?.uri;
  if (command === showSqlCommand && typeof uri === "string") return openSql(vscode.Uri.parse(uri));
  return next(command, args);
}

/** What the server takes as `initializationOptions`; later changes come as configuration. */
function options(): Record<string, unknown> {
  const settings = vscode.workspace.getConfiguration("retort");
  return {
    config: settings.get("config"),
    inlayHints: settings.get("inlayHints"),
    codeLens: settings.get("codeLens"),
    statistics: settings.get("statistics"),
    target: settings.get("target"),
    lint: { run: settings.get("lint.run") },
  };
}

/** Virtual documents of a server that does not announce the standard request for them. */
class SqlDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly registered: vscode.Disposable;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly client: LanguageClient) {
    const refresh = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        for (const document of vscode.workspace.textDocuments)
          if (document.uri.scheme === sqlScheme) this.changed.fire(document.uri);
      }, 150);
    };
    this.registered = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(sqlScheme, this),
      vscode.workspace.onDidChangeTextDocument((event) => event.document.uri.scheme === "file" && refresh()),
      this.changed,
    );
  }

  async provideTextDocumentContent(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    const answer = await this.client.sendRequest<{ text: string }>(
      "retort/textDocumentContent",
      { uri: this.client.code2ProtocolConverter.asUri(uri) },
      token,
    );
    return answer.text;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.registered.dispose();
  }
}

export interface Running {
  client: LanguageClient;
  binary: Binary;
  stop(): Promise<void>;
}

export async function startClient(binary: Binary, log: vscode.LogOutputChannel): Promise<Running> {
  const settings = vscode.workspace.getConfiguration("retort");
  const config = settings.get<string>("config", "");
  const server: ServerOptions = {
    command: binary.path,
    args: config === "" ? ["lsp"] : ["-c", config, "lsp"],
  };
  const trace = vscode.window.createOutputChannel("retort trace");
  const client: LanguageClient = new LanguageClient("retort", "retort", server, {
    documentSelector: [
      { scheme: "file", language: "python" },
      { scheme: "file", language: "sql" },
      { scheme: "file", pattern: "**/*.sql" },
    ],
    initializationOptions: options(),
    synchronize: { configurationSection: "retort" },
    outputChannel: log,
    traceOutputChannel: trace as unknown as vscode.LogOutputChannel,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    diagnosticPullOptions: { onChange: true, onSave: true, onTabs: false },
    uriConverters: {
      code2Protocol: (uri) => (uri.scheme === sqlScheme ? spellSqlUri(uri.path, uri.query) : uri.toString()),
      protocol2Code: (text) => vscode.Uri.parse(text),
    },
    middleware: { executeCommand: (command, args, next) => executeCommand(command, args, next) as never },
  } satisfies LanguageClientOptions);
  await client.start();

  const own: vscode.Disposable[] = [trace];
  const capabilities = client.initializeResult?.capabilities;
  if (!capabilities?.executeCommandProvider?.commands.includes(showSqlCommand))
    own.push(
      vscode.commands.registerCommand(showSqlCommand, (...args: unknown[]) =>
        executeCommand(showSqlCommand, args, () => Promise.resolve()),
      ),
    );
  if (!capabilities?.workspace?.textDocumentContent) own.push(new SqlDocuments(client));
  return {
    client,
    binary,
    stop: async () => {
      for (const each of own) each.dispose();
      await client.dispose();
    },
  };
}

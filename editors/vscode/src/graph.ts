// The chain as a picture: a web view without anything from outside.
import { randomBytes } from "node:crypto";
import * as path from "node:path";
import * as vscode from "vscode";
import { graphLinks, graphPage } from "./graphPage";
import { History, parseHistory } from "./history";
import { run } from "./run";

export class Graph implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private history: History = { revisions: [], findings: [] };
  private folder = "";
  private program = "";

  constructor(
    private readonly extension: vscode.Uri,
    private readonly showSql: (file: vscode.Uri) => Promise<void>,
  ) {}

  async show(program: string, folder: string): Promise<void> {
    this.program = program;
    this.folder = folder;
    this.history = await this.read();
    if (!this.panel) {
      const media = vscode.Uri.joinPath(this.extension, "media");
      this.panel = vscode.window.createWebviewPanel("retort.graph", "Chain of Revisions", vscode.ViewColumn.Beside, {
        enableScripts: true,
        localResourceRoots: [media],
      });
      this.panel.iconPath = vscode.Uri.joinPath(media, "icon.png");
      this.panel.onDidDispose(() => (this.panel = undefined));
      this.panel.webview.onDidReceiveMessage((message: unknown) => this.receive(message));
    } else this.panel.reveal();
    this.draw();
  }

  /** After a revision was saved. */
  async refresh(): Promise<void> {
    if (!this.panel) return;
    try {
      this.history = await this.read();
    } catch {
      return; // it does not parse just now: the picture before stays
    }
    this.draw();
  }

  private async read(): Promise<History> {
    const { stdout, stderr } = await run(this.program, ["history", "--format", "json"], this.folder);
    if (stdout === "") throw new Error(stderr.trim().split("\n")[0] ?? "`retort history` printed nothing");
    return parseHistory(stdout);
  }

  private draw(): void {
    const webview = this.panel!.webview;
    const media = (name: string) =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.extension, "media", name)).toString();
    webview.html = graphPage(this.history, {
      nonce: randomBytes(16).toString("hex"),
      source: webview.cspSource,
      style: media("graph.css"),
      script: media("graph.js"),
    });
  }

  private async receive(message: unknown): Promise<void> {
    const { action, index } = message as { action?: string; index?: number };
    if (action === "ready") {
      await this.panel?.webview.postMessage({ links: graphLinks(this.history.revisions) });
      return;
    }
    const revision = typeof index === "number" ? this.history.revisions[index] : undefined;
    if (!revision) return;
    const file = vscode.Uri.file(path.resolve(this.folder, revision.file));
    if (action === "sql") await this.showSql(file);
    if (action === "file")
      await vscode.window.showTextDocument(file, { viewColumn: vscode.ViewColumn.One, preview: true });
  }

  dispose(): void {
    this.panel?.dispose();
  }
}

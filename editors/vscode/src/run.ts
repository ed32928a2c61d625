// Runs `retort` for what the server does not answer.
import { execFile } from "node:child_process";
import * as path from "node:path";
import * as vscode from "vscode";
import { configFile } from "./client";

export interface Output {
  stdout: string;
  stderr: string;
  code: number;
}

/** Options that every run has in common; no colours, since the output is read or shown as a document. */
export function commonArguments(): string[] {
  const config = configFile();
  return ["--color=never", ...(config === "" ? [] : ["-c", config])];
}

export function run(program: string, args: string[], cwd: string): Promise<Output> {
  return new Promise((resolve, reject) => {
    execFile(
      program,
      [...commonArguments(), ...args],
      { cwd, timeout: 60_000, maxBuffer: 256 << 20, windowsHide: true },
      (error, stdout, stderr) => {
        const code = error ? error.code : 0;
        if (typeof code === "number") resolve({ stdout, stderr, code });
        else reject(new Error(`\`retort ${args.join(" ")}\` could not be run: ${error!.message}`));
      },
    );
  });
}

/** Where the chain of the active file is found from; without one, the first configuration of the workspace. */
export async function chainFolder(): Promise<string | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.uri.scheme === "file" && ["python", "sql"].includes(document.languageId))
    return path.dirname(document.uri.fsPath);
  const [found] = await vscode.workspace.findFiles("**/{retort.toml,alembic.ini}", "**/{node_modules,.venv,venv}/**", 1);
  return found ? path.dirname(found.fsPath) : vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
}

// Asks for a range and runs `retort bundle` as a task, where its messages can be read and clicked.
import { homedir } from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";
import { ancestors, parseHistory, Revision } from "./history";
import { commonArguments, run } from "./run";

interface Choice extends vscode.QuickPickItem {
  id: string;
}

const choice = (revision: Revision): Choice => ({
  id: revision.revision,
  label: revision.revision,
  description: revision.title,
  detail: [revision.head ? "head" : "", revision.created?.slice(0, 10) ?? ""].filter(Boolean).join(", "),
});

export async function buildBundle(program: string, folder: string): Promise<void> {
  const { stdout, stderr } = await run(program, ["history", "--format", "json"], folder);
  if (stdout === "") throw new Error(stderr.trim() || "`retort history` printed nothing");
  const { revisions } = parseHistory(stdout);
  const to = await vscode.window.showQuickPick(revisions.map(choice), {
    title: "Bundle (1/3): up to which revision?",
    matchOnDescription: true,
  });
  if (!to) return;
  const base: Choice = { id: "base", label: "base", description: "an empty database" };
  const from = await vscode.window.showQuickPick([...ancestors(revisions, to.id).map(choice), base], {
    title: "Bundle (2/3): where is the database now?",
    matchOnDescription: true,
  });
  if (!from) return;
  // Not among the revisions: the scripts of a bundle would be taken for some.
  const root = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder)) ?? vscode.workspace.workspaceFolders?.[0];
  const target = await vscode.window.showInputBox({
    title: "Bundle (3/3): the folder to make",
    value: path.join(root?.uri.fsPath ?? homedir(), `bundle-${from.id}-${to.id}`),
    validateInput: (value) => (value.trim() === "" ? "A folder is needed" : undefined),
  });
  if (!target) return;
  const args = [...commonArguments(), "bundle", `${from.id}:${to.id}`, "-o", target];
  const task = new vscode.Task(
    { type: "retort", command: "bundle", args: args.slice(args.indexOf("bundle") + 1) },
    vscode.TaskScope.Workspace,
    `bundle ${from.id}:${to.id}`,
    "retort",
    new vscode.ProcessExecution(program, args, { cwd: folder }),
    "$retort",
  );
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, clear: true };
  const execution = await vscode.tasks.executeTask(task);
  const ended = vscode.tasks.onDidEndTaskProcess(async (event) => {
    if (event.execution !== execution) return;
    ended.dispose();
    if (event.exitCode !== 0) return;
    const open = "Open README.txt";
    if ((await vscode.window.showInformationMessage(`The bundle is in ${target}.`, open)) === open)
      await vscode.window.showTextDocument(vscode.Uri.file(path.resolve(folder, target, "README.txt")));
  });
}

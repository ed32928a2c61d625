// Which binary runs: the one that the user names, the one inside the extension, the one in PATH.
import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";

export interface Binary {
  path: string;
  version: string;
}

export interface Places {
  setting: string; // `retort.path`, may be empty
  extension: string; // folder of the extension
  searchPath: string; // PATH
  platform: NodeJS.Platform;
}

export class NoBinary extends Error {}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function inPath(name: string, places: Places): string | undefined {
  const separator = places.platform === "win32" ? ";" : ":";
  for (const folder of places.searchPath.split(separator)) {
    // An empty or relative entry means the current folder, which belongs to the workspace.
    if (!path.isAbsolute(folder)) continue;
    const file = path.join(folder, name);
    if (isProgram(file)) return file;
  }
  return undefined;
}

/** The file to run, or the reason why there is none. A setting that is wrong is never passed over. */
export function findBinary(places: Places): string {
  const name = places.platform === "win32" ? "retort.exe" : "retort";
  if (places.setting !== "") {
    const wanted = places.setting.replace(/^~(?=[/\\])/, homedir());
    if (wanted.includes("/") || wanted.includes("\\")) {
      if (!path.isAbsolute(wanted))
        throw new NoBinary(`\`retort.path\` is "${places.setting}": it has to be absolute, or a name in PATH`);
      if (isProgram(wanted)) return wanted;
      throw new NoBinary(`\`retort.path\` is "${places.setting}": there is no program`);
    }
    const found = inPath(wanted, places);
    if (found !== undefined) return found;
    throw new NoBinary(`\`retort.path\` is "${places.setting}": no such program in PATH`);
  }
  const bundled = path.join(places.extension, "bin", name);
  if (isProgram(bundled)) return bundled;
  const found = inPath(name, places);
  if (found !== undefined) return found;
  throw new NoBinary("no `retort` in PATH: install it, or name it in the setting `retort.path`");
}

/** Of `retort 0.1.0 (PostgreSQL 15.1 grammar, …)`. */
export function parseVersion(text: string): string | undefined {
  return /^retort (\d+\.\d+\.\d+\S*)/.exec(text)?.[1];
}

/** Asks the program for its version: something else of that name is not started as a server. */
export async function checkBinary(file: string): Promise<Binary> {
  const text = await new Promise<string>((resolve, reject) => {
    execFile(file, ["--version"], { timeout: 10_000, windowsHide: true }, (error, stdout) => {
      if (error) reject(new NoBinary(`\`${file} --version\` failed: ${error.message.trim()}`));
      else resolve(stdout);
    });
  });
  const version = parseVersion(text);
  if (version === undefined) throw new NoBinary(`\`${file}\` is not retort: it calls itself "${text.split("\n")[0]}"`);
  return { path: file, version };
}

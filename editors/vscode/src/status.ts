// What `retort/status` answers, and the item in the status bar that shows the heads.
import * as path from "node:path";

export interface ChainStatus {
  folder: string;
  configuration: string[];
  revisions: number;
  heads: string[];
}

export interface Status {
  version: string;
  chains: ChainStatus[];
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Reads what is needed and takes nothing for granted: the server may be older or newer than this. */
export function readStatus(answer: unknown): Status {
  const { version, chains } = (answer ?? {}) as { version?: unknown; chains?: unknown };
  return {
    version: text(version),
    chains: (list(chains) as Record<string, unknown>[]).map((each) => ({
      folder: text(each["folder"]),
      configuration: list(each["configuration"]).map(text),
      revisions: typeof each["revisions"] === "number" ? each["revisions"] : 0,
      heads: list(each["heads"]).map((head) => text((head as { id?: unknown } | null)?.id)),
    })),
  };
}

/** The chain that a file belongs to: the one with the longest folder above it. */
export function chainOf(status: Status, file: string | undefined): ChainStatus | undefined {
  if (status.chains.length <= 1 || file === undefined) return status.chains[0];
  const above = (folder: string) => folder !== "" && !path.relative(folder, file).startsWith("..");
  const [nearest] = status.chains.filter((chain) => above(chain.folder)).sort((a, b) => b.folder.length - a.folder.length);
  return nearest ?? status.chains[0];
}

export interface Item {
  text: string;
  detail: string;
  warn: boolean;
}

const short = (id: string) => (id.length > 12 ? `${id.slice(0, 12)}…` : id);

export function statusItem(chain: ChainStatus | undefined): Item {
  if (!chain) return { text: "$(circle-slash) retort", detail: "No chain of revisions has been found yet.", warn: false };
  const { heads, revisions, configuration } = chain;
  const text =
    heads.length === 1
      ? `$(git-commit) ${short(heads[0]!)}`
      : heads.length === 0
        ? "$(circle-slash) no head"
        : `$(repo-forked) ${heads.length} heads`;
  const detail = [
    `${revisions} ${revisions === 1 ? "revision" : "revisions"}`,
    `${heads.length === 1 ? "head" : "heads"}: ${heads.join(", ") || "none"}`,
    ...(configuration.length === 0 ? [] : [`configuration: ${configuration.join(", ")}`]),
  ].join("\n");
  return { text, detail, warn: heads.length !== 1 };
}

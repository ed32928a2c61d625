// The page of the graph: rows are made here, so that the script in the page only moves the focus.
import { History, layOut, Picture, Revision } from "./history";

export const rowHeight = 26;
const laneWidth = 16;

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

const x = (lane: number) => laneWidth * lane + laneWidth / 2;
const y = (row: number) => rowHeight * row + rowHeight / 2;

function drawing(picture: Picture, rows: number): string {
  const lines = picture.edges.map((edge) => {
    const below = y(edge.from) + rowHeight;
    const above = Math.max(y(edge.to) - rowHeight, below);
    const bend = (x1: number, y1: number, x2: number, y2: number) =>
      x1 === x2 ? `L${x2} ${y2}` : `C${x1} ${(y1 + y2) / 2} ${x2} ${(y1 + y2) / 2} ${x2} ${y2}`;
    const from = x(edge.fromLane), by = x(edge.lane), to = x(edge.toLane);
    let path = `M${from} ${y(edge.from)}`;
    if (edge.to === edge.from + 1) path += bend(from, y(edge.from), to, y(edge.to));
    else path += bend(from, y(edge.from), by, below) + `L${by} ${above}` + bend(by, above, to, y(edge.to));
    return `<path class="${edge.kind} lane${edge.lane % 6}" d="${path}"/>`;
  });
  const dots = picture.lane.map((lane, row) => `<circle class="lane${lane % 6}" cx="${x(lane)}" cy="${y(row)}" r="4.5"/>`);
  const width = laneWidth * Math.max(picture.lanes, 1);
  return (
    `<svg aria-hidden="true" width="${width}" height="${rowHeight * rows}" viewBox="0 0 ${width} ${rowHeight * rows}">` +
    `${lines.join("")}${dots.join("")}</svg>`
  );
}

function badges(revision: Revision): string {
  const words: [string, string][] = [];
  if (revision.head) words.push(["head", "head"]);
  if (revision.merge_point) words.push(["merge", "merge"]);
  if (revision.branch_point) words.push(["branch", "branch point"]);
  for (const label of revision.branch_labels) words.push(["label", label]);
  return words.map(([kind, word]) => `<span class="badge ${kind}">${escapeHtml(word)}</span>`).join("");
}

function row(revision: Revision, index: number): string {
  const parents = revision.down_revision.length === 0 ? "base" : revision.down_revision.join(", ");
  const day = revision.created?.slice(0, 10) ?? "";
  const label = `${revision.revision}, ${revision.title}, revises ${parents}`;
  return (
    `<li role="option" id="r${index}" data-index="${index}" aria-selected="false" aria-label="${escapeHtml(label)}" ` +
    `title="${escapeHtml(revision.file)}"><code>${escapeHtml(revision.revision)}</code>` +
    `<span class="title">${escapeHtml(revision.title)}</span>${badges(revision)}<time>${escapeHtml(day)}</time></li>`
  );
}

export interface PageParts {
  nonce: string;
  source: string; // where the page may load from
  style: string;
  script: string;
}

export function graphPage(history: History, parts: PageParts): string {
  const { revisions, findings } = history;
  const heads = revisions.filter((revision) => revision.head).length;
  const policy =
    `default-src 'none'; style-src ${parts.source}; script-src 'nonce-${parts.nonce}'; ` +
    `base-uri 'none'; form-action 'none'`;
  const summary = `${revisions.length} revisions, ${heads} ${heads === 1 ? "head" : "heads"}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>Chain of revisions</title>
<link rel="stylesheet" href="${escapeHtml(parts.style)}">
</head>
<body>
<header><strong>${summary}</strong>
<span class="keys"><kbd>↑</kbd> <kbd>↓</kbd> move, <kbd>Enter</kbd> open, <kbd>S</kbd> SQL, <kbd>P</kbd> parent, <kbd>C</kbd> child, <kbd>/</kbd> find</span>
<input id="find" type="search" placeholder="Find a revision" aria-label="Find a revision"></header>
${findings.map((finding) => `<p class="finding ${escapeHtml(finding.level)}">${escapeHtml(finding.message)}</p>`).join("\n")}
<main>${drawing(layOut(revisions), revisions.length)}
<ul id="rows" role="listbox" tabindex="0" aria-label="Revisions, newest first">${revisions.map(row).join("")}</ul></main>
<script nonce="${parts.nonce}" src="${escapeHtml(parts.script)}"></script>
</body>
</html>
`;
}

/** What the script needs to find parents and children. */
export function graphLinks(revisions: Revision[]): { parents: number[][]; children: number[][] } {
  const at = new Map(revisions.map((revision, index) => [revision.revision, index]));
  const children: number[][] = revisions.map(() => []);
  const parents = revisions.map((revision, index) =>
    revision.down_revision.flatMap((id) => {
      const parent = at.get(id);
      if (parent === undefined) return [];
      children[parent]!.push(index);
      return [parent];
    }),
  );
  return { parents, children };
}

// The chain as `retort history --format json` prints it, newest first, and its picture: every revision
// has a row and a lane, every line from a child down to a parent is a path through lanes.

export interface Revision {
  revision: string;
  down_revision: string[];
  depends_on: string[];
  branch_labels: string[];
  head: boolean;
  branch_point: boolean;
  merge_point: boolean;
  title: string;
  created: string | null;
  format: string;
  file: string;
}

export interface History {
  revisions: Revision[];
  findings: { level: string; message: string }[];
}

export function parseHistory(text: string): History {
  const read = JSON.parse(text) as { schema?: unknown; revisions?: unknown; findings?: unknown };
  if (read.schema !== "retort.history/1" || !Array.isArray(read.revisions))
    throw new Error(`expected \`retort.history/1\`, found \`${String(read.schema)}\``);
  return { revisions: read.revisions as Revision[], findings: (read.findings ?? []) as History["findings"] };
}

/** All that `id` stands on, newest first. */
export function ancestors(revisions: Revision[], id: string): Revision[] {
  const wanted = new Set<string>([id]);
  // Newest first: a child always stands before its parents.
  const found = revisions.filter((revision) => {
    if (!wanted.has(revision.revision)) return false;
    for (const parent of [...revision.down_revision, ...revision.depends_on]) wanted.add(parent);
    return true;
  });
  return found.filter((revision) => revision.revision !== id);
}

export interface Edge {
  from: number; // row of the child
  to: number; // row of the parent; the number of rows when the parent is not there
  lane: number; // where the line runs between the two
  fromLane: number;
  toLane: number;
  kind: "parent" | "depends";
}

export interface Picture {
  lanes: number; // how many side by side
  lane: number[]; // of each row
  edges: Edge[];
}

/** A lane belongs to the parent that is awaited in it; a row takes the leftmost lane that awaits it. */
export function layOut(revisions: Revision[]): Picture {
  const row = new Map(revisions.map((revision, index) => [revision.revision, index]));
  const lane: number[] = [];
  const edges: Edge[] = [];
  const open: (Edge | undefined)[][] = []; // edges that run down each lane
  let lanes = 0;

  const free = () => {
    const found = open.findIndex((list) => list.length === 0);
    return found >= 0 ? found : open.push([]) - 1;
  };

  revisions.forEach((revision, index) => {
    let mine = -1;
    open.forEach((list, column) => {
      if (!list.some((edge) => edge?.to === index)) return;
      if (mine < 0) mine = column;
      for (const edge of list) if (edge?.to === index) edge.toLane = mine;
      open[column] = list.filter((edge) => edge?.to !== index);
    });
    if (mine < 0) mine = free();
    lane.push(mine);

    let straight = true; // the first parent goes on in the lane of its child
    const down = (parent: string, kind: Edge["kind"]) => {
      const to = row.get(parent) ?? revisions.length;
      let column: number;
      if (kind === "parent" && straight && open[mine]!.length === 0) column = mine;
      else {
        const same = open.findIndex((list) => list.some((edge) => edge?.to === to && edge.kind === kind));
        // The lane of this row must not be taken: a line in it would run through the dot.
        if (same >= 0) column = same;
        else {
          open[mine]!.push(undefined);
          column = free();
          open[mine]!.pop();
        }
      }
      if (kind === "parent") straight = false;
      const edge: Edge = { from: index, to, lane: column, fromLane: mine, toLane: column, kind };
      edges.push(edge);
      open[column]!.push(edge);
    };
    for (const parent of revision.down_revision) down(parent, "parent");
    for (const other of revision.depends_on) down(other, "depends");
    lanes = Math.max(lanes, open.length);
  });
  return { lanes, lane, edges };
}

import assert from "node:assert/strict";
import test from "node:test";
import { graphLinks, graphPage } from "../../src/graphPage";
import { ancestors, History, layOut, parseHistory, Revision } from "../../src/history";

function revision(id: string, parents: string[], more: Partial<Revision> = {}): Revision {
  return {
    revision: id,
    down_revision: parents,
    depends_on: [],
    branch_labels: [],
    head: false,
    branch_point: false,
    merge_point: false,
    title: id,
    created: null,
    format: "python",
    file: `versions/${id}.py`,
    ...more,
  };
}

// No line may run through the dot of a revision that it does not belong to.
function checkPicture(revisions: Revision[]): void {
  const picture = layOut(revisions);
  const wanted = revisions.reduce((sum, r) => sum + r.down_revision.length + r.depends_on.length, 0);
  assert.equal(picture.edges.length, wanted);
  assert.equal(picture.lane.length, revisions.length);
  for (const edge of picture.edges) {
    assert.ok(edge.lane < picture.lanes);
    assert.equal(edge.fromLane, picture.lane[edge.from]);
    if (edge.to < revisions.length) assert.equal(edge.toLane, picture.lane[edge.to]);
    for (let row = edge.from + 1; row < Math.min(edge.to, revisions.length); ++row)
      assert.notEqual(picture.lane[row], edge.lane, `line ${edge.from} to ${edge.to} runs through row ${row}`);
  }
}

test("a straight chain needs one lane", () => {
  const chain = [revision("c", ["b"]), revision("b", ["a"]), revision("a", [])];
  checkPicture(chain);
  assert.deepEqual(layOut(chain).lane, [0, 0, 0]);
  assert.equal(layOut(chain).lanes, 1);
});

test("a branch stands beside, and both lines end in the branch point", () => {
  const chain = [revision("c", ["a"]), revision("b", ["a"]), revision("a", [])];
  checkPicture(chain);
  assert.deepEqual(layOut(chain).lane, [0, 1, 0]);
});

test("a merge opens a lane for its second parent", () => {
  const chain = [revision("m", ["c", "b"]), revision("c", ["a"]), revision("b", ["a"]), revision("a", [])];
  checkPicture(chain);
  assert.deepEqual(layOut(chain).lane, [0, 0, 1, 0]);
});

test("a dependency has a line of its own kind", () => {
  const chain = [revision("c", ["b"], { depends_on: ["x"] }), revision("b", []), revision("x", [])];
  checkPicture(chain);
  assert.deepEqual(layOut(chain).edges.map((edge) => edge.kind), ["parent", "depends"]);
});

test("the line to a missing parent runs off the page", () => {
  const chain = [revision("b", ["gone"]), revision("a", [])];
  checkPicture(chain);
  assert.equal(layOut(chain).edges[0]!.to, 2);
});

test("random graphs: every line is there, none runs through another revision", () => {
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  for (let round = 0; round < 300; ++round) {
    const count = 1 + random(40);
    const chain: Revision[] = [];
    for (let index = 0; index < count; ++index) {
      const older = () => `r${index + 1 + random(count - index - 1)}`;
      const parents = new Set<string>();
      const depends = new Set<string>();
      if (index < count - 1) {
        for (let n = random(4); n > 0; --n) parents.add(older());
        if (random(6) === 0) depends.add(older());
      }
      chain.push(revision(`r${index}`, [...parents], { depends_on: [...depends] }));
    }
    checkPicture(chain);
  }
});

test("parents and children of a row", () => {
  const chain = [revision("m", ["c", "b"]), revision("c", ["a"]), revision("b", ["a"]), revision("a", ["gone"])];
  assert.deepEqual(graphLinks(chain), { parents: [[1, 2], [3], [3], []], children: [[], [0], [0], [1, 2]] });
});

test("what a revision stands on, by parents and dependencies", () => {
  const chain = [
    revision("m", ["c", "b"]), revision("other", ["b"]), revision("c", ["a"], { depends_on: ["x"] }),
    revision("b", ["a"]), revision("x", []), revision("a", []),
  ];
  const of = (id: string) => ancestors(chain, id).map((each) => each.revision);
  assert.deepEqual(of("m"), ["c", "b", "x", "a"]);
  assert.deepEqual(of("other"), ["b", "a"]);
  assert.deepEqual(of("a"), []);
});

test("another output than a history is refused", () => {
  assert.throws(() => parseHistory('{"schema":"retort.heads/1","revisions":[]}'), /retort\.heads\/1/);
  assert.throws(() => parseHistory(""), SyntaxError);
});

test("the page shows project text as text, and loads nothing from outside", () => {
  const history: History = {
    revisions: [revision("a<b", [], { title: '<img src=x onerror="alert(1)">', head: true, branch_labels: ["it's"] })],
    findings: [{ level: "error", message: "<script>alert(2)</script>" }],
  };
  const page = graphPage(history, { nonce: "N0", source: "vscode-resource:", style: "s.css", script: "s.js" });
  assert.ok(!page.includes("<img"));
  assert.ok(!page.includes("alert(2)</script>"));
  assert.match(page, /default-src 'none'; style-src vscode-resource:; script-src 'nonce-N0'/);
  assert.equal(page.match(/<script/g)!.length, 1);
  assert.ok(!/\sstyle=|\son\w+="/.test(page.replace(/&#\d+;/g, "_")), "the policy forbids inline styles and handlers");
  assert.match(page, /1 revisions?, 1 head/);
  assert.match(page, /<li role="option" id="r0"/);
});

// Plans a run through a large graph in a cold process: `node graph.ts <ours|floor> <size>`. The floor is a bare
// topological sort (Kahn), which validates nothing and knows no heads.
import process from "node:process";
import { buildGraph, upgradePath, type RevisionInfo } from "@skillmeat/migrate-core";
import { buildBlockGraph } from "../src/data/block-graph.ts";
import { startStopwatch } from "../src/measure/stopwatch.ts";

const [, , contender, size = ""] = process.argv;
const infos = buildBlockGraph(Number(size));
const stop = startStopwatch();
const planned =
  contender === "ours" ? upgradePath(buildGraph(infos), [], "heads").length : sortByHand(infos).length;
const measures = stop();
if (planned !== infos.length) throw new Error(`planned ${planned} of ${infos.length} revisions`);
process.stdout.write(`${JSON.stringify(measures)}\n`);

function sortByHand(nodes: readonly RevisionInfo[]): readonly string[] {
  const waiting = new Map<string, number>();
  const children = new Map<string, string[]>();
  const ready: string[] = [];
  for (const { revision, downRevision } of nodes) {
    const parents =
      downRevision === null ? [] : typeof downRevision === "string" ? [downRevision] : downRevision;
    waiting.set(revision, parents.length);
    if (parents.length === 0) ready.push(revision);
    for (const parent of parents) {
      const list = children.get(parent);
      if (list === undefined) children.set(parent, [revision]);
      else list.push(revision);
    }
  }
  for (const revision of ready) {
    for (const child of children.get(revision) ?? []) {
      const left = (waiting.get(child) ?? 0) - 1;
      waiting.set(child, left);
      if (left === 0) ready.push(child);
    }
  }
  return ready;
}

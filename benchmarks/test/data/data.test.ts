import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildGraph, upgradePath } from "@skillmeat/migrate-core";
import { expect, onTestFinished, test } from "vitest";
import { buildBlockGraph } from "../../src/data/block-graph.ts";
import { boundedStatements, buildBoundedChain } from "../../src/data/bounded-chain.ts";
import { growingStatement, writeGrowingChain } from "../../src/data/growing-chain.ts";

test("a block graph has one head, and a branch and a merge in every full block", () => {
  const graph = buildGraph(buildBlockGraph(57));
  expect(graph.heads).toEqual(["n56"]);
  expect(graph.branchPoints).toHaveLength(5);
  expect(graph.mergePoints).toHaveLength(5);
  expect(upgradePath(graph, [], "heads")).toHaveLength(57);
});

test("a bounded chain has as many statements as revisions", () => {
  expect(boundedStatements(10)).toHaveLength(10);
  expect(buildBoundedChain(10)).toHaveLength(10);
});

test("a growing chain is a table, a column and an index in turn, a file each", async () => {
  const directory = join(mkdtempSync(join(tmpdir(), "bench-")), "revisions");
  onTestFinished(() => rmSync(dirname(directory), { recursive: true }));
  await writeGrowingChain(directory, 4);
  expect(readdirSync(directory)).toHaveLength(4);
  expect([0, 1, 2, 3].map(growingStatement)).toEqual([
    "CREATE TABLE t0 (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
    "ALTER TABLE t0 ADD COLUMN extra TEXT",
    "CREATE INDEX ix_t0 ON t0 (name)",
    "CREATE TABLE t1 (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
  ]);
});

import { buildGraph, upgradePath } from "@skillmeat/migrate-core";
import { expect, test } from "vitest";
import { buildBlockGraph } from "../../src/data/block-graph.ts";
import { boundedStatements, buildBoundedChain } from "../../src/data/bounded-chain.ts";

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

import { describe, expect, it } from "vitest";
import { MigrationError } from "../../src/errors/migration-error.ts";
import {
  assertKnownHeads,
  buildGraph,
  downgradePath,
  history,
  planNewRevision,
  resolveRevisions,
  stampPath,
  upgradePath,
  validateRevisionId,
} from "../../src/revision/index.ts";
import { branches, diamond, line, makeGraph, plugin, readRevisions } from "./sample-graphs.ts";

const build = (...texts: readonly string[]) => buildGraph(readRevisions(...texts));

const failures: readonly (() => unknown)[] = [
  () => build("aa-aa"),
  () => build("aaaa [head]"),
  () => build("aaaa", "aaaa"),
  () => build("aaaa [lab]", "bbbb [lab]"),
  () => build("aaaa [bbbb]", "bbbb"),
  () => build("aaaa0001", "bbbb < aaaa0002"),
  () => build("aaaa ^ zzzzzzzz"),
  () => build("aaaa < aaaa"),
  () => build("aaaa ^ aaaa"),
  () => build("aaaa < bbbb", "bbbb < aaaa"),
  () => build("aaaa < bbbb", "bbbb ^ aaaa"),
  () => build("aaaa < zzzz", "bbbb < bbbb"),
  () => resolveRevisions(line, "nosuch"),
  () => resolveRevisions(line, "aaab0001"),
  () => resolveRevisions(makeGraph(), "nosuch"),
  () => resolveRevisions(line, "aaaa0001,bbbb0002"),
  () => resolveRevisions(line, "aaaa0001:bbbb0002"),
  () => resolveRevisions(line, "head-1"),
  () => resolveRevisions(line, "\u001b[31mred"),
  () => resolveRevisions(branches, "shop0"),
  () => resolveRevisions(branches, "shopp@head"),
  () => resolveRevisions(branches, "zzzz@netw0001"),
  () => resolveRevisions(branches, "shop@netw0001"),
  () => resolveRevisions(branches, "head"),
  () => resolveRevisions(line, ""),
  () => resolveRevisions(line, "shop@"),
  () => resolveRevisions(line, " head "),
  () => resolveRevisions(line, "+1x"),
  () => upgradePath(line, ["cccc0003"], "+99"),
  () => upgradePath(line, ["eeee0005"], "+1"),
  () => upgradePath(line, ["cccc0003"], "-1"),
  () => upgradePath(line, [], "aaaa0001-1"),
  () => upgradePath(line, [], "base+0"),
  () => upgradePath(branches, ["base0001"], "+1"),
  () => upgradePath(branches, ["netw0001", "shop0001"], "+1"),
  () => upgradePath(line, [], ["aaaa0001", "cccc0003"]),
  () => upgradePath(line, [], "aaaa0001:cccc0003"),
  () => downgradePath(line, ["aaaa0001"], "head"),
  () => downgradePath(branches, ["shop0001"], "netw0001"),
  () => downgradePath(line, [], "aaaa0001"),
  () => downgradePath(makeGraph("core", "plug ^ core"), ["plug"], "core"),
  () => downgradePath(branches, ["netw0001", "shop0001"], "base0001@base0001"),
  () => downgradePath(branches, ["netw0001", "shop0001"], "-1"),
  () => downgradePath(branches, ["netw0001", "shop0001"], "base0001@-1"),
  () => downgradePath(branches, ["shop0001"], "net@-2"),
  () => downgradePath(diamond, ["join0001"], "-1"),
  () => downgradePath(line, ["bbbb0002"], "-3"),
  () => downgradePath(line, [], "-1"),
  () => downgradePath(line, ["bbbb0002"], "+1"),
  () => downgradePath(line, ["bbbb0002"], ["aaaa0001", "base"]),
  () => stampPath(line, [], ["aaaa0001", "eeee0005"]),
  () => history(line, "cccc0003"),
  () => history(line, "a:b:c"),
  () => history(line, "dddd:bbbb"),
  () => history(line, "@head:"),
  () => assertKnownHeads(line, ["ghost"]),
  () => assertKnownHeads(line, ["ghost", "spook"]),
  () => assertKnownHeads(line, ["aaaa0001", "cccc0003"]),
  () => planNewRevision(branches, { revision: "new" }),
  () => planNewRevision(line, { revision: "new", head: "cccc" }),
  () => planNewRevision(line, { revision: "new", head: ["head", "head"] }),
  () => planNewRevision(line, { revision: "new", dependsOn: "base" }),
  () => planNewRevision(line, { revision: "AAAA0001" }),
  () => planNewRevision(plugin, { revision: "core", head: "plug@head" }),
  () => planNewRevision(line, { revision: "new", branchLabels: "aaaa0001" }),
  () => validateRevisionId("head"),
  () => validateRevisionId("a@b"),
];

const catchError = (fail: () => unknown): MigrationError => {
  try {
    fail();
  } catch (error) {
    if (error instanceof MigrationError) return error;
    throw error;
  }
  throw new Error(`not refused: ${fail.toString()}`);
};

describe("the messages of the graph", () => {
  it("say what could not be done, to what, and what to do", () => {
    const lines = failures.map((fail) => {
      const { code, message, hint } = catchError(fail);
      return `${code}: ${message}\n    ${hint}`;
    });
    expect(lines.join("\n")).toMatchSnapshot();
  });

  it("hold no control characters, no full stop at the end, and begin the hint in lower case or with a name", () => {
    for (const fail of failures) {
      const { message, hint } = catchError(fail);
      expect(message).not.toMatch(/[\u0000-\u001f]|\.$/u);
      expect(hint).toMatch(/^["'a-z<].*[^.]$/u);
    }
  });

  it("cut long lists, while the details hold all", () => {
    const graph = build(...Array.from({ length: 30 }, (_, place) => `head${String(place).padStart(4, "0")}`));
    const error = catchError(() => upgradePath(graph, [], "head"));
    expect(error.message).toMatch(/"head0009" and 20 more$/u);
    expect(error.details["heads"]).toHaveLength(30);
  });

  it("carry details that survive JSON", () => {
    for (const fail of failures) {
      const { details } = catchError(fail);
      expect(JSON.parse(JSON.stringify(details))).toEqual(JSON.parse(JSON.stringify({ ...details })));
      expect(Object.keys(details).length).toBeGreaterThan(0);
    }
  });
});

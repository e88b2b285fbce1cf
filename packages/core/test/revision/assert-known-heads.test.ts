import { describe, expect, it } from "vitest";
import { assertKnownHeads } from "../../src/revision/index.ts";
import { branches, line, plugin } from "./sample-graphs.ts";

describe("version rows", () => {
  it("are accepted when none of them requires another", () => {
    expect(() => assertKnownHeads(line, [])).not.toThrow();
    expect(() => assertKnownHeads(line, ["cccc0003"])).not.toThrow();
    expect(() => assertKnownHeads(branches, ["shop0001", "netw0002"])).not.toThrow();
    expect(() => assertKnownHeads(plugin, ["core0003", "plug0001"])).not.toThrow();
  });

  it("are full ids: a prefix or label is unknown, and all unknown rows are named", () => {
    expect(() => assertKnownHeads(plugin, ["core", "core0001", "plug000"])).toThrow(
      expect.objectContaining({
        code: "SKM_VERSION_UNKNOWN",
        exitCode: 9,
        details: { rows: ["core", "core0001", "plug000"], unknown: ["core", "plug000"] },
      }),
    );
  });

  it.each([
    [line, ["aaaa0001", "eeee0005"], "aaaa0001", "eeee0005"],
    [plugin, ["plug0002", "core0002"], "core0002", "plug0002"],
  ])("are refused when one requires another", (graph, rows, ancestor, descendant) => {
    expect(() => assertKnownHeads(graph, rows)).toThrow(
      expect.objectContaining({
        code: "SKM_VERSION_SHAPE",
        exitCode: 9,
        details: { rows, ancestor, descendant },
        hint: expect.stringContaining(`stamp --purge ${descendant}`) as unknown,
      }),
    );
  });
});

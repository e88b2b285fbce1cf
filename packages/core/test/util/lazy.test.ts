import { describe, expect, it } from "vitest";
import { lazy } from "../../src/util/lazy.ts";

describe("a lazy value", () => {
  it("is computed on first use, and once, even when it is undefined", () => {
    let runs = 0;
    const value = lazy(() => {
      runs += 1;
      return undefined;
    });
    expect(runs).toBe(0);
    value();
    value();
    expect(runs).toBe(1);
  });

  it("is computed again after a throw", () => {
    let runs = 0;
    const value = lazy(() => {
      runs += 1;
      if (runs === 1) throw new Error("first");
      return runs;
    });
    expect(value).toThrow("first");
    expect(value()).toBe(2);
  });
});

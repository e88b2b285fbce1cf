import { expect, test } from "vitest";
import { runRounds } from "../../src/measure/run-rounds.ts";

test("every contender runs once a round, and another one begins each time", async () => {
  const order: string[] = [];
  const contender = (name: string) => ({
    name,
    run: async () => {
      order.push(name);
      return order.length;
    },
  });
  const samples = await runRounds([contender("a"), contender("b"), contender("c")], 3);
  expect(order.join("")).toBe("abcbcacab");
  expect(samples.get("a")).toEqual([1, 6, 8]);
});

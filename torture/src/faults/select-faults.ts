import { actionsOf, systemCalls, type CallCounts, type Fault, type SystemCall } from "./fault.ts";

/** Calls at which a transaction becomes durable or undone; all of them are always struck. */
const decisive: ReadonlySet<SystemCall> = new Set(["fsync", "fdatasync", "ftruncate", "unlink"]);

/** Every fault that a run with these counts can meet, in a fixed order. */
export function listFaults(counts: CallCounts): readonly Fault[] {
  return systemCalls.flatMap((call) =>
    actionsOf[call].flatMap((action) =>
      Array.from({ length: counts[call] }, (_, index) => ({ call, nth: index + 1, action })),
    ),
  );
}

/**
 * Chooses about `budget` faults: all at decisive calls, and of the others as many as fit, evenly spread
 * over the run, so that the beginning, the middle and the end of every kind of call are struck.
 */
export function selectFaults(counts: CallCounts, budget: number): readonly Fault[] {
  const all = listFaults(counts);
  const always = all.filter(({ call }) => decisive.has(call));
  const others = all.filter(({ call }) => !decisive.has(call));
  return [...always, ...spread(others, Math.max(0, budget - always.length))];
}

function spread<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (count >= items.length) return items;
  return Array.from({ length: count }, (_, index) => Math.floor((index * items.length) / count)).flatMap(
    (index) => items.slice(index, index + 1),
  );
}

import { runProgram, type Measures } from "../measure/run-program.ts";
import { median, medianRatio } from "../measure/statistics.ts";
import type { Finding } from "../report/finding.ts";
import type { Workload } from "./workload.ts";

const delayMs = 50;
const databases = 200;

/** W7: a server far away, and many databases at once. */
export const remote: Workload = {
  name: "w7",
  title: `A libSQL server ${delayMs} ms away against one HTTP request by hand`,
  run: async ({ effort }) => {
    const single = await runProgram("remote.ts", ["single", delayMs, Math.ceil(15 * effort)]);
    const fleets: Measures[] = [];
    const near: Measures[] = [];
    for (let round = 0; round < Math.ceil(effort); round += 1) {
      fleets.push(await runProgram("remote.ts", ["fleet", delayMs, databases]));
      near.push(await runProgram("remote.ts", ["fleet", 0, databases]));
    }
    return [
      time(single, { what: "a revision of 30 statements", floor: "rawUnit", ours: "step", goal: 1.05 }),
      time(single, {
        what: "the run that applies it to a fresh database",
        floor: "rawUnit",
        ours: "run",
        goal: null,
      }),
      time(single, { what: "upgrade() with nothing to do", floor: "rawRead", ours: "noOp", goal: 1.05 }),
      requests("requests with nothing to do", single["noOpRequests"], 1),
      requests("requests of the run", single["runRequests"], null),
      fleet(`${databases} databases, 32 at once, ${delayMs} ms away`, fleets),
      fleet(`${databases} databases, 32 at once, beside the server`, near),
      requests(`requests of ${databases} databases`, fleets[0]?.["requests"], null),
      requests(
        "databases left behind",
        Math.max(...[...fleets, ...near].map(({ behind = NaN }) => behind)),
        0,
      ),
    ];
  },
};

interface Times {
  readonly what: string;
  readonly floor: string;
  readonly ours: string;
  readonly goal: number | null;
}

function time(measures: Measures, { what, floor, ours, goal }: Times): Finding {
  const show = (name: string): string => `${(measures[`${name}Ms`] ?? Number.NaN).toFixed(1)} ms`;
  const value = measures[`${ours}Ratio`] ?? Number.NaN;
  return { what, floor: show(floor), ours: show(ours), value, goal, unit: "×" };
}

function requests(what: string, found: number | undefined, goal: number | null): Finding {
  const value = found ?? Number.NaN;
  return { what, floor: goal === null ? "" : String(goal), ours: String(value), value, goal, unit: "" };
}

function fleet(what: string, samples: readonly Measures[]): Finding {
  const pick = (name: string): readonly number[] => samples.map((sample) => sample[name] ?? Number.NaN);
  const each = (name: string): string => `${(median(pick(name)) / databases).toFixed(1)} ms each`;
  return {
    what,
    floor: each("rawMs"),
    ours: each("oursMs"),
    value: medianRatio(pick("oursMs"), pick("rawMs")),
    goal: 1.15,
    unit: "×",
  };
}

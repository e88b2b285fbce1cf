/** How much is done. Every number can be set by an environment variable of its own. */
export interface TortureSettings {
  /** Faults for each case and journal mode: all at syncs, truncations and deletions, the rest evenly spread. */
  readonly faults: number;
  /** Losses of power for each of three cases in both journal modes. */
  readonly powerLosses: number;
  /** Rounds of 16 processes, and of 50. */
  readonly rounds16: number;
  readonly rounds50: number;
  /** Storms with the lock turned off. */
  readonly brokenStorms: number;
  /** `"initial"`: processes die in SkillMeat's own revisions; `"all"`: in every case. */
  readonly deaths: "initial" | "all";
  /** Processes at a time. */
  readonly width: number;
  /** Where the random kills begin; printed with every failure. */
  readonly seed: number;
}

const everyFault = 1_000_000;

const quick: TortureSettings = {
  faults: 42,
  powerLosses: 400,
  rounds16: 20,
  rounds50: 5,
  brokenStorms: 10,
  deaths: "initial",
  width: 2,
  seed: 20_261_125,
};

const full: TortureSettings = {
  ...quick,
  faults: everyFault,
  powerLosses: 30_000,
  rounds16: 500,
  rounds50: 100,
  brokenStorms: 50,
  deaths: "all",
};

/**
 * Reads the settings: `TORTURE=full` for the long run, and `TORTURE_FAULTS`, `TORTURE_POWER_LOSSES`,
 * `TORTURE_ROUNDS_16`, `TORTURE_ROUNDS_50`, `TORTURE_BROKEN_STORMS`, `TORTURE_WIDTH`, `TORTURE_SEED` for a number of its own.
 *
 * @throws {Error} a variable is not a whole number.
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): TortureSettings {
  const base = env["TORTURE"] === "full" ? full : quick;
  const read = (name: string, otherwise: number): number => readNumber(env, name) ?? otherwise;
  return {
    faults: read("TORTURE_FAULTS", base.faults),
    powerLosses: read("TORTURE_POWER_LOSSES", base.powerLosses),
    rounds16: read("TORTURE_ROUNDS_16", base.rounds16),
    rounds50: read("TORTURE_ROUNDS_50", base.rounds50),
    brokenStorms: read("TORTURE_BROKEN_STORMS", base.brokenStorms),
    deaths: base.deaths,
    width: read("TORTURE_WIDTH", base.width),
    seed: read("TORTURE_SEED", base.seed),
  };
}

function readNumber(env: Readonly<Record<string, string | undefined>>, name: string): number | undefined {
  const text = env[name];
  if (text === undefined || text === "") return undefined;
  if (!/^\d+$/u.test(text)) throw new Error(`${name} is "${text}", expected a whole number`);
  return Number(text);
}

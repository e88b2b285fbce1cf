import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { boundaryOf, type Fixture } from "../faults/fixture.ts";
import { createRandom } from "../random.ts";
import { readDatabaseState } from "../state/database-state.ts";
import { losePower } from "./lose-power.ts";
import type { PowerPlace, Recording } from "./record-run.ts";

export interface PowerOutcome {
  /** How many events had happened, and the seed of what survived: enough to see the same files again. */
  readonly point: number;
  readonly seed: number;
  readonly boundary: ReturnType<typeof boundaryOf> | "unreadable";
  /** The run had reported its success, and it is not there. */
  readonly isLost: boolean;
}

/** Loses the power at a random moment of a recorded run and opens what is left. */
export async function tryPowerLoss(
  recording: Recording,
  seed: number,
  place: PowerPlace,
): Promise<PowerOutcome> {
  const { fixture, before, events } = recording;
  const random = createRandom(seed);
  const point = Math.floor(random() * (events.length + 1));
  const happened = events.slice(0, point);
  const files = losePower(before, happened, random);
  const directory = join(place.workspace, `power-${seed}`);
  await mkdir(directory);
  for (const [name, content] of files) await writeFile(join(directory, name), content);
  const boundary = readBoundary(join(directory, "cache.db"), fixture);
  await rm(directory, { recursive: true });
  const isAcknowledged = happened.some(({ kind }) => kind === "acknowledge");
  return { point, seed, boundary, isLost: isAcknowledged && boundary !== "after" };
}

function readBoundary(database: string, fixture: Fixture): PowerOutcome["boundary"] {
  try {
    const state = readDatabaseState(database);
    return state.integrity === "ok" ? boundaryOf(state, fixture) : "unreadable";
  } catch (error) {
    if (error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_"))
      return "unreadable";
    throw error;
  }
}

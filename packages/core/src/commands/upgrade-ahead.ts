import { MigrationError } from "../errors/migration-error.ts";
import type { RunEvent, RunListener } from "../run/events.ts";
import type { RunResult } from "../run/result.ts";
import { SuppositionFailed } from "../run/supposition.ts";
import type { CommandContext } from "./context.ts";
import { assertSound } from "./revision-library.ts";
import { planUpgrade, runUpgrade, type PlannedUpgrade } from "./run-upgrade.ts";
import { lookForJump } from "./snapshot/look-for-jump.ts";
import type { UpgradeOptions } from "./upgrade.ts";

/** How far an upgrade got that began before anything was asked. */
export interface AheadResult {
  readonly result?: RunResult;
  /** The heads of the database, where they are known by now. */
  readonly heads?: readonly string[] | undefined;
}

/**
 * Upgrades a database behind a network as the last one from the same revisions was, without asking it first where
 * it is: the first request applies the step only where the heads are those, and tells them otherwise. Whatever
 * prevents that is left to the usual way, which asks first.
 */
export async function upgradeAhead(
  context: CommandContext,
  target: string | readonly string[],
  { snapshot }: Pick<UpgradeOptions, "snapshot">,
): Promise<AheadResult> {
  const { session, lastUpgrade } = context;
  const supposed = lastUpgrade.recall(target);
  if (supposed === undefined || session.options.queue === true) return {};
  if (!(await session.canSuppose(supposed))) return {};
  const { heads } = supposed;
  const events = holdEvents(context.emit);
  const telling = { ...context, emit: events.emit };
  const planned = await planAhead(telling, { target, heads, snapshot });
  if (planned === null) return {};
  try {
    return { result: await runUpgrade(telling, planned) };
  } catch (error) {
    if (error instanceof SuppositionFailed) {
      lastUpgrade.forget();
      return { heads: error.heads };
    }
    events.release();
    throw error;
  }
}

interface AheadRequest {
  readonly target: string | readonly string[];
  readonly heads: readonly string[];
  readonly snapshot: boolean | undefined;
}

/** `null` where there is nothing to do from these heads on, or that cannot be said. */
async function planAhead(
  context: CommandContext,
  { target, heads, snapshot }: AheadRequest,
): Promise<PlannedUpgrade | null> {
  try {
    const library = assertSound(await context.library());
    const steps = planUpgrade(library.graph, heads, target);
    if (steps.length === 0) return null;
    const jump = await lookForJump(context, { library, heads, steps, snapshot, asksServer: "in the run" });
    const { emit } = context;
    const plain = { dataLoss: "allow", lateLint: undefined, accepts: false } as const;
    return { ...plain, target, library, heads, steps, jump, emit, isSupposed: true };
  } catch (error) {
    // The usual way fails with it, or finds that it does not matter to this database.
    if (!(error instanceof MigrationError)) throw error;
    context.forgetLibrary();
    return null;
  }
}

interface HeldEvents {
  readonly emit: RunListener;
  release(): void;
}

/** Tells what comes before the first answer only when something comes of the run. */
function holdEvents(emit: RunListener): HeldEvents {
  const held: RunEvent[] = [];
  let isHeld = true;
  const release = (): void => {
    isHeld = false;
    for (const event of held.splice(0)) emit(event);
  };
  return {
    emit: (event) => {
      const { kind } = event;
      if (isHeld && (kind === "run-start" || kind === "step-start" || kind === "warning")) {
        held.push(event);
        return;
      }
      if (isHeld) release();
      emit(event);
    },
    release,
  };
}

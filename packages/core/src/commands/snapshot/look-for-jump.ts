import type { Step } from "../../revision/revision-info.ts";
import type { CommandContext } from "../context.ts";
import type { RevisionLibrary } from "../revision-library.ts";
import type { Jump, JumpRequest } from "./find-jump.ts";
import { mayBeThere } from "./snapshot-place.ts";

export interface JumpQuestion extends Pick<JumpRequest, "asksServer"> {
  readonly library: RevisionLibrary;
  readonly heads: readonly string[];
  readonly steps: readonly Step[];
  /** `false`: no snapshot is to be used. */
  readonly snapshot: boolean | undefined;
}

/** Looks for a snapshot. What knows of them is imported only where there is one, and a database at base. */
export async function lookForJump(
  context: CommandContext,
  { library, heads, steps, snapshot = true, asksServer }: JumpQuestion,
): Promise<Jump | null> {
  if (!snapshot || heads.length > 0 || steps.length === 0) return null;
  const place = context.snapshot;
  if (place === null || !mayBeThere(place)) return null;
  const { findJump } = await import("../running.ts");
  return await findJump(context, { library, place, steps, asksServer });
}

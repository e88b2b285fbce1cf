import { upgradePath } from "../../revision/upgrade-path.ts";
import { assertSound } from "../revision-library.ts";
import type { SchemaContext } from "../schema-side.ts";
import { withScratch } from "../scratch.ts";
import { climb, sow } from "./climb.ts";
import type { VerifyFinding } from "./verify-finding.ts";

export interface VerifyOptions {
  /** Guess rows for the tables, so that lost rows are noticed; `true` unless told. */
  readonly fill?: boolean;
  /**
   * SQL that puts rows in once a revision is applied, by its full id. Statements that fail are a mistake of the
   * caller.
   */
  readonly seed?: Readonly<Record<string, string>>;
}

export interface VerifyResult {
  /** Whether there are no errors among the findings. */
  readonly isSound: boolean;
  /** The revisions that were tried, in their order. */
  readonly revisions: readonly string[];
  readonly findings: readonly VerifyFinding[];
}

/**
 * Takes an empty database in memory through every revision: up, down, up again. The schema must be the same
 * before and after, foreign keys and integrity clean, and no row of a table that stays may get lost. The database
 * of the project is not opened.
 */
export async function verify(
  context: SchemaContext,
  { fill = true, seed = {} }: VerifyOptions = {},
): Promise<VerifyResult> {
  const library = assertSound(await context.library());
  const unknown = Object.keys(seed).find((id) => !library.graph.index.ids.has(id));
  if (unknown !== undefined) throw new TypeError(`seed names no revision: ${unknown}`);
  const { graph } = library;
  const steps = graph.heads.length === 0 ? [] : upgradePath(graph, [], "heads");
  const findings: VerifyFinding[] = [];
  const tried: string[] = [];
  await withScratch(context.scratch, async ({ connection, session }) => {
    const base = {
      session,
      connection,
      library,
      scratch: context.scratch,
      fill,
      seed,
      signal: context.signal,
    };
    const report = (finding: VerifyFinding): void => void findings.push(finding);
    for (const step of steps) {
      tried.push(step.revision);
      if (!(await climb({ ...base, report }, step))) return;
      await sow({ ...base, report }, step.revision);
    }
  });
  const isSound = findings.every(({ severity }) => severity === "warning");
  return { isSound, revisions: tried, findings };
}

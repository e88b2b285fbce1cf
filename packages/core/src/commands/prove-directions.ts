import type { DiffOptions } from "../autogenerate/diff-options.ts";
import { diffSchemas } from "../autogenerate/diff-schemas.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { describeOperation } from "../ops/describe.ts";
import type { Operation } from "../ops/operation.ts";
import type { DatabaseSchema } from "../schema/database-schema.ts";
import { sourcesFromArray } from "../script/revision-source.ts";
import type { Revision } from "../script/revision.ts";
import { definitionTexts } from "../schema/definition-texts.ts";
import { compareSchemas } from "./compare-defaults.ts";
import { buildLibrary } from "./revision-library.ts";
import type { SchemaContext } from "./schema-side.ts";
import { explainStatement, type Scratch } from "./scratch.ts";

/** Two revisions, one after the other, and the schemas between which they lead. */
export interface Directions {
  readonly before: DatabaseSchema;
  readonly target: DatabaseSchema;
  readonly options: DiffOptions;
  readonly there: Revision;
  /** Follows `there`. */
  readonly back: Revision;
  /** Called with the schema that `there` has made, before `back` runs. */
  readonly between?: (reached: DatabaseSchema) => Promise<void>;
}

/**
 * Runs two revisions in a scratch database that holds the first schema: the one must make the second schema, the
 * other the first one again.
 *
 * @throws {SKM_AUTOGENERATE_UNPROVEN} one cannot run, or leaves a difference.
 */
export async function proveDirections(
  context: SchemaContext,
  scratch: Scratch,
  { before, target, options, there, back, between }: Directions,
): Promise<void> {
  const library = buildLibrary({ sources: sourcesFromArray([there, back]), problems: [] });
  await step(() => scratch.upgrade(library, there.revision), "upgrade");
  const reached = await scratch.readSchema();
  assertNothingLeft(diffSchemas(reached, target, options), "upgrade");
  await between?.(reached);
  await step(() => scratch.upgrade(library, back.revision), "downgrade");
  const returned = { from: await scratch.readSchema(), to: before };
  const last = await compareSchemas(returned, options, context.scratch);
  assertNothingLeft(last.operations, "downgrade");
}

/** Makes a schema in an empty scratch database. */
export async function loadSchema(scratch: Scratch, schema: DatabaseSchema): Promise<void> {
  const statements = definitionTexts(schema);
  try {
    await scratch.run(statements);
  } catch (error) {
    const hint = "a scratch database cannot hold what needs an extension";
    throw explainStatement(error, statements, { what: "the schema so far", hint });
  }
}

async function step(run: () => Promise<void>, direction: string): Promise<void> {
  try {
    await run();
  } catch (cause) {
    if (!(cause instanceof MigrationError)) throw cause;
    throw unproven(`the ${direction} cannot run: ${cause.message}`, { cause, hint: cause.hint });
  }
}

function assertNothingLeft(left: readonly Operation[], direction: string): void {
  if (left.length === 0) return;
  const differences = left.map(describeOperation);
  throw unproven(`the ${direction} leaves differences: ${differences.join("; ")}`, { differences });
}

function unproven(
  message: string,
  {
    cause,
    hint = "write this change by hand, or leave the object out with exclude",
    differences = [],
  }: {
    readonly cause?: unknown;
    readonly hint?: string | undefined;
    readonly differences?: readonly string[];
  },
): MigrationError {
  return new MigrationError("SKM_AUTOGENERATE_UNPROVEN", `cannot generate a revision: ${message}`, {
    cause,
    hint,
    details: { differences },
  });
}

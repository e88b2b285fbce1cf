import type { DiffOptions } from "../autogenerate/diff-options.ts";
import { describeOperation } from "../ops/describe.ts";
import type { Operation } from "../ops/operation.ts";
import { compareSchemas } from "./compare-defaults.ts";
import { compareOptions, readSide, type SchemaContext, type SchemaSide } from "./schema-side.ts";

export interface DiffRequest extends DiffOptions {
  /** `"heads"` unless told. */
  readonly from?: SchemaSide;
  /** `"declared"` unless told. */
  readonly to?: SchemaSide;
}

export interface SchemaDifference {
  readonly from: SchemaSide;
  readonly to: SchemaSide;
  readonly isSame: boolean;
  /** What would turn the first side into the second; a rename shows as a drop and a creation. */
  readonly operations: readonly Operation[];
  /** The operations, a line each. */
  readonly differences: readonly string[];
}

/** Compares two sides. Writes nothing to the database. */
export async function diff(
  context: SchemaContext,
  { from = "heads", to = "declared", ...request }: DiffRequest = {},
): Promise<SchemaDifference> {
  const first = await readSide(context, from);
  const sides = { from: first, to: await readSide(context, to, { side: from, schema: first }) };
  const { operations } = await compareSchemas(sides, compareOptions(context, request), context.scratch);
  return {
    from,
    to,
    isSame: operations.length === 0,
    operations,
    differences: operations.map(describeOperation),
  };
}

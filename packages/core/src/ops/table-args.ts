import { checkOf, primaryKeyOf, uniquesOf } from "../schema/table-definition.ts";
import type { TableArgs } from "./operations.ts";
import type { ConstraintDefinition, TableChange } from "./table-change.ts";

/** The changes that give a table what it shall have besides. */
export function changesOf(args: TableArgs | undefined): readonly TableChange[] {
  if (args === undefined) return [];
  const { strict, withoutRowid, foreignKeys = [], checks = [] } = args;
  const primaryKey = primaryKeyOf(args);
  const definitions: readonly ConstraintDefinition[] = [
    ...(primaryKey === undefined ? [] : [{ kind: "primaryKey", constraint: primaryKey } as const]),
    ...uniquesOf(args).map((constraint) => ({ kind: "unique", constraint }) as const),
    ...checks.map((check) => ({ kind: "check", constraint: checkOf(check) }) as const),
    ...foreignKeys.map((constraint) => ({ kind: "foreignKey", constraint }) as const),
  ];
  const options: readonly TableChange[] =
    strict === undefined && withoutRowid === undefined
      ? []
      : [
          Object.freeze({
            kind: "alterTableOptions",
            ...(strict === undefined ? {} : { strict }),
            ...(withoutRowid === undefined ? {} : { withoutRowid }),
          }),
        ];
  return [
    ...definitions.map((definition) =>
      Object.freeze<TableChange>({ kind: "createConstraint", definition: Object.freeze(definition) }),
    ),
    ...options,
  ];
}

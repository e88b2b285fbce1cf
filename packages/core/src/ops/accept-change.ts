import { assertColumn } from "../schema/assert-column.ts";
import type { ColumnDefinition } from "../schema/column-definition.ts";
import { checkOf, primaryKeyOf, uniquesOf } from "../schema/table-definition.ts";
import { acceptBoolean, isRecord, list, object, oneOf, type Accept } from "./accept.ts";
import { acceptCheck, acceptForeignKey, acceptPrimaryKey, acceptUnique } from "./accept-constraint.ts";
import { acceptIndex } from "./accept-index.ts";
import { assertSameName } from "./accept-options.ts";
import { acceptDefault, acceptExpression, acceptName } from "./accept-sql.ts";
import { acceptColumn, acceptGenerated, acceptType } from "./accept-table.ts";
import { argumentOf, describePlace } from "./place.ts";
import type {
  AddColumnChange,
  AlterColumnChange,
  ColumnChanges,
  ColumnPlace,
  ConstraintDefinition,
  ConstraintReference,
  CreateIndexChange,
  DropColumnChange,
  DropConstraintChange,
  DropIndexChange,
} from "./table-change.ts";

/** Whose call it is and which table it changes: `op.alterColumn`, or `batch.alterColumn` in a batch. */
export interface ChangeCall {
  readonly method: string;
  readonly table: string;
}

const acceptPlace = object<ColumnPlace>({ insertBefore: acceptName, insertAfter: acceptName }, []);

export function acceptAddColumn(call: ChangeCall, column: unknown, place: unknown): AddColumnChange {
  const definition = acceptColumn(column, argumentOf(call.method, "column", column));
  assertColumn(definition, call.table);
  const { insertBefore, insertAfter } =
    place === undefined ? {} : acceptPlace(place, argumentOf(call.method, "place", place));
  if (insertBefore !== undefined && insertAfter !== undefined) {
    throw new TypeError(`place in ${call.method} has insertBefore and insertAfter, only one can be`);
  }
  return {
    kind: "addColumn",
    column: definition,
    ...(insertBefore === undefined ? {} : { insertBefore }),
    ...(insertAfter === undefined ? {} : { insertAfter }),
  };
}

const acceptDropOptions = object<{ readonly definition?: ColumnDefinition }>(
  { definition: acceptColumn },
  [],
);

export function acceptDropColumn(call: ChangeCall, column: unknown, options: unknown): DropColumnChange {
  const name = acceptName(column, argumentOf(call.method, "column", column));
  const place = argumentOf(call.method, "options", options);
  const { definition } = options === undefined ? {} : acceptDropOptions(options, place);
  if (definition === undefined) return { kind: "dropColumn", column: name };
  assertColumn(definition, call.table);
  assertSameName(name, definition.name, place);
  return { kind: "dropColumn", column: name, definition };
}

/** Accepts `null` as well, which takes the property away. */
function orNull<Value>(accept: Accept<Value>): Accept<Value | null> {
  return (value, place) => (value === null ? null : accept(value, place));
}

const acceptChanges = object<ColumnChanges>(
  {
    name: acceptName,
    type: acceptType,
    nullable: acceptBoolean,
    default: acceptDefault,
    collate: orNull(acceptName),
    generated: orNull(acceptGenerated),
    autoincrement: acceptBoolean,
  },
  [],
);

const acceptAlterOptions = object<{ readonly existing?: ColumnChanges }>({ existing: acceptChanges }, []);

export interface AlterArguments {
  readonly column: unknown;
  readonly changes: unknown;
  readonly options: unknown;
}

export function acceptAlterColumn(call: ChangeCall, given: AlterArguments): AlterColumnChange {
  const { method } = call;
  const column = acceptName(given.column, argumentOf(method, "column", given.column));
  const changes = acceptChanges(given.changes, argumentOf(method, "changes", given.changes));
  const { existing } =
    given.options === undefined
      ? {}
      : acceptAlterOptions(given.options, argumentOf(method, "options", given.options));
  return { kind: "alterColumn", column, changes, ...(existing === undefined ? {} : { existing }) };
}

type ConstraintAcceptors = {
  readonly [Kind in ConstraintDefinition["kind"]]: (
    value: unknown,
    place: ReturnType<typeof argumentOf>,
  ) => Extract<ConstraintDefinition, { readonly kind: Kind }>;
};

const constraintAcceptors: ConstraintAcceptors = {
  primaryKey: (value, place) => {
    const constraint = primaryKeyOf({ primaryKey: acceptPrimaryKey(value, place) });
    if (constraint === undefined) throw new TypeError(`${describePlace(place)} must be a primary key`);
    return { kind: "primaryKey", constraint };
  },
  unique: (value, place) => {
    const [constraint] = uniquesOf({ uniques: [acceptUnique(value, place)] });
    if (constraint === undefined) throw new TypeError(`${describePlace(place)} must be a unique constraint`);
    return { kind: "unique", constraint };
  },
  check: (value, place) => ({ kind: "check", constraint: checkOf(acceptCheck(value, place)) }),
  foreignKey: (value, place) => ({ kind: "foreignKey", constraint: acceptForeignKey(value, place) }),
};

export function acceptConstraint(
  call: ChangeCall,
  kind: ConstraintDefinition["kind"],
  constraint: unknown,
): ConstraintDefinition {
  return Object.freeze(
    constraintAcceptors[kind](constraint, argumentOf(call.method, "constraint", constraint)),
  );
}

const acceptConstraintKind = oneOf("primaryKey", "unique", "check", "foreignKey", "notNull");

const acceptReference = object<ConstraintReference>(
  {
    name: acceptName,
    kind: acceptConstraintKind,
    columns: list(acceptName),
    expression: acceptExpression,
  },
  [],
);

const acceptTaggedConstraint: Accept<ConstraintDefinition> = (value, place) => {
  const kind = isRecord(value) ? value["kind"] : undefined;
  const tag = oneOf(
    "primaryKey",
    "unique",
    "check",
    "foreignKey",
  )(kind, {
    parent: place,
    key: "kind",
    value: kind,
  });
  const constraint = isRecord(value) ? value["constraint"] : undefined;
  return Object.freeze(
    constraintAcceptors[tag](constraint, { parent: place, key: "constraint", value: constraint }),
  );
};

const acceptDropConstraintOptions = object<{ readonly definition?: ConstraintDefinition }>(
  { definition: acceptTaggedConstraint },
  [],
);

export function acceptDropConstraint(
  call: ChangeCall,
  constraint: unknown,
  options: unknown,
): DropConstraintChange {
  const place = argumentOf(call.method, "constraint", constraint);
  const reference: ConstraintReference =
    typeof constraint === "string"
      ? { name: acceptName(constraint, place) }
      : acceptReference(constraint, place);
  if (reference.name === undefined && reference.kind === undefined) {
    throw new TypeError(`${describePlace(place)} needs the name of the constraint, or its kind`);
  }
  const { definition } =
    options === undefined
      ? {}
      : acceptDropConstraintOptions(options, argumentOf(call.method, "options", options));
  return {
    kind: "dropConstraint",
    constraint: Object.freeze(reference),
    ...(definition === undefined ? {} : { definition }),
  };
}

/** An index of the batch's table: `table` is filled in. */
export function acceptBatchIndex(call: ChangeCall, index: unknown): CreateIndexChange {
  const withTable = isRecord(index) ? { table: call.table, ...index } : index;
  const place = argumentOf(call.method, "index", withTable);
  const accepted = acceptIndex(withTable, place);
  assertSameName(call.table, accepted.table, place);
  return { kind: "createIndex", index: accepted };
}

export function acceptBatchDropIndex(call: ChangeCall, index: unknown, options: unknown): DropIndexChange {
  const name = acceptName(index, argumentOf(call.method, "index", index));
  if (options === undefined) return { kind: "dropIndex", index: name };
  const given = isRecord(options) ? options["definition"] : undefined;
  if (given === undefined) return { kind: "dropIndex", index: name };
  return { kind: "dropIndex", index: name, definition: acceptBatchIndex(call, given).index };
}

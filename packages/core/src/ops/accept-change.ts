import { assertColumn } from "../schema/assert-column.ts";
import type { IndexDefinition } from "../schema/index-definition.ts";
import { checkOf, isSameName, primaryKeyOf, uniquesOf } from "../schema/table-definition.ts";
import { acceptBoolean, isRecord, list, object, oneOf, type Accept } from "./accept.ts";
import { acceptCheck, acceptForeignKey, acceptPrimaryKey, acceptUnique } from "./accept-constraint.ts";
import { acceptIndex } from "./accept-index.ts";
import { acceptCreateOptions, assertSameName, dropOptions } from "./accept-options.ts";
import { acceptDefault, acceptExpression, acceptName } from "./accept-sql.ts";
import { acceptColumn, acceptGenerated, acceptType } from "./accept-table.ts";
import type { AddColumnOptions, AlterColumnOptions, DropConstraintOptions } from "./operations.ts";
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

const places = { insertBefore: acceptName, insertAfter: acceptName };

const acceptAddOptions = object<AddColumnOptions>({ ...places, ifNotExists: acceptBoolean }, []);

export function acceptAddColumn(call: ChangeCall, column: unknown, options: unknown): AddColumnChange {
  const definition = acceptColumn(column, argumentOf(call.method, "column", column));
  assertColumn(definition, call.table);
  const { ifNotExists, ...place } =
    options === undefined ? {} : acceptAddOptions(options, argumentOf(call.method, "options", options));
  assertOnePlace(call, place, definition.name);
  return {
    kind: "addColumn",
    column: definition,
    ...place,
    ...(ifNotExists === true ? { ifNotExists } : {}),
  };
}

function assertOnePlace({ method }: ChangeCall, place: ColumnPlace, column: string): void {
  const { insertBefore, insertAfter } = place;
  if (insertBefore !== undefined && insertAfter !== undefined) {
    throw new TypeError(`options in ${method} has insertBefore and insertAfter, only one can be`);
  }
  const beside = insertBefore ?? insertAfter;
  if (beside !== undefined && isSameName(beside, column)) {
    throw new TypeError(`options in ${method} puts the column beside itself`);
  }
}

export function acceptDropColumn(call: ChangeCall, column: unknown, options: unknown): DropColumnChange {
  const name = acceptName(column, argumentOf(call.method, "column", column));
  const accepted = dropOptions(call.method, acceptColumn)(name, options);
  if (accepted.definition !== undefined) assertColumn(accepted.definition, call.table);
  return { kind: "dropColumn", column: name, ...accepted };
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

const acceptAlterOptions = object<AlterColumnOptions>({ ...places, existing: acceptChanges }, []);

export interface AlterArguments {
  readonly column: unknown;
  readonly changes: unknown;
  readonly options: unknown;
}

export function acceptAlterColumn(call: ChangeCall, given: AlterArguments): AlterColumnChange {
  const { method } = call;
  const column = acceptName(given.column, argumentOf(method, "column", given.column));
  const changes = acceptChanges(given.changes, argumentOf(method, "changes", given.changes));
  const options =
    given.options === undefined
      ? {}
      : acceptAlterOptions(given.options, argumentOf(method, "options", given.options));
  assertOnePlace(call, options, column);
  return { kind: "alterColumn", column, changes, ...options };
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

const acceptDropConstraintOptions = object<DropConstraintOptions>(
  { definition: acceptTaggedConstraint, ifExists: acceptBoolean },
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
  const { definition, ifExists } =
    options === undefined
      ? {}
      : acceptDropConstraintOptions(options, argumentOf(call.method, "options", options));
  return {
    kind: "dropConstraint",
    constraint: Object.freeze(reference),
    ...(ifExists === true ? { ifExists } : {}),
    ...(definition === undefined ? {} : { definition }),
  };
}

/** An index of the batch's table: `table` is filled in. */
export function acceptBatchIndex(call: ChangeCall, index: unknown, options: unknown): CreateIndexChange {
  const accepted = indexOf(call.table)(index, argumentOf(call.method, "index", index));
  return { kind: "createIndex", index: accepted, ...acceptCreateOptions(call.method, options) };
}

export function acceptBatchDropIndex(call: ChangeCall, index: unknown, options: unknown): DropIndexChange {
  const name = acceptName(index, argumentOf(call.method, "index", index));
  return {
    kind: "dropIndex",
    index: name,
    ...dropOptions(call.method, indexOf(call.table))(name, options),
  };
}

function indexOf(table: string): Accept<IndexDefinition> {
  return (value, place) => {
    const index = acceptIndex(isRecord(value) ? { table, ...value } : value, place);
    assertSameName(table, index.table, place);
    return index;
  };
}

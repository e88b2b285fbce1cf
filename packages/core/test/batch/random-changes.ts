import * as fc from "fast-check";
import type { BatchOperations, Operations } from "@skillmeat/migrate-core";
import { at, columnName, isGenerated, keyName, typeOf, type RandomDatabase } from "./random-database.ts";

type ValueOf<Source> = Source extends fc.Arbitrary<infer Value> ? Value : never;

const kinds = [
  "addColumn",
  "insertColumn",
  "dropColumn",
  "renameColumn",
  "renameTable",
  "setType",
  "setNotNull",
  "setDefault",
  "createIndex",
  "createCheck",
  "createUnique",
  "createForeignKey",
  "createTable",
  "createView",
  "recreate",
] as const;

const change = fc.record({ kind: fc.constantFrom(...kinds), table: fc.nat(3), column: fc.nat(5) });

export const changesArbitrary = fc.record({
  changes: fc.array(change, { minLength: 1, maxLength: 4 }),
  /** Whether changes of one table that follow each other are one batch, with at most one rebuild. */
  isBatched: fc.boolean(),
});

export type RandomChanges = ValueOf<typeof changesArbitrary>;

/** A column of the first database, as it is found later. */
interface TrackedColumn {
  readonly first: string;
  name: string;
  /** Its values need not be those of the first database. */
  isChanged: boolean;
  /** `null` for a column that is generated, or part of a key. */
  readonly definition: RandomDatabase["tables"][number]["shapes"][number]["definition"] | null;
  /** A new constraint is about it, and would go with it. */
  isConstrained: boolean;
}

export interface TrackedTable {
  readonly first: string;
  name: string;
  readonly type: string;
  readonly isRowid: boolean;
  readonly columns: TrackedColumn[];
}

/** A change, and what takes it back. */
export interface Change {
  readonly up: (op: Operations) => void;
  readonly down: (op: Operations) => void;
  /** The change as part of a batch, where it can be one. */
  readonly batch?: BatchChange;
}

interface BatchChange {
  readonly table: string;
  readonly up: (batch: BatchOperations) => void;
  readonly down: (batch: BatchOperations) => void;
}

const batched = (batch: BatchChange): Change => ({
  up: (op) => op.batchAlterTable(batch.table, batch.up),
  down: (op) => op.batchAlterTable(batch.table, batch.down),
  batch,
});

/** Makes one batch of changes of the same table that follow each other. */
function joinBatches(changes: readonly Change[]): readonly Change[] {
  const joined: Change[] = [];
  for (const change of changes) {
    const first = joined.at(-1)?.batch;
    const second = change.batch;
    if (first === undefined || second === undefined || first.table !== second.table) {
      joined.push(change);
      continue;
    }
    const both = {
      table: first.table,
      up: (batch: BatchOperations) => [first, second].forEach(({ up }) => up(batch)),
      down: (batch: BatchOperations) => [second, first].forEach(({ down }) => down(batch)),
    };
    joined.splice(-1, 1, batched(both));
  }
  return joined;
}

/** What the changes are, and which name everything has after them. */
export interface Scenario {
  readonly tables: readonly TrackedTable[];
  readonly changes: readonly Change[];
  readonly hasRenames: boolean;
}

export function trackTables(given: RandomDatabase): TrackedTable[] {
  return given.tables.map((table) => ({
    first: table.name,
    name: table.name,
    type: typeOf(table),
    isRowid: table.key.isRowid,
    columns: [
      { first: "k", name: "k", isChanged: false, isConstrained: false, definition: null },
      ...table.shapes.map((shape, number) => ({
        first: columnName(number),
        name: columnName(number),
        isChanged: false,
        isConstrained: false,
        definition: isGenerated(shape) ? null : shape.definition,
      })),
      ...table.foreignKeys.map((_, number) => ({
        first: keyName(number),
        name: keyName(number),
        isChanged: false,
        isConstrained: false,
        definition: null,
      })),
    ],
  }));
}

/** Plans the changes against the names that things have when it is their turn. */
export function planChanges(given: RandomDatabase, { changes, isBatched }: RandomChanges): Scenario {
  const tables = trackTables(given);
  const planned = changes.map((one, number) => planChange(tables, one, number));
  const hasRenames = changes.some(({ kind }) => kind === "renameColumn" || kind === "renameTable");
  return { tables, changes: isBatched ? joinBatches(planned) : planned, hasRenames };
}

/** What a change can be about. */
interface Subject {
  readonly tables: TrackedTable[];
  readonly owner: TrackedTable;
  readonly type: string;
  /** An ordinary column of the first database, if one is left. */
  readonly chosen: TrackedColumn | undefined;
  /** Any column. */
  readonly any: TrackedColumn;
  /** The name of `chosen`, else of the key. */
  readonly column: string;
  /** The name of the key. */
  readonly key: string;
  readonly number: number;
  readonly inBatch: (up: (batch: BatchOperations) => void, down: (batch: BatchOperations) => void) => Change;
}

function planChange(
  tables: TrackedTable[],
  { kind, table, column }: RandomChanges["changes"][number],
  number: number,
): Change {
  const owner = at(tables, table);
  const { name, type, columns } = owner;
  const key = columns.find(({ first }) => first === "k")?.name ?? "k";
  const plain = columns.filter(({ definition }) => definition !== null);
  const chosen = plain.length === 0 ? undefined : at(plain, column);
  const inBatch: Subject["inBatch"] = (up, down) => batched({ table: name, up, down });
  const any = at(columns, column);
  return planners[kind]({
    tables,
    owner,
    type,
    chosen,
    any,
    column: chosen?.name ?? key,
    key,
    number,
    inBatch,
  });
}

const nothing: Change = { up: () => undefined, down: () => undefined };

const planners: Readonly<Record<(typeof kinds)[number], (subject: Subject) => Change>> = {
  addColumn: ({ owner: { name }, type, number }) => ({
    up: (op) => op.addColumn(name, { name: `n${number}`, type, default: "new" }),
    down: (op) => op.dropColumn(name, `n${number}`),
  }),
  insertColumn: ({ any, type, number, inBatch }) => {
    const place = { insertBefore: any.name };
    return inBatch(
      (batch) => batch.addColumn({ name: `n${number}`, type }, place),
      (batch) => batch.dropColumn(`n${number}`),
    );
  },
  dropColumn: ({ owner, chosen, inBatch }) => {
    if (chosen === undefined || chosen.isConstrained) return nothing;
    const next = owner.columns[owner.columns.indexOf(chosen) + 1];
    owner.columns.splice(owner.columns.indexOf(chosen), 1);
    const { name } = chosen;
    const definition = { name, type: owner.type, ...chosen.definition };
    const place = next === undefined ? {} : { insertBefore: next.name };
    return inBatch(
      (batch) => batch.dropColumn(name),
      (batch) => batch.addColumn(definition, place),
    );
  },
  renameColumn: ({ any, number, inBatch }) => {
    const [from, to] = [any.name, `renamed ${number}`];
    any.name = to;
    return inBatch(
      (batch) => batch.renameColumn(from, to),
      (batch) => batch.renameColumn(to, from),
    );
  },
  renameTable: ({ owner, number }) => {
    const { name } = owner;
    owner.name = `other ${number}`;
    return {
      up: (op) => op.renameTable(name, `other ${number}`),
      down: (op) => op.renameTable(`other ${number}`, name),
    };
  },
  setType: ({ chosen, type, column, inBatch }) => {
    if (chosen === undefined) return nothing;
    chosen.isChanged = true;
    return inBatch(
      (batch) => batch.alterColumn(column, { type: type === "ANY" ? "BLOB" : "INTEGER" }),
      (batch) => batch.alterColumn(column, { type }),
    );
  },
  setNotNull: ({ chosen, column, inBatch }) => {
    if (chosen === undefined || chosen.definition?.nullable === false) return nothing;
    return inBatch(
      (batch) => batch.alterColumn(column, { nullable: false }),
      (batch) => batch.alterColumn(column, { nullable: true }),
    );
  },
  setDefault: ({ chosen, column, inBatch }) => {
    if (chosen === undefined || chosen.definition?.default !== undefined) return nothing;
    return inBatch(
      (batch) => batch.alterColumn(column, { default: "x -- y" }),
      (batch) => batch.alterColumn(column, { default: null }),
    );
  },
  createIndex: ({ owner: { name }, column, number }) => ({
    up: (op) => op.createIndex({ name: `new${number}`, table: name, columns: [column] }),
    down: (op) => op.dropIndex(`new${number}`),
  }),
  createCheck: ({ number, inBatch }) =>
    inBatch(
      (batch) => batch.createCheckConstraint({ name: `ck${number}`, expression: "1 /* ) */ < 2" }),
      (batch) => batch.dropConstraint(`ck${number}`),
    ),
  createUnique: ({ chosen, column, number, inBatch }) => {
    if (chosen !== undefined) chosen.isConstrained = true;
    return inBatch(
      (batch) => batch.createUniqueConstraint({ name: `uq${number}`, columns: [column] }),
      (batch) => batch.dropConstraint(`uq${number}`),
    );
  },
  // Every row refers to itself, so that a rebuild with enforced keys would delete them all.
  createForeignKey: ({ owner: { name }, key, number, inBatch }) =>
    inBatch(
      (batch) =>
        batch.createForeignKey({
          name: `fk new ${number}`,
          columns: [key],
          references: { table: name, columns: [key], onDelete: "cascade" },
        }),
      (batch) => batch.dropConstraint(`fk new ${number}`),
    ),
  createTable: ({ number }) => ({
    up: (op) => op.createTable({ name: `made ${number}`, columns: [{ name: "id", primaryKey: true }] }),
    down: (op) => op.dropTable(`made ${number}`),
  }),
  createView: ({ number }) => ({
    up: (op) => op.createView({ name: `seen ${number}`, as: "SELECT x FROM log" }),
    down: (op) => op.dropView(`seen ${number}`),
  }),
  recreate: ({ owner: { name } }) => ({
    up: (op) => op.batchAlterTable(name, { recreate: "always" }, () => undefined),
    down: () => undefined,
  }),
};

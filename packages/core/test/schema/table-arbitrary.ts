import * as fc from "fast-check";
import type {
  ColumnDefinition,
  ConflictResolution,
  ForeignKeyDefinition,
  LiteralValue,
  SqlFragment,
  TableDefinition,
} from "@skillmeat/migrate-core";
import { foldName } from "../../src/schema/table-definition.ts";

/** Names that need quotes, and names that do not. */
export const nameArbitrary: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("a", "b", "Id", "name", "order", "key", "rowid", "group", "true", "within"),
  fc
    .array(fc.constantFrom(...Array.from("aZ9_ \"'[]`;.-$é名😀\n(")), { minLength: 1, maxLength: 6 })
    .map((units) => units.join("")),
);

const conflict = fc.constantFrom<ConflictResolution>("rollback", "abort", "fail", "ignore", "replace");
const action = fc.constantFrom("no action", "restrict", "set null", "set default", "cascade");
const type = fc.constantFrom("INTEGER", "TEXT", "REAL", "BLOB", "VARCHAR(20)", "DECIMAL(10, 2)", "my type");
const strictType = fc.constantFrom("INTEGER", "INT", "TEXT", "REAL", "BLOB", "ANY");

const literal: fc.Arbitrary<LiteralValue | SqlFragment> = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 6 }).filter((text) => !text.includes("\0")),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array({ maxLength: 4 }),
  fc
    .constantFrom("CURRENT_TIMESTAMP", "1 + 1", "(abs(-1))", "'x' || 'y'", "-5")
    .map((text): SqlFragment => ({ kind: "sql", text })),
);

/** Leaves out the properties that are `undefined`. */
function compact<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, property]) => property !== undefined)) as Value;
}

const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });

function columnArbitrary(name: string, isStrict: boolean): fc.Arbitrary<ColumnDefinition> {
  const kind = isStrict ? strictType : maybe(type);
  const plain = fc.record({
    name: fc.constant(name),
    type: kind,
    nullable: maybe(fc.boolean()),
    default: maybe(literal),
    collate: maybe(fc.constantFrom("BINARY", "NOCASE", "RTRIM")),
    unique: maybe(fc.oneof(fc.boolean(), fc.record({ name: nameArbitrary, onConflict: conflict }))),
    check: maybe(fc.constantFrom("1", "(1) OR (0)", "')' <> '('")),
    references: maybe(
      fc
        .record({
          table: nameArbitrary,
          column: maybe(nameArbitrary),
          onDelete: maybe(action),
          onUpdate: maybe(action),
        })
        .map(compact),
    ),
  });
  const generated = fc.record({
    name: fc.constant(name),
    type: kind,
    generated: fc.record({ as: fc.constantFrom("1", "1 + 1", "(2)"), stored: fc.boolean() }),
  });
  return fc.oneof({ arbitrary: plain, weight: 5 }, { arbitrary: generated, weight: 1 }).map((column) => {
    // `unique` and the like are exact optional properties: absent, not undefined.
    return compact(column) as ColumnDefinition;
  });
}

type KeyChoice = "column" | "table" | "none" | "autoincrement";

function keyed(table: TableDefinition, choice: KeyChoice): TableDefinition {
  const [first, ...rest] = table.columns;
  if (choice === "none" || first === undefined) return table;
  const { generated: _generated, nullable, ...column } = first;
  const canBeNull = table.strict !== true && choice !== "column" && nullable !== undefined;
  const key: ColumnDefinition = canBeNull ? { ...column, nullable } : column;
  if (choice === "table") return { ...table, columns: [key, ...rest], primaryKey: [key.name] };
  if (choice === "column") {
    return { ...table, columns: [{ ...key, primaryKey: true }, ...rest], withoutRowid: true };
  }
  return { ...table, columns: [{ ...key, type: "INTEGER", primaryKey: { autoincrement: true } }, ...rest] };
}

/** Tables that SQLite accepts, with names, literals and clauses of every kind. */
export const tableArbitrary: fc.Arbitrary<TableDefinition> = fc
  .tuple(fc.uniqueArray(nameArbitrary, { minLength: 2, maxLength: 6, selector: foldName }), fc.boolean())
  .chain(([[name = "t", ...columns], strict]) =>
    fc
      .record({
        name: fc.constant(name),
        columns: fc.tuple(...columns.map((column) => columnArbitrary(column, strict))),
        uniques: fc.array(fc.uniqueArray(fc.constantFrom(...columns), { minLength: 1 }), { maxLength: 2 }),
        checks: fc.array(fc.record({ name: nameArbitrary, expression: fc.constantFrom("1", "2 > 1") }), {
          maxLength: 2,
        }),
        foreignKeys: fc.array(foreignKey(columns), { maxLength: 2 }),
        strict: fc.constant(strict),
        choice: fc.constantFrom(
          "column" as const,
          "table" as const,
          "none" as const,
          "autoincrement" as const,
        ),
      })
      .filter((table) => table.columns.some((column) => column.generated === undefined))
      .map(({ choice, ...table }) => keyed(table, choice)),
  );

function foreignKey(columns: readonly string[]): fc.Arbitrary<ForeignKeyDefinition> {
  return fc
    .record({
      columns: fc.uniqueArray(fc.constantFrom(...columns), { minLength: 1 }),
      table: nameArbitrary,
      named: fc.boolean(),
      onDelete: maybe(action),
      onUpdate: maybe(action),
      deferrable: maybe(
        fc.constantFrom(true, false, "initially deferred" as const, "initially immediate" as const),
      ),
    })
    .map(({ columns: own, table, named, ...rules }) => ({
      columns: own,
      references: compact({ table, columns: named ? own : undefined, ...rules }),
    })) as fc.Arbitrary<ForeignKeyDefinition>;
}

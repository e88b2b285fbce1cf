import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { Operation } from "../ops/operation.ts";
import type {
  AlterColumnChange,
  AlterTableOptionsChange,
  ColumnChanges,
  TableChange,
} from "../ops/table-change.ts";
import type { ColumnDefinition } from "../schema/column-definition.ts";
import { affinityOf } from "../sql/type-affinity.ts";

/** What the rows of a database may have against an operation, or lose by it. */
export interface Risk {
  readonly kind: "loses-data" | "may-fail";
  readonly message: string;
}

/** Says what the author of a revision has to think about: data that goes, rows that may not fit. */
export function listRisks(operations: readonly Operation[]): readonly Risk[] {
  return operations.flatMap((operation): readonly Risk[] => {
    if (operation.kind === "dropTable") {
      return [losesData(`the rows of table ${quoteForMessage(operation.table)} go`)];
    }
    if (operation.kind === "dropColumn") return risksOfDrop(operation.table, operation);
    if (operation.kind === "addColumn") return risksOfAdd(operation.table, operation.column);
    if (operation.kind !== "batchAlterTable") return [];
    return [
      ...(operation.copyFrom === undefined ? [] : [risksOfCopy(operation.table)]),
      ...operation.changes.flatMap((change) => risksOfChange(operation.table, change)),
    ];
  });
}

const losesData = (message: string): Risk => ({ kind: "loses-data", message });
const mayFail = (message: string): Risk => ({ kind: "may-fail", message });
const pathOf = (table: string, column: string): string => quoteForMessage(`${table}.${column}`);

function risksOfCopy(table: string): Risk {
  return mayFail(
    `table ${quoteForMessage(table)} is made anew: rows that do not fit the new definition cannot stay`,
  );
}

function risksOfChange(table: string, change: TableChange): readonly Risk[] {
  if (change.kind === "dropColumn") return risksOfDrop(table, change);
  if (change.kind === "addColumn") return risksOfAdd(table, change.column);
  if (change.kind === "createConstraint") {
    const name = names[change.definition.kind];
    return [mayFail(`table ${quoteForMessage(table)} gets a ${name}: rows that break it cannot stay`)];
  }
  if (change.kind === "alterTableOptions") return risksOfOptions(table, change);
  return change.kind === "alterColumn" ? risksOfAlter(table, change) : [];
}

function risksOfOptions(table: string, { strict, withoutRowid }: AlterTableOptionsChange): readonly Risk[] {
  return [
    ...(strict === true
      ? [
          mayFail(
            `table ${quoteForMessage(table)} becomes STRICT: rows with values of other types cannot stay`,
          ),
        ]
      : []),
    ...(withoutRowid === true
      ? [
          mayFail(
            `table ${quoteForMessage(table)} becomes WITHOUT ROWID: rows with NULL in the key cannot stay`,
          ),
        ]
      : []),
  ];
}

function risksOfDrop(
  table: string,
  { column, definition }: { readonly column: string; readonly definition?: ColumnDefinition },
): readonly Risk[] {
  const isComputed = definition?.generated !== undefined;
  return isComputed ? [] : [losesData(`the values of column ${pathOf(table, column)} go`)];
}

function risksOfAdd(table: string, column: ColumnDefinition): readonly Risk[] {
  if (!needsValue(column)) return [];
  const path = pathOf(table, column.name);
  return [mayFail(`column ${path} is NOT NULL without a default: a table with rows cannot get it`)];
}

function risksOfAlter(table: string, { column, changes, existing }: AlterColumnChange): readonly Risk[] {
  const path = pathOf(table, column);
  const isGenerated = (generated: ColumnChanges["generated"]): boolean =>
    generated !== undefined && generated !== null;
  const isComputed = isGenerated(changes.generated) && !isGenerated(existing?.generated);
  const converts = changes.type !== undefined && convertsText(existing?.type ?? "", changes.type);
  return [
    ...(changes.nullable === false
      ? [mayFail(`column ${path} becomes NOT NULL: rows with NULL cannot stay`)]
      : []),
    ...(converts
      ? [losesData(`text in column ${path} that looks like a number becomes one: '007' is 7 then`)]
      : []),
    ...(isComputed ? [losesData(`the values of column ${path} are computed from now on`)] : []),
  ];
}

/** Whether the new affinity makes numbers of texts that the old one kept (datatype3.html#type_affinity). */
function convertsText(from: string, to: string): boolean {
  const isNumeric = (type: string): boolean => ["INTEGER", "REAL", "NUMERIC"].includes(affinityOf(type));
  return !isNumeric(from) && isNumeric(to);
}

const names = {
  primaryKey: "primary key",
  unique: "UNIQUE",
  check: "CHECK",
  foreignKey: "foreign key",
} as const;

function needsValue({ nullable, notNull, default: value, generated }: ColumnDefinition): boolean {
  const isNotNull = nullable === false || notNull !== undefined;
  return isNotNull && generated === undefined && (value === undefined || value === null);
}

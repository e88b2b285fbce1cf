import { escapeControls, quoteForMessage } from "../errors/quote-for-message.ts";
import type { ColumnDefinition } from "../schema/column-definition.ts";
import type { IndexColumn, IndexDefinition } from "../schema/index-definition.ts";
import { isSqlFragment, textOf } from "../schema/sql-fragment.ts";
import { assertNever } from "../util/assert-never.ts";
import { describeChange } from "./describe-change.ts";
import type { Operation } from "./operation.ts";

const longestSql = 72;

/** Says in one line for people what an operation does, such as `create table "projects" (9 columns)`. */
export function describeOperation(operation: Operation): string {
  switch (operation.kind) {
    case "createTable": {
      const { name, columns } = operation.table;
      return `create table ${quoteForMessage(name)} (${count(columns.length, "column")})`;
    }
    case "dropTable":
      return `drop table ${quoteForMessage(operation.table)}`;
    case "renameTable":
      return `rename table ${quoteForMessage(operation.table)} to ${quoteForMessage(operation.to)}`;
    case "addColumn":
      return `add column ${describeColumn(operation.table, operation.column)}`;
    case "dropColumn":
      return `drop column ${quoteForMessage(`${operation.table}.${operation.column}`)}`;
    case "renameColumn":
      return `rename column ${quoteForMessage(`${operation.table}.${operation.column}`)} to ${quoteForMessage(operation.to)}`;
    case "batchAlterTable": {
      const changes = operation.changes.map(describeChange).join(", ");
      return `alter table ${quoteForMessage(operation.table)}: ${changes === "" ? "rebuild it" : changes}`;
    }
    case "createIndex":
      return describeIndex(operation.index);
    case "dropIndex":
      return `drop index ${quoteForMessage(operation.index)}`;
    case "createTrigger":
      return `create trigger ${quoteForMessage(operation.trigger.name)} on ${quoteForMessage(operation.trigger.table)}`;
    case "dropTrigger":
      return `drop trigger ${quoteForMessage(operation.trigger)}`;
    case "createView":
      return `create view ${quoteForMessage(operation.view.name)}`;
    case "dropView":
      return `drop view ${quoteForMessage(operation.view)}`;
    case "execute":
      return `execute ${firstLine(operation.sql)}`;
    case "require":
      return `require ${firstLine(operation.message)}`;
    case "bulkInsert":
      return `insert ${count(operation.rowCount, "row")} into ${quoteForMessage(operation.table)}`;
    default:
      return assertNever(operation);
  }
}

function describeColumn(table: string, column: ColumnDefinition): string {
  const type = column.type === undefined ? "" : ` (${escapeControls(column.type)})`;
  return `${quoteForMessage(`${table}.${column.name}`)}${type}`;
}

function describeIndex(index: IndexDefinition): string {
  const unique = index.unique === true ? "unique " : "";
  const columns = index.columns.map(describeIndexColumn).join(", ");
  return `create ${unique}index ${quoteForMessage(index.name)} on ${quoteForMessage(index.table)} (${columns})`;
}

function describeIndexColumn(column: IndexColumn): string {
  if (typeof column === "string") return escapeControls(column);
  if (isSqlFragment(column)) return firstLine(column.text);
  return "sql" in column ? firstLine(textOf(column.sql)) : escapeControls(column.column);
}

function firstLine(sql: string): string {
  const line = escapeControls(sql.slice(0, 4 * longestSql).replaceAll(/\s+/gu, " ")).trim();
  return line.length > longestSql ? `${line.slice(0, longestSql)}…` : line;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

import type { ColumnDefinition } from "../schema/column-definition.ts";
import type { CheckDefinition, KeyColumn, KeyColumnDefinition } from "../schema/constraint-definition.ts";
import {
  isSqlFragment,
  textOf,
  type LiteralValue,
  type SqlFragment,
  type SqlText,
} from "../schema/sql-fragment.ts";
import {
  checkOf,
  foldName,
  keyColumnOf,
  primaryKeyOf,
  uniquesOf,
  type TableDefinition,
} from "../schema/table-definition.ts";
import { renderLiteral } from "../sql/render-literal.ts";
import { nextToken } from "../sql/token.ts";
import { unquoteToken } from "../sql/unquote-token.ts";

/** The same table in the shortest form, as a person would write it. */
export function tidyTable(table: TableDefinition): TableDefinition {
  const key = primaryKeyOf(table);
  return {
    ...table,
    columns: table.columns.map(tidyColumn),
    ...(key === undefined
      ? {}
      : { primaryKey: shortest({ ...key, columns: key.columns.map(tidyKeyColumn) }) }),
    ...(table.uniques === undefined
      ? {}
      : {
          uniques: uniquesOf(table).map((unique) =>
            shortest({ ...unique, columns: unique.columns.map(tidyKeyColumn) }),
          ),
        }),
    ...(table.checks === undefined ? {} : { checks: table.checks.map(tidyCheck) }),
  };
}

export function tidyColumn(column: ColumnDefinition): ColumnDefinition {
  return {
    ...column,
    ...(column.default === undefined ? {} : { default: tidyDefault(column.default) }),
    ...(column.primaryKey === undefined ? {} : { primaryKey: tidyFlag(column.primaryKey) }),
    ...(column.unique === undefined ? {} : { unique: tidyFlag(column.unique) }),
    ...(column.check === undefined ? {} : { check: tidyCheck(column.check) }),
  };
}

function tidyFlag<Details extends object>(value: boolean | Details): boolean | Details {
  return typeof value === "object" && Object.keys(value).length === 0 ? true : value;
}

export function tidyCheck(check: SqlText | CheckDefinition): SqlText | CheckDefinition {
  const full = checkOf(check);
  const expression = textOf(full.expression).trim();
  return full.name === undefined ? expression : { ...full, expression };
}

/** A value where the text is one, else the expression. */
export function tidyDefault(value: LiteralValue | SqlFragment): LiteralValue | SqlFragment {
  if (!isSqlFragment(value)) return value;
  const text = value.text.trim();
  const word = wordOf(text);
  if (word !== undefined) return word;
  const candidate = Number(text);
  return text !== "" && !Number.isNaN(candidate) && renderLiteral(candidate) === text
    ? candidate
    : { kind: "sql", text };
}

const constants: ReadonlySet<string> = new Set([
  "null",
  "true",
  "false",
  "current_date",
  "current_time",
  "current_timestamp",
]);

/** The text that `'it''s'` is; SQLite takes a name, in any quotes or none, for a text, too. */
function wordOf(text: string): string | undefined {
  const token = nextToken(text, 0);
  if (token?.end !== text.length || token.start !== 0) return undefined;
  if (token.kind === "word" && constants.has(foldName(text))) return undefined;
  const isText = token.kind === "string" || token.kind === "word" || token.kind === "quoted";
  return isText ? unquoteToken(text, token) : undefined;
}

export function tidyKeyColumn(column: KeyColumn): KeyColumn {
  const full: KeyColumnDefinition = keyColumnOf(column);
  return full.collate === undefined && full.order === undefined ? full.column : full;
}

/** A key that is nothing but its columns is the list of them. */
function shortest<Key extends { readonly columns: readonly KeyColumn[] }>(
  key: Key,
): Key | readonly KeyColumn[] {
  return Object.keys(key).length === 1 ? key.columns : key;
}

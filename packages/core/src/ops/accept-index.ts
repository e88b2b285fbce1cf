import type {
  IndexColumn,
  IndexDefinition,
  IndexedColumn,
  IndexedExpression,
} from "../schema/index-definition.ts";
import { isSqlFragment } from "../schema/sql-fragment.ts";
import { acceptBoolean, isRecord, list, object, type Accept } from "./accept.ts";
import { acceptOrder } from "./accept-constraint.ts";
import { acceptExpression, acceptName, acceptObjectName } from "./accept-sql.ts";

const acceptIndexedColumn = object<IndexedColumn>(
  { column: acceptName, collate: acceptName, order: acceptOrder },
  ["column"],
);

const acceptIndexedExpression = object<IndexedExpression>(
  { sql: acceptExpression, collate: acceptName, order: acceptOrder },
  ["sql"],
);

const acceptIndexColumn: Accept<IndexColumn> = (value, place) => {
  if (isSqlFragment(value)) {
    acceptExpression(value, place);
    return Object.freeze({ kind: "sql", text: value.text });
  }
  if (!isRecord(value)) return acceptName(value, place);
  return "sql" in value ? acceptIndexedExpression(value, place) : acceptIndexedColumn(value, place);
};

/** @throws {SKM_IDENTIFIER | SKM_SQL_SYNTAX} */
export const acceptIndex: Accept<IndexDefinition> = object<IndexDefinition>(
  {
    name: acceptObjectName,
    table: acceptName,
    columns: list(acceptIndexColumn),
    unique: acceptBoolean,
    where: acceptExpression,
  },
  ["name", "table", "columns"],
);

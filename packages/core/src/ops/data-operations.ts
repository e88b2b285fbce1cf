import type { Statement } from "../driver/statement.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { textOf } from "../schema/sql-fragment.ts";
import { acceptStatement, acceptStatements, type AcceptedStatement } from "../sql/accept-statements.ts";
import { list, object } from "./accept.ts";
import { acceptExecuteOptions } from "./accept-options.ts";
import { acceptConflict } from "./accept-constraint.ts";
import { acceptRows } from "./accept-rows.ts";
import { acceptName, acceptSqlText } from "./accept-sql.ts";
import { acceptValues } from "./accept-values.ts";
import type { BulkInsertOperation, ExecuteOperation } from "./operation.ts";
import type { BulkInsertOptions } from "./operations.ts";
import { argumentOf } from "./place.ts";

const acceptBulkOptions = object<BulkInsertOptions>(
  { columns: list(acceptName), onConflict: acceptConflict },
  [],
);

export function execute(sql: unknown, params: unknown, options: unknown): ExecuteOperation {
  const statement = acceptQuery("op.execute", sql, params);
  return { kind: "execute", ...statement, ...acceptExecuteOptions("op.execute", options) };
}

/** One operation for each statement of the script. */
export function executeScript(sql: unknown): readonly ExecuteOperation[] {
  const text = textOf(acceptSqlText(sql, argumentOf("op.executeScript", "sql", sql)));
  return acceptStatements(text).map((statement) => {
    if (statement.parameters > 0) throw wrongCount("op.executeScript", statement, 0);
    return { kind: "execute", sql: statement.sql };
  });
}

export function bulkInsert(table: unknown, rows: unknown, options: unknown): BulkInsertOperation {
  const { columns, onConflict } =
    options === undefined ? {} : acceptBulkOptions(options, argumentOf("op.bulkInsert", "options", options));
  return {
    kind: "bulkInsert",
    table: acceptName(table, argumentOf("op.bulkInsert", "table", table)),
    ...acceptRows(rows, columns, argumentOf("op.bulkInsert", "rows", rows)),
    ...(onConflict === undefined ? {} : { onConflict }),
  };
}

export function query(sql: unknown, params: unknown): Statement {
  return Object.freeze(acceptQuery("op.query", sql, params));
}

/** A statement with as many values as it has parameters: some libraries bind NULL for a missing one. */
function acceptQuery(method: string, sql: unknown, params: unknown): Statement {
  const statement = acceptStatement(textOf(acceptSqlText(sql, argumentOf(method, "sql", sql))));
  const values = params === undefined ? [] : acceptValues(params, argumentOf(method, "params", params));
  if (values.length !== statement.parameters) throw wrongCount(method, statement, values.length);
  return values.length === 0 ? { sql: statement.sql } : { sql: statement.sql, params: values };
}

function wrongCount(method: string, { sql, parameters }: AcceptedStatement, given: number): MigrationError {
  const needed = parameters === 1 ? "1 value" : `${parameters} values`;
  return new MigrationError(
    "SKM_SQL_PARAMETERS",
    `${method} needs ${needed} for the parameters of ${quoteForMessage(sql, 80)}, got ${given}`,
    {
      details: { expected: parameters, found: given },
      hint:
        method === "op.executeScript"
          ? "run the statement with op.execute, which takes values"
          : "pass one value for every ? in the statement",
    },
  );
}

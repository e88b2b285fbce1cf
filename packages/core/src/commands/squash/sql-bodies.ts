import { asBatch } from "../../batch/as-batch.ts";
import { MigrationError } from "../../errors/migration-error.ts";
import { describeOperation } from "../../ops/describe.ts";
import type { ExecuteOperation, Operation } from "../../ops/operation.ts";
import { compileOperation } from "../../plan/compile-operation.ts";
import { inlineParameters } from "../../sql/inline-parameters.ts";

/** No parameters are sent: it only says how many rows one INSERT has. */
const limits = { parameters: 32_766 };

/**
 * The operations as statements without parameters, as an SQL script holds them.
 *
 * @throws {SKM_USAGE} the statements of one depend on the tables that are there when it runs
 */
export function asStatements(operations: readonly Operation[]): readonly ExecuteOperation[] {
  return operations.flatMap((operation) => {
    if (asBatch(operation) !== null || operation.kind === "require") throw notSql(operation);
    return compileOperation(operation, limits).map(({ sql, params }): ExecuteOperation => ({
      kind: "execute",
      sql: plainText(sql, params),
    }));
  });
}

function plainText(sql: string, params: ExecuteOperation["params"]): string {
  return params === undefined ? sql : inlineParameters({ sql, params }).replace(/;$/u, "");
}

function notSql(operation: Operation): MigrationError {
  const what = describeOperation(operation);
  return new MigrationError("SKM_USAGE", `this operation cannot be written as an SQL script: ${what}`, {
    details: { operation: what },
    hint: "leave out --sql, or set the key template of the configuration to typescript",
  });
}

/** One statement after the other; a comment at the end of one must not swallow its semicolon. */
export function renderScript(operations: readonly Operation[]): string {
  return operations
    .map((operation) => (operation.kind === "execute" ? operation.sql.trim() : ""))
    .map((sql) => (/--[^\n]*$/u.test(sql) ? `${sql}\n;` : `${sql};`))
    .join("\n");
}

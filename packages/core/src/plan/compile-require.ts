import type { BatchStatement } from "../batch/batch-plan.ts";
import { describeOperation } from "../ops/describe.ts";
import type { RequireOperation } from "../ops/operation.ts";
import { renderLiteral } from "../sql/render-literal.ts";

/**
 * Writes a requirement as one SELECT that fails where it is not met, so that it works in a batch and in a
 * script too. A text that begins like this is never JSON (json1.html#the_json_function); NULL is not true.
 */
export function compileRequire(operation: RequireOperation): BatchStatement {
  const { sql, message } = operation;
  // A comment at the end of the author's text would hide the parenthesis.
  const end = sql.includes("--") ? "\n" : "";
  return {
    sql: `SELECT CASE WHEN (${sql}${end}) THEN 1 ELSE json(${renderLiteral(`required: ${message}`)}) END`,
    comment: describeOperation(operation),
    guard: {
      code: "SKM_REQUIREMENT",
      message: `what it requires is not so: ${message}`,
      onlyJson: true,
      details: { requirement: message },
      hint: "nothing was changed; make it so, then run again",
    },
  };
}

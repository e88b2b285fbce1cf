import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { textOf } from "../schema/sql-fragment.ts";
import { acceptStatement } from "../sql/accept-statements.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { object, wrongType, type Accept } from "./accept.ts";
import { acceptName, acceptSqlText } from "./accept-sql.ts";
import type { RequireOperation } from "./operation.ts";
import type { RequireRowsOptions } from "./operations.ts";
import { argumentOf } from "./place.ts";

const readers: ReadonlySet<string> = new Set(["SELECT", "VALUES", "WITH"]);

const acceptMessage: Accept<string> = (value, place) => {
  if (typeof value === "string" && value.trim() !== "") return value;
  throw wrongType(value, place, "a sentence that says what is required");
};

const acceptRowsOptions = object<RequireRowsOptions>({ message: acceptMessage, ifRowsIn: acceptName }, []);

/** A SELECT whose first value must be true. */
export function requireTrue(sql: unknown, message: unknown): RequireOperation {
  const text = textOf(acceptSqlText(sql, argumentOf("op.require", "sql", sql)));
  const statement = acceptStatement(text);
  if (!readers.has(statement.verb)) throw noSelect(text);
  if (statement.parameters > 0) throw hasParameters(text);
  return {
    kind: "require",
    sql: statement.sql,
    message: acceptMessage(message, argumentOf("op.require", "message", message)),
  };
}

/** The table must have a row; with `ifRowsIn`, only where that table has one. */
export function requireRows(table: unknown, options: unknown): RequireOperation {
  const name = acceptName(table, argumentOf("op.requireRows", "table", table));
  const { message, ifRowsIn } =
    options === undefined ? {} : acceptRowsOptions(options, argumentOf("op.requireRows", "options", options));
  const exists = (one: string): string => `EXISTS (SELECT 1 FROM ${quoteIdentifier(one)})`;
  const condition = ifRowsIn === undefined ? exists(name) : `${exists(name)} OR NOT ${exists(ifRowsIn)}`;
  const beside = ifRowsIn === undefined ? "" : ` while ${quoteForMessage(ifRowsIn)} has some`;
  return {
    kind: "require",
    sql: `SELECT ${condition}`,
    message: message ?? `table ${quoteForMessage(name)} must have rows${beside}`,
  };
}

function noSelect(sql: string): MigrationError {
  return new MigrationError(
    "SKM_SQL_FORBIDDEN",
    `cannot run ${quoteForMessage(sql, 80)} as a requirement: it is no SELECT`,
    { hint: "write a SELECT whose value is true where the revision may run" },
  );
}

function hasParameters(sql: string): MigrationError {
  return new MigrationError(
    "SKM_SQL_PARAMETERS",
    `cannot run ${quoteForMessage(sql, 80)} as a requirement: it has parameters`,
    { hint: "write values as literals with sql`… ${value}`" },
  );
}

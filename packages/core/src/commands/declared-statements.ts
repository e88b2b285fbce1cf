import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { createOperations } from "../ops/builder.ts";
import type { Operation } from "../ops/operation.ts";
import { compileOperation } from "../plan/compile-operation.ts";
import type { DeclaredSchema, SchemaDefinition } from "../schema/declared-schema.ts";
import { createTokenCursor } from "../sql/token-cursor.ts";
import { splitStatements } from "../sql/split-statements.ts";

/**
 * The statements that create a declared schema in an empty database.
 *
 * @throws {SKM_SCHEMA_INVALID} it is no schema, or its script does something else than create objects.
 * @throws whatever `op.createTable` and the like throw.
 */
export function declaredStatements(schema: DeclaredSchema): readonly string[] {
  if (typeof schema !== "object" || schema === null) throw notASchema(schema);
  if ("sql" in schema) return scriptStatements(schema.sql);
  if (!("tables" in schema) || !Array.isArray(schema.tables)) throw notASchema(schema);
  return definitionStatements(schema);
}

const known: ReadonlySet<string> = new Set(["tables", "indexes", "views", "triggers", "virtualTables"]);

function definitionStatements(schema: SchemaDefinition): readonly string[] {
  const unknown = Object.keys(schema).find((key) => !known.has(key));
  if (unknown !== undefined) {
    throw invalid(`a schema has no property ${quoteForMessage(unknown)}`, `use ${[...known].join(", ")}`);
  }
  const recorded: Operation[] = [];
  const op = createOperations({
    record: (operation) => void recorded.push(operation),
    query: () => Promise.reject(new TypeError("a schema asks nothing")),
  });
  for (const table of schema.tables) op.createTable(table);
  for (const sql of schema.virtualTables ?? []) op.execute(sql);
  for (const index of schema.indexes ?? []) op.createIndex(index);
  for (const view of schema.views ?? []) op.createView(view);
  for (const trigger of schema.triggers ?? []) op.createTrigger(trigger);
  return recorded.flatMap((operation) =>
    compileOperation(operation, { parameters: 0 }).map((statement) => assertCreates(statement.sql)),
  );
}

function scriptStatements(sql: unknown): readonly string[] {
  if (typeof sql !== "string") throw invalid("sql is not a text", "pass the text of the script");
  return splitStatements(sql).filter((statement) => !isOwnedBySqlite(assertCreates(statement)));
}

const objects = ["TABLE", "INDEX", "VIEW", "TRIGGER"] as const;

/** A schema is what CREATE makes: rows, settings and transactions belong somewhere else. */
function assertCreates(statement: string): string {
  const cursor = createTokenCursor(statement);
  const isCreate = cursor.skip("CREATE");
  cursor.skip("UNIQUE");
  cursor.skip("VIRTUAL");
  if (isCreate && objects.some((object) => cursor.isAt(object))) return statement;
  throw invalid(
    `the schema holds a statement that is no CREATE TABLE, INDEX, VIEW or TRIGGER: ${quoteForMessage(statement.trim(), 80)}`,
    "keep only what creates objects; temporary ones belong to a connection",
  );
}

/** `.schema` of the shell prints the tables of SQLite too, which SQLite makes itself. */
function isOwnedBySqlite(statement: string): boolean {
  const cursor = createTokenCursor(statement);
  return (
    cursor.skip("CREATE", "TABLE") && cursor.peek() !== undefined && /^sqlite_/iu.test(cursor.takeName())
  );
}

function notASchema(found: unknown): MigrationError {
  return invalid(
    `the declared schema is ${quoteForMessage(typeof found)} without tables or sql`,
    "pass what defineSchema({ tables: […] }) returns, or { sql }",
  );
}

function invalid(message: string, hint: string): MigrationError {
  return new MigrationError("SKM_SCHEMA_INVALID", message, { hint });
}

import type { DiffOptions } from "../autogenerate/diff-options.ts";
import { assertKnownHeads } from "../revision/assert-known-heads.ts";
import type { Executor } from "../driver/driver.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { DatabaseSchema } from "../schema/database-schema.ts";
import type { DeclaredSchema } from "../schema/declared-schema.ts";
import type { CommandContext } from "./context.ts";
import { defaultJournal } from "../version/journal.ts";
import { declaredStatements } from "./declared-statements.ts";
import { findKnownStatements, joinKnown } from "./known-statements.ts";
import { assertSound, type RevisionLibrary } from "./revision-library.ts";
import { explainStatement, withScratch, type ScratchOptions } from "./scratch.ts";
import { lockTable } from "../version/courtesy-lock.ts";
import { readerTableName } from "../version/reader-table.ts";

/**
 * One side of a comparison. `"declared"`: the schema of the program · `"heads"`: what all revisions together
 * make, replayed in memory · `"current"`: what those make that the database says are applied · `"database"`:
 * what the database holds.
 */
export type SchemaSide = "declared" | "heads" | "current" | "database";

/** What comparisons need beside the database. */
export interface SchemaContext extends CommandContext {
  readonly scratch: ScratchOptions;
  /** Reads what the database holds; cheap while that does not change. */
  readonly readDatabase: (executor: Executor) => Promise<DatabaseSchema>;
  /** The declared schema, if the project has one. */
  readonly declared: DeclaredSchema | undefined;
  /** How the schemas of this project are compared. */
  readonly compare: DiffOptions;
}

/**
 * Reads a side of a comparison. Only `"current"` and `"database"` look at the database, and only for reading.
 *
 * @param other what has been read for the other side: a declared schema has most texts in common with it.
 * @throws {SKM_SCHEMA_MISSING} no schema is declared.
 * @throws {SKM_SCHEMA_INVALID} SQLite refuses the declared schema.
 * @throws {MigrationError} a revision cannot be replayed in an empty database.
 */
export async function readSide(
  context: SchemaContext,
  side: SchemaSide,
  other?: ReadSide,
): Promise<DatabaseSchema> {
  switch (side) {
    case "declared":
      return await readDeclared(context, other);
    case "heads":
      return await replay(context, assertSound(await context.library()), "heads");
    case "current": {
      const heads = await context.session.readHeads("read");
      const library = assertSound(await context.library());
      assertKnownHeads(library.graph, heads);
      return await replay(context, library, heads);
    }
    case "database":
      return await readDatabase(context);
  }
}

export interface ReadSide {
  readonly side: SchemaSide;
  readonly schema: DatabaseSchema;
}

const empty: DatabaseSchema = { tables: [], triggers: [], views: [], names: [], temporary: [] };

async function readDeclared(context: SchemaContext, other: ReadSide | undefined): Promise<DatabaseSchema> {
  const { declared } = context;
  if (declared === undefined) {
    throw new MigrationError("SKM_SCHEMA_MISSING", "no schema is declared that could be compared", {
      hint: "pass `schema` to createMigrator: what defineSchema returns, or { sql }",
    });
  }
  const statements = declaredStatements(declared);
  if (other !== undefined && isOfScratchEngine(context, other.side)) {
    const { tables, rest } = findKnownStatements(statements, other.schema);
    const joined = tables.length === 0 ? undefined : joinKnown({ tables }, await make(context, rest));
    if (joined !== undefined) return joined;
  }
  return await make(context, statements);
}

/** What another engine says about a text need not be what the one of the scratch databases says. */
function isOfScratchEngine({ scratch, readDatabase: read }: SchemaContext, side: SchemaSide): boolean {
  return side !== "database" || scratch.read === read;
}

async function make({ scratch }: SchemaContext, statements: readonly string[]): Promise<DatabaseSchema> {
  return await withScratch(scratch, async (database) => {
    try {
      await database.run(statements);
    } catch (error) {
      const hint = "correct the declared schema; what needs an extension cannot be declared";
      throw explainStatement(error, statements, { what: "the declared schema", hint });
    }
    return await database.readSchema();
  });
}

async function replay(
  { scratch }: SchemaContext,
  library: RevisionLibrary,
  target: "heads" | readonly string[],
): Promise<DatabaseSchema> {
  if (library.graph.heads.length === 0 || target.length === 0) return empty;
  return await withScratch(scratch, async (database) => {
    try {
      await database.upgrade(library, target);
    } catch (error) {
      throw explainReplay(error);
    }
    return await database.readSchema();
  });
}

/** Says that it was in an empty database that a revision failed. */
export function explainReplay(error: unknown): unknown {
  if (!(error instanceof MigrationError)) return error;
  const { code, message, details, exitCode } = error;
  return new MigrationError(code, `cannot replay the revisions in an empty database: ${message}`, {
    cause: error,
    details,
    exitCode,
    hint: error.hint ?? "a revision has to work without rows, too: so it does for every new database",
  });
}

async function readDatabase({ session, readDatabase: read }: SchemaContext): Promise<DatabaseSchema> {
  await session.readHeads("read");
  const connection = session.connection();
  return connection === undefined ? empty : await read(connection);
}

/**
 * How to compare: as the migrator was told, and as this call is. The version table, the journal and a courtesy
 * lock that was left are no part of a schema that somebody declares.
 */
export function compareOptions(context: SchemaContext, request: DiffOptions): DiffOptions {
  const { versionTable, journal } = context.session.options;
  const { name } = versionTable;
  if (name.includes("*"))
    throw new TypeError(`the version table ${quoteForMessage(name)} cannot be left out`);
  const { include, exclude = [], ...others } = context.compare;
  return {
    ...others,
    ...request,
    exclude: [
      name,
      journal?.name ?? defaultJournal,
      lockTable,
      readerTableName,
      ...exclude,
      ...(request.exclude ?? []),
    ],
    include: (object) => (include?.(object) ?? true) && (request.include?.(object) ?? true),
  };
}

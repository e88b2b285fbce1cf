import type { DatabaseSchema, InspectedTable } from "../schema/database-schema.ts";
import { foldName } from "../schema/table-definition.ts";
import { nextToken } from "../sql/token.ts";
import { unquoteToken } from "../sql/unquote-token.ts";

/** Statements that have been run before, and what SQLite made of them. */
export interface KnownStatements {
  readonly tables: readonly InspectedTable[];
  /** The other statements, in their order. */
  readonly rest: readonly string[];
}

/**
 * Finds the tables that a list of CREATE statements makes and that SQLite has made before, with all their indexes,
 * from the same texts: what it would make of them is known. A table stays in the rest when anything in the rest
 * mentions it, as an index or trigger needs its table.
 *
 * @param schema of the same engine.
 */
export function findKnownStatements(statements: readonly string[], schema: DatabaseSchema): KnownStatements {
  const declared = new Set(statements);
  // SQLite refuses the second one.
  if (declared.size < statements.length) return { tables: [], rest: statements };
  const same = schema.tables.filter(({ kind, sql }) => kind === "table" && declared.has(sql));
  const candidates = same.filter((table) => textsOf(table).every((sql) => declared.has(sql)));
  const covered = new Set(candidates.flatMap(textsOf));
  const needed = new Set(statements.filter((sql) => !covered.has(sql)).flatMap(neededNames));
  const tables = candidates.filter(({ name }) => !needed.has(foldName(name)));
  const known = new Set(tables.flatMap(textsOf));
  return { tables, rest: statements.filter((sql) => !known.has(sql)) };
}

/**
 * Puts together what was known and what the rest has made.
 *
 * @returns `undefined` when a name is in both: SQLite would have refused it.
 */
export function joinKnown(
  { tables }: Pick<KnownStatements, "tables">,
  rest: DatabaseSchema,
): DatabaseSchema | undefined {
  const names = tables.flatMap(({ name, indexes }) => [name, ...indexes.map((index) => index.name)]);
  const taken = new Set(rest.names.map(foldName));
  if (names.some((name) => taken.has(foldName(name)))) return undefined;
  return { ...rest, tables: [...tables, ...rest.tables], names: [...names, ...rest.names] };
}

function textsOf({ sql, indexes }: InspectedTable): readonly string[] {
  return [sql, ...indexes.flatMap((index) => index.sql ?? [])];
}

/** Every name in a statement, whatever it means there; a table needs no other one to be made. */
function neededNames(sql: string): readonly string[] {
  const names: string[] = [];
  let isTable = false;
  for (let token = nextToken(sql, 0); token !== undefined; token = nextToken(sql, token.end)) {
    if (token.kind !== "word" && token.kind !== "quoted" && token.kind !== "string") continue;
    const name = foldName(unquoteToken(sql, token));
    isTable ||= names.length === 1 && name === "table";
    if (isTable) return [];
    names.push(name);
  }
  return names;
}

import { diffSchemas } from "../autogenerate/diff-schemas.ts";
import type { ComparedColumn, DiffOptions } from "../autogenerate/diff-options.ts";
import type { Operation } from "../ops/operation.ts";
import type { DatabaseSchema } from "../schema/database-schema.ts";
import { foldName, isSameName } from "../schema/table-definition.ts";
import { isConstant } from "../sql/expression.ts";
import { withScratch, type ScratchOptions } from "./scratch.ts";

/** Two schemas compared, and the options that did it: with an answer to each question about defaults. */
export interface Comparison {
  readonly operations: readonly Operation[];
  readonly options: DiffOptions;
}

/**
 * Compares two schemas. Whether two constants are the same default is asked of SQLite, by what a row gets: `'0'`
 * and `0` are the same in an INTEGER column and not in one without a type.
 */
export async function compareSchemas(
  { from, to }: { readonly from: DatabaseSchema; readonly to: DatabaseSchema },
  options: DiffOptions,
  scratch: ScratchOptions,
): Promise<Comparison> {
  const asked: ComparedColumn[] = [];
  const note = (column: ComparedColumn): boolean | undefined => {
    const answer = options.compareDefault?.(column);
    if (answer === undefined && isConstantPair(column)) asked.push(column);
    return answer;
  };
  const operations = diffSchemas(from, to, { ...options, compareDefault: note });
  if (asked.length === 0) return { operations, options };
  const same = await askAboutDefaults(asked, to, scratch);
  const answered: DiffOptions = {
    ...options,
    compareDefault: (column) =>
      options.compareDefault?.(column) ?? (same.has(keyOf(column)) ? true : undefined),
  };
  return { operations: diffSchemas(from, to, answered), options: answered };
}

async function askAboutDefaults(
  asked: readonly ComparedColumn[],
  schema: DatabaseSchema,
  scratch: ScratchOptions,
): Promise<ReadonlySet<string>> {
  const same = new Set<string>();
  await withScratch(scratch, async ({ connection }) => {
    for (const column of asked) {
      const results = await connection.unit(questionFor(column, schema).map((sql) => ({ sql })));
      if (Number(results[2]?.rows[0]?.[0]) === 1) same.add(keyOf(column));
    }
  });
  return same;
}

function keyOf({ table, column, from, to }: ComparedColumn): string {
  return JSON.stringify([foldName(table), foldName(column), from, to]);
}

function isConstantPair({ from, to }: ComparedColumn): boolean {
  return [from, to].every(
    (sql) => sql !== null && isConstant(unwrap(sql)) && !/current_/iu.test(unwrap(sql)),
  );
}

function unwrap(sql: string): string {
  const trimmed = sql.trim();
  return trimmed.startsWith("(") && trimmed.endsWith(")") ? trimmed.slice(1, -1).trim() : trimmed;
}

function questionFor({ table, column, from, to }: ComparedColumn, schema: DatabaseSchema): readonly string[] {
  const found = schema.tables.find((other) => isSameName(other.name, table));
  const type = found?.columns.find((other) => isSameName(other.name, column))?.type ?? "";
  const options = found?.strict === true ? " STRICT" : "";
  return [
    `CREATE TABLE asked (a ${type} DEFAULT ${from ?? "NULL"}, b ${type} DEFAULT ${to ?? "NULL"})${options}`,
    "INSERT INTO asked DEFAULT VALUES",
    "SELECT a IS b AND typeof(a) = typeof(b) FROM asked",
    "DROP TABLE asked",
  ];
}

import type { InspectedTable } from "../schema/database-schema.ts";
import { freeRowidNames } from "../schema/rowid-names.ts";
import { foldName, isSameName } from "../schema/table-definition.ts";
import type { TableClause } from "../sql/table-clause.ts";
import { parseCreateTable } from "../sql/parse-create-table.ts";
import { quoteIdentifier, quoteIdentifierList } from "../sql/quote-identifier.ts";
import type { BatchStatement, Guard } from "./batch-plan.ts";
import { rowidAlias } from "./constraint-clauses.ts";
import type { Draft } from "./draft.ts";

/**
 * The statements that copy the rows of a table into its new form: one, or one for each range of rowids that
 * the context has, so that a long copy can tell how far it is and be cancelled.
 */
export function copyStatements(draft: Draft, fresh: string): readonly BatchStatement[] {
  const { inspected, context } = draft;
  const { name } = inspected;
  const copy: BatchStatement = {
    sql: renderCopy(draft, fresh),
    comment: `rebuild "${name}": copy the rows`,
    guard: misfit(draft, fresh),
  };
  const rowid = readableRowid(inspected);
  const total = context.rows?.get(foldName(name));
  const { copyRanges = [] } = context;
  if (rowid === undefined || total === undefined || copyRanges.length < 2) return [copy];
  return copyRanges.map(({ from, to }, index) => ({
    ...copy,
    sql: `${copy.sql} WHERE ${rowid} BETWEEN ${from} AND ${to}`,
    comment: `rebuild "${name}": copy the rows, part ${index + 1} of ${copyRanges.length}`,
    progress: { activity: "copy", table: name, total },
  }));
}

/** The name under which a table shows its rowid; `undefined` where it has none, or columns hide it. */
export function readableRowid({ withoutRowid, columns }: InspectedTable): string | undefined {
  return withoutRowid ? undefined : freeRowidNames(columns.map(({ name }) => name))[0];
}

/**
 * INSERT … SELECT without CAST: a value that does not fit its new type stays as it is. With the same
 * columns it is `SELECT *`, for which SQLite copies records without decoding them where the tables agree
 * (optoverview.html and insert.c, xferOptimization).
 */
function renderCopy(draft: Draft, fresh: string): string {
  const { text, origins, inspected } = draft;
  const temporary = quoteIdentifier(fresh);
  const pairs = text.columns.flatMap(({ part }, index) => {
    const source = origins[index] ?? null;
    const isGenerated = part.clauses.some((clause) => clause.kind === "generated");
    return source === null || isGenerated ? [] : [{ target: part.name, source }];
  });
  const old = inspected.columns.map((column) => column.name);
  const isSame =
    pairs.length === text.columns.length &&
    pairs.length === old.length &&
    pairs.every(({ source }, index) => isSameName(source, old[index] ?? ""));
  const table = quoteIdentifier(inspected.name);
  const rowid = copiedRowid(draft);
  if (isSame && rowid === undefined) return `INSERT INTO ${temporary} SELECT * FROM ${table}`;
  const alias = newAlias(draft);
  const extra = rowid === undefined ? [alias ?? []].flat() : [{ target: rowid, source: rowid }];
  const targets = [...extra, ...pairs].map(({ target }) => target);
  const sources = [...extra, ...pairs].map(({ source }) => source);
  return `INSERT INTO ${temporary} ${quoteIdentifierList(targets)} SELECT ${sources.map(quoteIdentifier).join(", ")} FROM ${table}`;
}

/** The name under which rowids are copied, where no column does it already (rowidtable.html). */
function copiedRowid({ text, inspected }: Draft): string | undefined {
  if (text.withoutRowid || inspected.withoutRowid || rowidAlias(text) !== undefined) return undefined;
  const columns = [
    ...text.columns.map(({ part }) => part.name),
    ...inspected.columns.map(({ name }) => name),
  ];
  return freeRowidNames(columns)[0];
}

/** A new column that is the rowid gets the rowids that the rows have, so that whoever knows them finds them. */
function newAlias({
  text,
  origins,
  inspected,
}: Draft): { readonly target: string; readonly source: string } | undefined {
  const alias = rowidAlias(text);
  const index = text.columns.findIndex(({ part }) => part.name === alias);
  const rowid = readableRowid(inspected);
  if (alias === undefined || rowid === undefined || origins[index] !== null) return undefined;
  return { target: alias, source: rowid };
}

/** Whether every row keeps its rowid, and `rowid` stays the name of it. */
export function keepsRowids(draft: Draft): boolean {
  const { text, origins, inspected } = draft;
  const isHidden = draft.names.some((name) => isSameName(name, "rowid"));
  if (isHidden && readableRowid(inspected) === "rowid") return false;
  const alias = rowidAlias(text);
  if (inspected.withoutRowid || text.withoutRowid) return inspected.withoutRowid === text.withoutRowid;
  if (alias === undefined) return copiedRowid(draft) !== undefined;
  const origin = origins[text.columns.findIndex(({ part }) => part.name === alias)] ?? null;
  if (origin === null) return newAlias(draft) !== undefined;
  const old = rowidAlias(parseCreateTable(inspected.sql));
  return old !== undefined && isSameName(origin, old);
}

function misfit(draft: Draft, fresh: string): Guard {
  const table = draft.inspected.name;
  const [empty] = columnsWithoutValue(draft);
  return {
    code: "SKM_MIGRATION_FAILED",
    message: `cannot rebuild table "${table}": a row does not fit into its copy "${fresh}"`,
    tellsCause: true,
    details: { table },
    hint:
      empty === undefined
        ? "repair the rows with op.execute before the change"
        : `give the new column "${empty}" a default, or add it nullable, fill it, and make it NOT NULL in a batch after that`,
  };
}

/** The new columns that are NOT NULL and have nothing to put into the rows that are there. */
function columnsWithoutValue({ text, origins, names }: Draft): readonly string[] {
  return text.columns.flatMap(({ part: { clauses } }, index) => {
    const has = (wanted: TableClause["kind"]): boolean => clauses.some(({ kind }) => kind === wanted);
    const isFilled = origins[index] !== null || has("default") || has("generated") || !has("notNull");
    return isFilled ? [] : [names[index] ?? ""];
  });
}

import type { Executor } from "../driver/driver.ts";
import type { Statement } from "../driver/statement.ts";
import { foldName } from "../schema/table-definition.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { tokenize } from "../sql/tokenize.ts";
import { cannotCopy, showTable } from "./copy-error.ts";
import type { TableShape } from "./plan-tables.ts";
import type { SchemaObject } from "./schema-object.ts";
import type { ColumnAffinity } from "./table-plan.ts";

const fullText: ReadonlySet<string> = new Set(["fts3", "fts4", "fts5"]);
const spatial: ReadonlySet<string> = new Set(["rtree", "rtree_i32"]);

/**
 * Plans how the content of a virtual table is copied: through the table itself, because an engine may refuse
 * writes to the shadow tables (sqlite.org/c3ref/c_dbconfig_defensive.html).
 *
 * @returns `undefined` for a full-text index over another table, which is built anew.
 * @throws {MigrationError} SKM_UNSUPPORTED: the content cannot be read back, or the module is not known.
 */
export function planVirtualTable(
  object: SchemaObject,
  columns: readonly ColumnAffinity[],
  objects: readonly SchemaObject[],
): TableShape | undefined {
  const { name } = object;
  const module = moduleOf(object.sql);
  if (spatial.has(module)) {
    const id = columns[0]?.name ?? "";
    return { name, columns, key: [{ name: id }], hasRowid: true };
  }
  if (!fullText.has(module)) {
    throw cannotCopy(
      showTable(name),
      `its module ${module} is not known`,
      "drop it before, and make it anew after",
    );
  }
  assertReadable(object);
  if (!ownsContent(object, objects)) return undefined;
  const rowid = { name: "rowid", keepsReals: false };
  return { name, columns: [rowid, ...columns], key: [{ name: "rowid" }], hasRowid: true };
}

/** The full-text indexes over other tables: they are filled by a command once those are. */
export function listRebuilds(objects: readonly SchemaObject[]): readonly Statement[] {
  return objects
    .filter((object) => object.kind === "virtual" && fullText.has(moduleOf(object.sql)))
    .filter((object) => !ownsContent(object, objects))
    .map(({ name }) => {
      const table = quoteIdentifier(name);
      return { sql: `INSERT INTO ${table} (${table}) VALUES ('rebuild')` };
    });
}

/** The settings of full-text indexes that are not part of their definition (sqlite.org/fts5.html#special_insert_commands). */
export async function readIndexSettings(
  source: Executor,
  objects: readonly SchemaObject[],
): Promise<readonly Statement[]> {
  const statements: Statement[] = [];
  for (const { name, sql } of objects.filter(({ kind }) => kind === "virtual")) {
    if (moduleOf(sql) !== "fts5") continue;
    const config = quoteIdentifier(`${name}_config`);
    const { rows } = await source.query({ sql: `SELECT k, v FROM ${config} WHERE k <> 'version'` });
    const table = quoteIdentifier(name);
    for (const params of rows) {
      statements.push({ sql: `INSERT INTO ${table} (${table}, rank) VALUES (?, ?)`, params });
    }
  }
  return statements;
}

function ownsContent({ name }: SchemaObject, objects: readonly SchemaObject[]): boolean {
  const content = foldName(`${name}_content`);
  return objects.some((object) => object.kind === "shadow" && foldName(object.name) === content);
}

/** An index without content keeps no text, and one with languages would lose them. */
function assertReadable({ name, sql }: SchemaObject): void {
  const option = /\b(content|languageid)\s*=\s*(''|""|``|\[\])?/i.exec(sql);
  if (option === null || (option[1]?.toLowerCase() === "content" && option[2] === undefined)) return;
  throw cannotCopy(
    showTable(name),
    option[2] === undefined ? "the language of its rows cannot be read" : "it keeps no text",
    "drop it before, and make it anew after",
  );
}

/** CREATE VIRTUAL TABLE [IF NOT EXISTS] name USING module */
function moduleOf(sql: string): string {
  const words = tokenize(sql).filter(({ kind }) => kind !== "space" && kind !== "comment");
  const using = words.findIndex(({ text }, index) => index > 3 && text.toUpperCase() === "USING");
  return (words[using + 1]?.text ?? "").replaceAll(/^["`[]|["`\]]$/g, "").toLowerCase();
}

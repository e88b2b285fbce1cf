import { quoteIdentifier } from "../../sql/quote-identifier.ts";
import { renderLiteral } from "../../sql/render-literal.ts";
import { journalColumns, type Journal } from "../../version/journal.ts";
import { journalFacts } from "../journal-unit.ts";
import type { Unit } from "../unit.ts";
import { check, type ScriptPart } from "./script-part.ts";

/** As `Date.toISOString()` writes it, at the time at which the script runs. */
const now = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";

/** The line that a script adds to the journal for a unit, and a check that it is in. How long it took is not known. */
export async function journalParts({ name }: Journal, unit: Unit): Promise<readonly ScriptPart[]> {
  const { revision, direction, checksum, toolVersion } = journalFacts(unit);
  const table = quoteIdentifier(name);
  const values = [revision, direction, checksum, toolVersion].map((value) => renderLiteral(value));
  const [id, kind, sum, version] = values;
  const sql = `INSERT INTO ${table} (${journalColumns}) VALUES (${id}, ${kind}, ${now}, NULL, ${sum}, ${version})`;
  // An INSERT that fails while it runs changes no row; one that cannot be prepared lacks a column, and so does this.
  const isIn = `changes() = 1 AND EXISTS (SELECT 1 FROM (SELECT id, ${journalColumns} FROM ${table}) WHERE id = last_insert_rowid() AND revision = ${id} AND direction = ${kind} AND checksum IS ${sum} AND tool_version = ${version})`;
  return [
    { kind: "statement", statement: { sql }, comment: "journal" },
    check("the journal has its line", isIn),
  ];
}

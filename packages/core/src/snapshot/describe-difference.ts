import type { EndState, TableRows } from "./snapshot-document.ts";

/**
 * What is another way than it should be, a line each. The order in which objects were created does not count
 * where it makes no difference.
 */
export function describeDifference(found: EndState, expected: EndState): readonly string[] {
  return [
    ...compareTexts(
      [...found.schema, ...found.triggers, ...found.rebuilds],
      [...expected.schema, ...expected.triggers, ...expected.rebuilds],
    ),
    ...compareTables([...found.rows, ...found.statistics], [...expected.rows, ...expected.statistics]),
    ...compareValue("the settings of full-text indexes", found.settings, expected.settings),
    ...compareValue("sqlite_sequence", plain(found.sequences), plain(expected.sequences)),
    ...compareValue("user_version", found.userVersion, expected.userVersion),
    ...compareValue("application_id", found.applicationId, expected.applicationId),
  ];
}

function compareTexts(found: readonly string[], expected: readonly string[]): readonly string[] {
  const has = new Set(found);
  const wants = new Set(expected);
  return [
    ...expected.filter((sql) => !has.has(sql)).map((sql) => `not there: ${shorten(sql)}`),
    ...found.filter((sql) => !wants.has(sql)).map((sql) => `not expected: ${shorten(sql)}`),
  ];
}

function compareTables(found: readonly TableRows[], expected: readonly TableRows[]): readonly string[] {
  const has = new Map(found.map((rows) => [rows.table, rows]));
  const wants = new Map(expected.map((rows) => [rows.table, rows]));
  const names = [...new Set([...wants.keys(), ...has.keys()])];
  return names.flatMap((name) => compareRows(name, has.get(name), wants.get(name)));
}

function compareRows(
  name: string,
  found: TableRows | undefined,
  expected: TableRows | undefined,
): readonly string[] {
  const has = found?.rows ?? [];
  const wants = expected?.rows ?? [];
  if (has.length !== wants.length)
    return [`table "${name}" has ${has.length} rows, expected ${wants.length}`];
  const index = has.findIndex((row, position) => JSON.stringify(row) !== JSON.stringify(wants[position]));
  if (index === -1) return [];
  const column = (found?.columns ?? []).findIndex(
    (_, position) => JSON.stringify(has[index]?.[position]) !== JSON.stringify(wants[index]?.[position]),
  );
  const show = (row: TableRows["rows"][number] | undefined): string =>
    shorten(JSON.stringify(row?.[column] ?? null));
  const place = `row ${index + 1} of table "${name}"`;
  return [
    `${place} has ${show(has[index])} in column "${found?.columns[column] ?? ""}", expected ${show(wants[index])}`,
  ];
}

/** The rows of a table of SQLite's own, whose rowids say nothing. */
function plain(table: TableRows | null): unknown {
  return table === null ? null : table.rows.map((row) => JSON.stringify(row.slice(1))).toSorted();
}

function compareValue(name: string, found: unknown, expected: unknown): readonly string[] {
  const [has, wants] = [JSON.stringify(found), JSON.stringify(expected)];
  return has === wants ? [] : [`${name}: ${shorten(has)}, expected ${shorten(wants)}`];
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/gu, " ").trim();
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

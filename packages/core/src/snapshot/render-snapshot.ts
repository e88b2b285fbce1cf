import { sha256 } from "./digest.ts";
import { snapshotFormat, type EndState, type Snapshot, type TableRows } from "./snapshot-document.ts";

/** Everything of a snapshot but its digest, as plain JSON: texts of several lines are arrays of lines. */
function toJson({ heads, revisions, state }: Omit<Snapshot, "digest">) {
  return {
    heads,
    revisions: revisions.map(({ revision, source, checksum }) => [revision, source, checksum]),
    schema: state.schema.map(toLines),
    settings: state.settings.map(({ sql, values }) => [sql, ...values]),
    rows: state.rows.map(toTable),
    rebuilds: state.rebuilds,
    sequences: state.sequences === null ? null : toTable(state.sequences),
    statistics: state.statistics.map(toTable),
    triggers: state.triggers.map(toLines),
    userVersion: state.userVersion,
    applicationId: state.applicationId,
  };
}

/** So that a change shows as the lines that change. What else ends a line stays inside of one. */
function toLines(sql: string): string | readonly string[] {
  return sql.includes("\n") ? sql.split("\n") : sql;
}

function toTable({ table, columns, rows }: TableRows) {
  return { table, columns, rows };
}

/** Completes a snapshot by its digest. */
export function sealSnapshot(
  heads: Snapshot["heads"],
  revisions: Snapshot["revisions"],
  state: EndState,
): Snapshot {
  return { heads, revisions, state, digest: digestOf({ heads, revisions, state }) };
}

export function digestOf(snapshot: Omit<Snapshot, "digest">): string {
  return sha256(JSON.stringify(toJson(snapshot)));
}

/** Writes a snapshot as JSON, an item a line. */
export function renderSnapshot(snapshot: Snapshot): string {
  const json = toJson(snapshot);
  const fields: readonly (readonly [string, string])[] = [
    ["skillmeatSnapshot", String(snapshotFormat)],
    ["note", JSON.stringify("Written by `skillmeat-migrate snapshot`. Do not edit; write it anew.")],
    ["digest", JSON.stringify(snapshot.digest)],
    ["heads", JSON.stringify(json.heads)],
    ["revisions", list(json.revisions)],
    ["schema", list(json.schema, 4)],
    ["settings", list(json.settings)],
    ["rows", `[${json.rows.map(renderRows).join(",")}\n  ]`],
    ["rebuilds", list(json.rebuilds)],
    ["sequences", JSON.stringify(json.sequences)],
    ["statistics", list(json.statistics)],
    ["triggers", list(json.triggers, 4)],
    ["userVersion", String(json.userVersion)],
    ["applicationId", String(json.applicationId)],
  ];
  return `{\n${fields.map(([key, text]) => `  ${JSON.stringify(key)}: ${text}`).join(",\n")}\n}\n`;
}

function list(items: readonly unknown[], indent = 0): string {
  if (items.length === 0) return "[]";
  const lines = items.map((item) => JSON.stringify(item, null, indent === 0 ? undefined : 2));
  return `[\n${lines.map((line) => `    ${line.replaceAll("\n", "\n    ")}`).join(",\n")}\n  ]`;
}

function renderRows({ table, columns, rows }: TableRows): string {
  const lines = rows.map((row) => `        ${JSON.stringify(row)}`).join(",\n");
  const head = `"table": ${JSON.stringify(table)},\n      "columns": ${JSON.stringify(columns)}`;
  return `\n    {\n      ${head},\n      "rows": [\n${lines}\n      ]\n    }`;
}

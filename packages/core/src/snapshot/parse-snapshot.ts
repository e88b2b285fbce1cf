import { MigrationError } from "../errors/migration-error.ts";
import { isClockForm } from "./clock.ts";
import { digestOf } from "./render-snapshot.ts";
import {
  snapshotFormat,
  type Cell,
  type Snapshot,
  type SnapshotRevision,
  type StoredStatement,
  type TableRows,
} from "./snapshot-document.ts";

/** Ends the reading of what is no snapshot, or none any more. */
class Flaw extends Error {}

/**
 * Reads a snapshot from the text of its file, or from what the text is as JSON.
 *
 * @param place what it is called in messages.
 * @throws {MigrationError} SKM_SNAPSHOT_FILE: it is none, of another version, damaged or edited.
 */
export function parseSnapshot(given: unknown, place: string): Snapshot {
  try {
    const snapshot = readSnapshot(typeof given === "string" ? parseJson(given) : given);
    if (digestOf(snapshot) !== snapshot.digest)
      throw new Flaw("its digest does not fit: it is damaged or was edited");
    return snapshot;
  } catch (error) {
    if (error instanceof Flaw) throw notUsable(place, error.message);
    throw error;
  }
}

/** Whether a text was written as a snapshot, be it damaged. */
export function looksLikeSnapshot(text: string): boolean {
  return text.includes('"skillmeatSnapshot"');
}

function notUsable(place: string, problem: string): MigrationError {
  return new MigrationError("SKM_SNAPSHOT_FILE", `the snapshot ${place} is not usable: ${problem}`, {
    details: { snapshot: place, problem },
    hint: "write it anew with `snapshot`; without it the revisions are replayed",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // What a merge leaves behind, most often: a snapshot cannot be merged.
    throw new Flaw(`it is no JSON: ${error.message}`);
  }
}

function readSnapshot(json: unknown): Snapshot {
  if (!isRecord(json) || json["skillmeatSnapshot"] === undefined) throw new Flaw("it is no snapshot");
  if (json["skillmeatSnapshot"] !== snapshotFormat) {
    throw new Flaw(
      `its format is ${JSON.stringify(json["skillmeatSnapshot"])}, and this version reads ${snapshotFormat}`,
    );
  }
  return {
    digest: readText(json["digest"]),
    heads: readList(json["heads"], readText),
    revisions: readList(json["revisions"], readRevision),
    state: {
      schema: readList(json["schema"], readLines),
      settings: readList(json["settings"], readStatement),
      rows: readList(json["rows"], readTable),
      rebuilds: readList(json["rebuilds"], readText),
      sequences: json["sequences"] === null ? null : readTable(json["sequences"]),
      statistics: readList(json["statistics"], readTable),
      triggers: readList(json["triggers"], readLines),
      userVersion: readInteger(json["userVersion"]),
      applicationId: readInteger(json["applicationId"]),
    },
  };
}

function readList<T>(value: unknown, read: (item: unknown) => T): readonly T[] {
  if (Array.isArray(value)) return value.map((item: unknown) => read(item));
  throw new Flaw("a list is missing");
}

function readText(value: unknown): string {
  if (typeof value === "string") return value;
  throw new Flaw("a text is missing");
}

function readInteger(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw new Flaw("a number is missing");
}

function readLines(value: unknown): string {
  return typeof value === "string" ? value : readList(value, readText).join("\n");
}

function readRevision(value: unknown): SnapshotRevision {
  const [revision, source, checksum] = readList(value, (item) => (item === null ? null : readText(item)));
  return { revision: readText(revision), source: source ?? null, checksum: readText(checksum) };
}

function readStatement(value: unknown): StoredStatement {
  const [sql, ...values] = readList(value, readCell);
  return { sql: readText(sql), values };
}

function readTable(value: unknown): TableRows {
  if (!isRecord(value)) throw new Flaw("a table is missing");
  const columns = readList(value["columns"], readText);
  const rows = readList(value["rows"], (row) => readList(row, readCell));
  if (columns.length === 0 || rows.some((row) => row.length !== columns.length)) {
    throw new Flaw("a row has another number of values than its table has columns");
  }
  return { table: readText(value["table"]), columns, rows };
}

const integer = /^-?\d{1,19}$/u;
const hexadecimal = /^(?:[0-9a-f]{2})*$/u;

function readCell(value: unknown): Cell {
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  if (!isRecord(value)) throw new Flaw("a value is missing");
  const { integer: whole, real, blob, text, now } = value;
  if (typeof whole === "string" && integer.test(whole)) return { integer: whole };
  if (typeof real === "string" && !Number.isNaN(Number(real))) return { real };
  if (typeof blob === "string" && hexadecimal.test(blob)) return { blob };
  if (typeof text === "string" && hexadecimal.test(text)) return { text };
  if (typeof now === "string" && isClockForm(now)) return { now };
  throw new Flaw("a value is of no kind that is known");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

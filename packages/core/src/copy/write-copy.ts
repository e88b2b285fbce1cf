import type { Capabilities } from "../driver/capabilities.ts";
import type { Executor } from "../driver/driver.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { showTable } from "./copy-error.ts";
import type { CopyEvent } from "./copy-options.ts";
import type { Encodings } from "./exact-cell.ts";
import { readPages } from "./read-pages.ts";
import type { Source } from "./read-source.ts";
import { createRowWriter } from "./row-writer.ts";
import type { SchemaObject } from "./schema-object.ts";
import type { TablePlan } from "./table-plan.ts";
import { assertComplete } from "./verify-copy.ts";

export interface WriteRequest {
  readonly source: Source;
  /** The rows of the source. */
  readonly snapshot: Executor;
  /** Called when no more rows are needed: a server would end a transaction that is left idle. */
  readonly endSnapshot: () => Promise<void>;
  /** An open transaction, with foreign keys suspended. */
  readonly target: Executor;
  readonly capabilities: Capabilities;
  readonly encodings: Encodings;
  readonly emit: (event: CopyEvent) => void;
  /** Told what is being done, for the error that may come. */
  readonly at: (place: string) => void;
  readonly assertNotAborted: () => void;
}

/**
 * Writes a source into a target that holds nothing, and checks it, all in the transaction that is open.
 *
 * Rows come before indexes, which are then built in one go, and before triggers, which would fire.
 *
 * @returns what the target does not take, in words.
 */
export async function writeCopy(request: WriteRequest): Promise<readonly string[]> {
  const { source, target, at } = request;
  const run = async (sql: string): Promise<void> => {
    await target.query({ sql });
  };
  const create = async (...types: readonly SchemaObject["type"][]): Promise<void> => {
    for (const { type, name, sql, kind } of source.objects) {
      if (!types.includes(type) || kind === "shadow") continue;
      at(`creating ${type} "${name}"`);
      await run(sql);
    }
  };
  await create("table");
  for (const statement of source.indexSettings) await target.query(statement);
  for (const plan of source.tables) await copyRows(request, plan);
  await request.endSnapshot();
  await writeSequences(request);
  await create("index");
  await create("view");
  at("filling full-text indexes");
  for (const statement of source.rebuilds) await target.query(statement);
  await create("trigger");
  at("writing settings");
  const skipped = await writeSettings(request);
  at("checking the copy");
  await assertComplete(target, source);
  return skipped;
}

async function copyRows(request: WriteRequest, plan: TablePlan): Promise<void> {
  const { snapshot, target, capabilities, encodings, emit, at, assertNotAborted } = request;
  const table = plan.name;
  at(`copying ${showTable(table)}`);
  const writer = createRowWriter(target, plan, capabilities);
  let rows = 0;
  for await (const page of readPages(snapshot, plan, encodings)) {
    await writer.write(page);
    rows += page.rows.length;
    emit({ kind: "rows", table, rows, total: plan.rows });
    await turn();
    assertNotAborted();
  }
  await writer.flush();
  if (rows === 0) emit({ kind: "rows", table, rows, total: plan.rows });
}

/** Lets timers and signals run: an engine of this process works without a pause otherwise. */
async function turn(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}

/** The marks of AUTOINCREMENT: inserting rows has left the largest ids that are there, not those ever given. */
async function writeSequences({ source, target }: WriteRequest): Promise<void> {
  const hasTable = source.objects.some(({ sql }) => /\bAUTOINCREMENT\b/i.test(sql));
  if (source.sequences.length === 0 && !hasTable) return;
  await target.query({ sql: "DELETE FROM sqlite_sequence" });
  for (const params of source.sequences) {
    await target.query({ sql: "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", params });
  }
}

async function writeSettings({ source, target, capabilities }: WriteRequest): Promise<readonly string[]> {
  const skipped: string[] = [];
  const settings = { user_version: source.userVersion, application_id: source.applicationId };
  for (const [name, value] of Object.entries(settings)) {
    if (capabilities.settablePragmas.includes(name)) await target.query({ sql: `PRAGMA ${name} = ${value}` });
    else if (value !== 0) skipped.push(`${name} ${value}`);
  }
  if (source.statistics.length === 0) return skipped;
  if (capabilities.lock === "server") return [...skipped, "statistics of ANALYZE"];
  // Makes the table of statistics, and nothing else (sqlite.org/lang_analyze.html).
  await target.query({ sql: "ANALYZE sqlite_schema" });
  await target.query({ sql: "DELETE FROM sqlite_stat1" });
  for (const params of source.statistics) {
    await target.query({ sql: "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", params });
  }
  return skipped;
}

/** Drops everything that a copy would bring, so that nothing of the target is left. */
export async function clearTarget(target: Executor, objects: readonly SchemaObject[]): Promise<void> {
  const drop = async (type: SchemaObject["type"], kind: SchemaObject["kind"]): Promise<void> => {
    for (const object of objects.filter((each) => each.type === type && each.kind === kind)) {
      await target.query({ sql: `DROP ${type.toUpperCase()} ${quoteIdentifier(object.name)}` });
    }
  };
  await drop("trigger", "ordinary");
  await drop("view", "ordinary");
  await drop("table", "virtual");
  await drop("table", "ordinary");
}

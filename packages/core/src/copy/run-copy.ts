import { DriverError } from "../driver/driver-error.ts";
import type { Connection, ConnectOptions, Driver, UnitOptions } from "../driver/driver.ts";
import { defaultWaitMs, throwIfAborted } from "../driver/wait-for-lock.ts";
import { assertNotSameFile } from "./assert-not-same-file.ts";
import { closeAfter } from "./close-after.ts";
import { explainCopyFailure, notReadBack, refuseTarget } from "./copy-error.ts";
import type { CopyOptions, CopyResult } from "./copy-options.ts";
import { buildNewFile, exists } from "./new-file.ts";
import { inTransaction, openSnapshot, type Snapshot } from "./open-snapshot.ts";
import { readFirst, readSource, type Source } from "./read-source.ts";
import { readObjects } from "./schema-object.ts";
import { readEncoding, type TextEncoding } from "./text-encoding.ts";
import { readSchemaVersion, settleCopy } from "./settle-copy.ts";
import { removeUnfinished } from "./unfinished-directory.ts";
import { assertSameObjects } from "./verify-copy.ts";
import { clearTarget, writeCopy } from "./write-copy.ts";

/** Carries out `copyDatabase`. */
export async function runCopy(options: CopyOptions): Promise<CopyResult> {
  const progress: Progress = { place: undefined };
  try {
    const source = await options.from.connect({ ...connectOptions(options), readOnly: true, create: false });
    return await closeAfter(source, async () => {
      const snapshot = await openSnapshot(source, unitOptions(options));
      return await closeAfter(snapshot, async () => {
        const plan = await readSource(snapshot, source);
        return await copyTo({ options, snapshot, source: plan, progress });
      });
    });
  } catch (error) {
    throw explainCopyFailure(error, progress.place);
  }
}

interface Progress {
  /** What was being done last. */
  place: string | undefined;
}

interface Copy {
  readonly options: CopyOptions;
  readonly snapshot: Snapshot;
  readonly source: Source;
  readonly progress: Progress;
}

function connectOptions({ waitMs, signal }: CopyOptions): ConnectOptions {
  return { waitMs: waitMs ?? defaultWaitMs, ...(signal === undefined ? {} : { signal }) };
}

function unitOptions({ waitMs, signal, onEvent }: CopyOptions): UnitOptions {
  return {
    waitMs: waitMs ?? defaultWaitMs,
    ...(signal === undefined ? {} : { signal }),
    onWait: (waitedMs) => onEvent?.({ kind: "wait", waitedMs }),
  };
}

async function copyTo(copy: Copy): Promise<CopyResult> {
  const { to } = copy.options;
  if (to.kind === "database") return await copyInto(copy, to.driver, { age: "existing", create: true });
  if (exists(to.path)) {
    removeUnfinished(to.path);
    return await copyInto(copy, to.open(to.path), { age: "existing", create: false });
  }
  const place: Place = { age: "new", create: true };
  return await buildNewFile(to.path, async (path) => await copyInto(copy, to.open(path), place));
}

interface Place {
  readonly age: "new" | "existing";
  readonly create: boolean;
}

async function copyInto(copy: Copy, driver: Driver, { age, create }: Place): Promise<CopyResult> {
  const { source, options } = copy;
  const target = await driver.connect({ ...connectOptions(options), create });
  const result = await closeAfter(target, async () => {
    await assertNotSameFile(source, target);
    if (age === "new") await layOut(target, source);
    const written = await write(copy, driver, target);
    if (age === "new" && source.file?.isWal === true)
      await target.query({ sql: "PRAGMA journal_mode = wal" });
    return written;
  });
  await readBack(driver, copy, age);
  const rows = source.tables.reduce((sum, table) => sum + table.rows, 0);
  options.onEvent?.({ kind: "verified", tables: source.tables.length, rows });
  const tables = source.tables.map(({ name, rows: count }) => ({ name, rows: count }));
  return { ...result, tables, rows, leftOut: source.leftOut };
}

/** What can only be set before the first page is written (sqlite.org/pragma.html). */
async function layOut(target: Connection, { file, encoding }: Source): Promise<void> {
  if (file === undefined) return;
  await target.query({ sql: `PRAGMA page_size = ${file.pageSize}` });
  await target.query({ sql: `PRAGMA auto_vacuum = ${file.autoVacuum}` });
  await target.query({ sql: `PRAGMA encoding = '${encoding}'` });
}

type Written = Pick<CopyResult, "replaced" | "skipped">;

async function write(copy: Copy, driver: Driver, target: Connection): Promise<Written> {
  const { options, source, snapshot, progress } = copy;
  const { tables } = source;
  const to = await encodingOf(target);
  let written: Written = { replaced: false, skipped: [] };
  const mark: { before?: number; after?: number } = {};
  try {
    await inTransaction(
      target,
      async (tx) => {
        const found = await readObjects(tx);
        if (found.length > 0 && options.replace !== true) throw holdsSomething(found.length);
        if (found.length > 0 && source.objects.length === 0 && options.emptySource !== "allow") {
          throw holdsNothing(found.length);
        }
        mark.before = await readSchemaVersion(tx);
        const rows = tables.reduce((sum, table) => sum + table.rows, 0);
        options.onEvent?.({ kind: "start", tables: tables.length, rows });
        await clearTarget(tx, found);
        const skipped = await writeCopy({
          source,
          snapshot,
          endSnapshot: async () => await snapshot.close(),
          target: tx,
          capabilities: target.capabilities,
          encodings: { from: source.encoding, to },
          emit: (event) => options.onEvent?.(event),
          at: (place) => void (progress.place = place),
          assertNotAborted: () => {
            throwIfAborted(options.signal);
          },
        });
        mark.after = await readSchemaVersion(tx);
        written = { replaced: found.length > 0, skipped };
      },
      { ...unitOptions(options), foreignKeys: "suspended" },
    );
    return written;
  } catch (error) {
    const isUnknown = error instanceof DriverError && error.outcome === "unknown";
    if (!isUnknown || target.capabilities.lock !== "server") throw error;
    await settleCopy(error, {
      driver,
      connect: connectOptions(options),
      unit: unitOptions(options),
      mark,
      source,
    });
    return written;
  }
}

function holdsSomething(objects: number): Error {
  return refuseTarget(
    `the target holds ${showObjects(objects)} already`,
    "copy to another place, or replace everything in it with --replace",
  );
}

function holdsNothing(objects: number): Error {
  return refuseTarget(
    `the source holds nothing, and the target ${showObjects(objects)}, which would only be dropped`,
    "check the name of the source; a file without a byte is an empty database too",
  );
}

const showObjects = (count: number): string =>
  count === 1 ? "1 table or other object" : `${count} tables and other objects`;

async function encodingOf(target: Connection): Promise<TextEncoding> {
  if (target.capabilities.lock === "server") return "UTF-8";
  return readEncoding(await readFirst(target, "PRAGMA encoding"));
}

/** Reads the definitions back by a connection that knows nothing of the transaction. */
async function readBack(driver: Driver, { options, source }: Copy, age: "new" | "existing"): Promise<void> {
  try {
    const fresh = await driver.connect({ ...connectOptions(options), readOnly: true, create: false });
    await closeAfter(fresh, async () => {
      await assertSameObjects(fresh, source.objects);
    });
  } catch (error) {
    // A new file has no name yet and is thrown away; anything else has been committed.
    throw age === "new" ? error : notReadBack(error);
  }
}

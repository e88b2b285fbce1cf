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
import { assertComplete, assertSameObjects } from "./verify-copy.ts";
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
  if (to.kind === "database") return await copyInto(copy, to.driver, "existing");
  if (exists(to.path)) return await copyInto(copy, to.open(to.path), "existing");
  return await buildNewFile(to.path, async (path) => await copyInto(copy, to.open(path), "new"));
}

async function copyInto(copy: Copy, driver: Driver, age: "new" | "existing"): Promise<CopyResult> {
  const { source, options } = copy;
  const target = await driver.connect({ ...connectOptions(options), create: true });
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
  return { ...result, tables: source.tables.map(({ name, rows: count }) => ({ name, rows: count })), rows };
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
  try {
    await inTransaction(
      target,
      async (tx) => {
        const found = await readObjects(tx);
        if (found.length > 0 && options.replace !== true) throw holdsSomething(found.length);
        const rows = tables.reduce((sum, table) => sum + table.rows, 0);
        options.onEvent?.({ kind: "start", tables: tables.length, rows });
        await clearTarget(tx, found);
        const skipped = await writeCopy({
          source,
          snapshot,
          target: tx,
          capabilities: target.capabilities,
          encodings: { from: source.encoding, to },
          emit: (event) => options.onEvent?.(event),
          at: (place) => void (progress.place = place),
          assertNotAborted: () => {
            throwIfAborted(options.signal);
          },
        });
        written = { replaced: found.length > 0, skipped };
      },
      { ...unitOptions(options), foreignKeys: "suspended" },
    );
    return written;
  } catch (error) {
    if (!(await tookEffect(error, { copy, driver, target }))) throw error;
    return written;
  }
}

function holdsSomething(objects: number): Error {
  return refuseTarget(
    `the target holds ${objects === 1 ? "1 table or other object" : `${objects} tables and other objects`} already`,
    "copy to another place, or replace everything in it with --replace",
  );
}

async function encodingOf(target: Connection): Promise<TextEncoding> {
  if (target.capabilities.lock === "server") return "UTF-8";
  return readEncoding(await readFirst(target, "PRAGMA encoding"));
}

interface Settling {
  readonly copy: Copy;
  readonly driver: Driver;
  readonly target: Connection;
}

/**
 * Whether a transaction whose COMMIT was not answered is there all the same, which a server can be asked. A file
 * cannot be believed: its last write may come or go with the next crash.
 */
async function tookEffect(error: unknown, { copy, driver, target }: Settling): Promise<boolean> {
  const isUnknown = error instanceof DriverError && error.outcome === "unknown";
  if (!isUnknown || target.capabilities.lock !== "server") return false;
  const fresh = await driver.connect({ ...connectOptions(copy.options), readOnly: true });
  try {
    await closeAfter(fresh, async () => {
      await assertComplete(fresh, copy.source);
    });
    return true;
  } catch {
    // Not there, not complete or not to be asked: the first error says all that is known.
    return false;
  }
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

import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import {
  createMigrator,
  DriverError,
  type Connection,
  type Driver,
  type MigrationError,
  type Operations,
  type Statement,
} from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { chain, revision } from "../support/revisions.ts";
import {
  execute,
  migratorFor,
  openDriver,
  readRows,
  tables,
  temporaryPath,
  versions,
} from "../support/temporary-database.ts";

/** The real driver, some members of whose connections are replaced. */
function wrapping(path: string, replace: (connection: Connection) => Partial<Connection>): Driver {
  const real = openDriver(path);
  return {
    name: "wrapping",
    connect: async (options) => {
      const connection = await real.connect(options);
      return { ...connection, ...replace(connection) };
    },
  };
}

const lostCommit = new DriverError("io", "disk I/O error", {
  outcome: "unknown",
  engineCode: "SQLITE_IOERR_FSYNC",
});

describe("a rebuild that only an answer of the database brings about", () => {
  test("begins again with foreign keys suspended and keeps the rows that refer to the table", async () => {
    const path = temporaryPath();
    execute(
      path,
      "CREATE TABLE p (id INTEGER PRIMARY KEY, n TEXT); CREATE TABLE c (p INTEGER REFERENCES p ON DELETE CASCADE); INSERT INTO p VALUES (1, 'x'); INSERT INTO c VALUES (1)",
    );
    const upgrade = async (op: Operations) => {
      await op.query("SELECT 1");
      op.batchAlterTable("p", (batch) => {
        batch.alterColumn("n", { nullable: false });
      });
    };
    const result = await migratorFor(path, [revision("a", null, { upgrade })]).upgrade();
    expect(result.headsAfter).toEqual(["a"]);
    expect(readRows(path, "SELECT * FROM c")).toEqual([[1]]);
  });
});

describe("after the COMMIT", () => {
  test("a result that cannot be read back is not called unchanged", async () => {
    const path = temporaryPath();
    let committed = false;
    const driver = wrapping(path, (connection) => ({
      transaction: async (work, options) => {
        const result = await connection.transaction?.(work, options);
        committed = true;
        return result as never;
      },
      query: async (statement) => {
        if (committed) throw new DriverError("busy", "the database is locked");
        return await connection.query(statement);
      },
    }));
    const error = await failureOf(migratorFor(path, chain(), { driver }).upgrade());
    expect(error).toMatchObject({
      code: "SKM_COMMIT_UNKNOWN",
      exitCode: 8,
      details: { headsBefore: [], headsAfter: ["c"] },
    });
    expect(error.message).not.toMatch(/unchanged/u);
    expect(versions(path)).toEqual(["c"]);
  });

  test("a listener that throws does not make the database unchanged", async () => {
    const path = temporaryPath();
    const onEvent = (event: { readonly kind: string }): void => {
      if (event.kind === "commit") throw new Error("the listener is broken");
    };
    const error = await failureOf(migratorFor(path, chain(), { onEvent }).upgrade());
    expect(error).toMatchObject({
      exitCode: 8,
      details: { applied: ["a", "b", "c"], pending: [], heads: ["c"] },
    });
    expect(error.message).not.toMatch(/unchanged/u);
  });

  test("an unknown outcome names both states and claims neither", async () => {
    const path = temporaryPath();
    let connections = 0;
    const driver = wrapping(path, () => {
      connections += 1;
      if (connections > 1) throw new DriverError("io", "the disk is gone");
      return { transaction: async () => await Promise.reject(lostCommit) };
    });
    const error = await failureOf(migratorFor(path, chain(), { driver }).upgrade());
    expect(error).toMatchObject({ code: "SKM_COMMIT_UNKNOWN", details: { headsAfter: ["c"] } });
    expect(error.message).not.toMatch(/unchanged/u);
    expect(error.details).not.toHaveProperty("heads");
  });
});

describe("settling a failed COMMIT", () => {
  test.each([
    ["an empty version table", ""],
    ["a version table without an index", "INSERT INTO alembic_version VALUES ('a')"],
  ])("writes to the file also with %s", async (_, insert) => {
    const path = temporaryPath();
    execute(path, `CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL); ${insert}`);
    const observer = new Database(path);
    const seen = (): unknown => observer.pragma("data_version", { simple: true });
    const before = seen();
    const driver = wrapping(path, () => ({ transaction: async () => await Promise.reject(lostCommit) }));
    const error = await failureOf(migratorFor(path, chain(), { driver }).upgrade());
    const after = seen();
    observer.close();
    expect(error).toMatchObject({ code: "SKM_DB_IO", exitCode: 7 });
    expect(after).not.toBe(before);
    expect(versions(path)).toEqual(insert === "" ? [] : ["a"]);
  });

  test("does not make a new database where the old one has gone", async () => {
    const path = temporaryPath();
    let connects = 0;
    let created = false;
    const real = wrapping(path, () => ({ transaction: async () => await Promise.reject(lostCommit) }));
    const driver: Driver = {
      name: "gone",
      connect: async (options) => {
        connects += 1;
        created = options?.create !== false;
        if (connects > 2) throw new DriverError("cantopen", "it does not exist", { reason: "missing" });
        return await real.connect(options);
      },
    };
    const error = await failureOf(migratorFor(path, chain(), { driver }).upgrade());
    expect(error).toMatchObject({ code: "SKM_COMMIT_UNKNOWN", exitCode: 8 });
    expect(created).toBe(false);
  });
});

describe("a body that is given up", () => {
  test("gets an error for the question it stands at when another process was faster", async () => {
    const path = temporaryPath();
    const outcomes: string[] = [];
    const upgrade = async (op: Operations) => {
      try {
        await op.query("SELECT 1");
        outcomes.push("answered");
      } catch {
        outcomes.push("failed");
      }
      op.execute("CREATE TABLE IF NOT EXISTS made (id)");
    };
    const revisions = [revision("a", null, { upgrade })];
    const faster = migratorFor(path, revisions);
    let first = true;
    const driver = wrapping(path, (connection) => ({
      transaction: async (work, options) => {
        if (first) {
          first = false;
          await faster.upgrade();
        }
        return (await connection.transaction?.(work, options)) as never;
      },
    }));
    expect((await migratorFor(path, revisions, { driver }).upgrade()).outcome).toBe("nothing-to-do");
    await new Promise(setImmediate);
    expect(outcomes.toSorted()).toEqual(["answered", "failed"]);
  });

  test("gets an error for whatever it asks or records later", async () => {
    const path = temporaryPath();
    const controller = new AbortController();
    const gate = Promise.withResolvers<void>();
    const outcomes: unknown[] = [];
    const upgrade = async (op: Operations) => {
      setImmediate(() => controller.abort());
      await gate.promise;
      await op.query("SELECT 1").catch((error: MigrationError) => outcomes.push(error.code));
      try {
        op.execute("SELECT 2");
      } catch (error) {
        outcomes.push((error as MigrationError).code);
      }
      outcomes.push("end");
    };
    const run = migratorFor(path, [revision("a", null, { upgrade })], { signal: controller.signal });
    expect(await failureOf(run.upgrade())).toMatchObject({ code: "SKM_MIGRATION_ABORTED" });
    gate.resolve();
    await new Promise(setImmediate);
    expect(outcomes).toEqual(["SKM_MIGRATION_ABORTED", "SKM_MIGRATION_ABORTED", "end"]);
  });

  test("whose question nobody awaits does not bring the process down", async () => {
    const path = temporaryPath();
    const upgrade = (op: Operations) => {
      void op.query("SELECT 1");
    };
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    const error = await failureOf(migratorFor(path, [revision("a", null, { upgrade })]).upgrade());
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
    process.off("unhandledRejection", note);
    expect(error).toMatchObject({ code: "SKM_OP_AFTER_END" });
    expect(unhandled).toEqual([]);
  });
});

/** The same error, at a step of a unit. */
function amended({ kind, message, outcome, reason }: DriverError, step: number): DriverError {
  return new DriverError(kind, message, {
    step,
    ...(outcome === undefined ? {} : { outcome }),
    ...(reason === undefined ? {} : { reason }),
  });
}

describe("an engine without interactive transactions", () => {
  test("does not lose an operation that came after the body's end", async () => {
    const path = temporaryPath();
    const upgrade = (op: Operations) => {
      op.execute("CREATE TABLE made (id)");
      const later = async () => {
        await Promise.resolve();
        op.execute("CREATE TABLE lost (id)");
      };
      later().catch(() => undefined);
    };
    const driver = wrapping(path, () => ({ transaction: undefined }) as unknown as Partial<Connection>);
    const error = await failureOf(
      migratorFor(path, [revision("a", null, { upgrade })], { driver }).upgrade(),
    );
    expect(error).toMatchObject({ code: "SKM_OP_AFTER_END", exitCode: 7 });
    expect(tables(path)).toEqual([]);
  });

  test.each([
    ["a full disk", new DriverError("full", "the disk is full", { outcome: "rolled-back" }), "SKM_DISK_FULL"],
    [
      "a transaction that the server ended",
      new DriverError("busy", "the server ended the transaction", {
        outcome: "rolled-back",
        reason: "transaction-expired",
      }),
      "SKM_REMOTE_TX_EXPIRED",
    ],
  ])("does not take %s at a check behind the revision for its answer", async (_, cause, code) => {
    const path = temporaryPath();
    const driver = wrapping(
      path,
      (connection) =>
        ({
          transaction: undefined,
          unit: async (steps: readonly Statement[]) => {
            if (steps.length < 3) return await connection.unit(steps);
            throw amended(cause, steps.length - 1);
          },
        }) as unknown as Partial<Connection>,
    );
    const error = await failureOf(migratorFor(path, [revision("a", null)], { driver }).upgrade());
    expect(error).toMatchObject({ code });
  });
});

describe("version rows", () => {
  test("that a revision wrote itself are found before the COMMIT", async () => {
    const path = temporaryPath();
    const upgrade = (op: Operations) => {
      op.execute("INSERT INTO alembic_version VALUES ('stray')");
    };
    const error = await failureOf(migratorFor(path, [revision("a", null, { upgrade })]).upgrade());
    expect(error).toMatchObject({ code: "SKM_VERSION_MOVED", exitCode: 7 });
    expect(tables(path)).toEqual([]);
  });
});

describe("foreign keys of a table without rowids", () => {
  test("new violations are told from an old one of the same table", async () => {
    const path = temporaryPath();
    execute(
      path,
      "PRAGMA foreign_keys = OFF; CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p) WITHOUT ROWID; INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1), (2, 99)",
    );
    const upgrade = (op: Operations) => op.execute("DELETE FROM p");
    const migrator = migratorFor(path, [revision("a", null, { upgrade })], { foreignKeys: "suspended" });
    const error = await failureOf(migrator.upgrade());
    expect(error).toMatchObject({ code: "SKM_FOREIGN_KEY", details: { count: 1 } });
    expect(readRows(path, "SELECT * FROM p")).toEqual([[1]]);
  });
});

describe("a connection that fails while it is opened", () => {
  test("is closed, and its error is a MigrationError", async () => {
    const path = temporaryPath();
    execute(path, "CREATE TABLE t (id)");
    let closed = 0;
    const driver = wrapping(path, (connection) => ({
      query: async () => await Promise.reject(new DriverError("io", "disk I/O error")),
      close: async () => {
        closed += 1;
        await connection.close();
      },
    }));
    const error = await failureOf(migratorFor(path, chain(), { driver, applicationId: 0 }).current());
    expect([error.name, error.code, closed]).toEqual(["MigrationError", "SKM_DB_IO", 1]);
  });

  test("closing that fails is a MigrationError and happens once", async () => {
    const path = temporaryPath();
    execute(path, "CREATE TABLE t (id)");
    const driver = wrapping(path, () => ({
      close: async () => await Promise.reject(new DriverError("io", "disk I/O error")),
    }));
    const migrator = createMigrator({ driver, revisions: chain() });
    await migrator.current();
    expect(await failureOf(migrator.upgrade())).toMatchObject({ name: "MigrationError", code: "SKM_DB_IO" });
    expect((await migrator.upgrade()).headsAfter).toEqual(["c"]);
    expect(await failureOf(migrator.close())).toMatchObject({ name: "MigrationError", code: "SKM_DB_IO" });
  });
});

describe("stamp", () => {
  test("with purge resolves an unknown COMMIT by reading the rows", async () => {
    const path = temporaryPath();
    await migratorFor(path, chain()).upgrade();
    let armed = true;
    const driver = wrapping(path, (connection) => ({
      unit: async (steps, options) => {
        const results = await connection.unit(steps, options);
        if (!armed) return results;
        armed = false;
        throw lostCommit;
      },
    }));
    const result = await migratorFor(path, chain(), { driver }).stamp("a", { purge: true });
    expect(result.headsAfter).toEqual(["a"]);
  });

  test("with purge does not claim to know the rows that it never read", async () => {
    const path = temporaryPath();
    await migratorFor(path, chain()).upgrade();
    const holder = new Database(path);
    holder.exec("BEGIN IMMEDIATE");
    const error = await failureOf(migratorFor(path, chain(), { waitMs: 0 }).stamp("a", { purge: true }));
    holder.close();
    expect(error).toMatchObject({ code: "SKM_BUSY", exitCode: 6 });
    expect(error.message).not.toMatch(/at base/u);
  });

  test("of a relative target is not counted from rows that another process wrote meanwhile", async () => {
    const path = temporaryPath();
    await migratorFor(path, chain()).stamp("a");
    let first = true;
    const driver = wrapping(path, (connection) => ({
      transaction: async (work, options) => {
        if (first) execute(path, "UPDATE alembic_version SET version_num = 'b'");
        first = false;
        return (await connection.transaction?.(work, options)) as never;
      },
    }));
    const result = await migratorFor(path, chain(), { driver }).stamp("+1");
    expect([result.outcome, versions(path)]).toEqual(["nothing-to-do", ["b"]]);
  });
});

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { readSchema, type Operations, type Revision, type RunResult } from "@skillmeat/migrate-core";
import {
  migratorFor,
  openDriver,
  readRows,
  tables,
  temporaryPath,
  versions,
} from "../support/temporary-database.ts";

// Nothing here holds a time: the replays need not be a second apart.
vi.mock("node:timers/promises", async (original) => ({
  ...(await original<object>()),
  setTimeout: async () => await Promise.resolve(),
}));

/** A directory of 20 revisions, each with a table and a row, and their snapshot. */
async function writeProject(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "skillmeat-snapshot-"));
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  const id = (index: number): string => `r${String(index).padStart(2, "0")}`;
  for (let index = 0; index < 20; index += 1) {
    writeFileSync(
      join(directory, `${id(index)}.sql`),
      `-- revision: ${id(index)}\n-- downRevision: ${index === 0 ? "base" : id(index - 1)}\n-- upgrade\nCREATE TABLE t${index} (x);\nINSERT INTO t${index} VALUES (${index});\n`,
    );
  }
  await migratorFor(temporaryPath(), directory).snapshot();
  return directory;
}

const countRows = (path: string): unknown =>
  readRows(
    path,
    `SELECT ${Array.from({ length: 20 }, (_, index) => `(SELECT count(*) FROM t${index})`).join(" + ")}`,
  )[0]?.[0];

describe("a run that begins with a snapshot", () => {
  test("and another one at the same time both succeed, and one of them applies it", async () => {
    const directory = await writeProject();
    const path = temporaryPath();
    const runs = Array.from(
      { length: 6 },
      async (): Promise<RunResult> => await migratorFor(path, directory).upgrade(),
    );
    const outcomes = (await Promise.all(runs)).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === "applied")).toHaveLength(1);
    expect([countRows(path), versions(path)]).toEqual([20, ["r19"]]);
  });

  test.each([
    ["at its first statement", "1", "before"],
    ["in the middle", "25", "before"],
    ["at its last statement", "42", "before"],
    ["once it has committed", "commit", "after"],
  ])("leaves all or nothing when it is killed %s", async (_when, deadly, state) => {
    const directory = await writeProject();
    const path = temporaryPath();
    const script = join(import.meta.dirname, "die-jumping.ts");
    const died = spawnSync(
      process.execPath,
      ["--conditions=source", "--disable-warning=ExperimentalWarning", script, path, directory, deadly],
      { encoding: "utf8" },
    );
    expect(died.signal, died.stderr).toBe("SIGKILL");
    if (state === "before") expect(tables(path)).toEqual([]);
    else expect([countRows(path), versions(path)]).toEqual([20, ["r19"]]);
    const { outcome } = await migratorFor(path, directory).upgrade();
    expect(outcome).toBe(state === "before" ? "applied" : "nothing-to-do");
    expect([countRows(path), versions(path)]).toEqual([20, ["r19"]]);
  });

  test("replays where somebody makes a table after it was planned", async () => {
    const directory = await writeProject();
    const path = temporaryPath();
    const other = openDriver(path);
    let done: Promise<void> | undefined;
    const meddle = async (): Promise<void> => {
      const connection = await other.connect();
      await connection.unit([{ sql: "CREATE TABLE other (x)" }]);
      await connection.close();
    };
    const real = openDriver(path);
    const driver = {
      ...real,
      connect: async (options?: Parameters<typeof real.connect>[0]) => {
        if (options?.create !== false) await (done ??= meddle());
        return await real.connect(options);
      },
    };
    const result = await migratorFor(path, directory, { driver }).upgrade();
    expect(result.steps).toHaveLength(20);
    expect([countRows(path), versions(path)]).toEqual([20, ["r19"]]);
  });
});

/** What a chain has made so far, so that the next change can be one that is possible. */
interface Model {
  readonly tables: { name: string; readonly columns: string[] }[];
  count: number;
}

type Change = readonly [kind: number, pick: number, value: string | number | null | boolean];

const changes: readonly ((op: Operations, model: Model, change: Change) => void)[] = [
  (op, model) => {
    const name = `t ${(model.count += 1)}`;
    op.createTable({
      name,
      columns: [
        { name: "id", type: "INTEGER", primaryKey: true },
        { name: "Value", default: "x" },
      ],
    });
    model.tables.push({ name, columns: ["id", "Value"] });
  },
  (op, model, [, pick]) => {
    onTable(model, pick, (table) => {
      const name = `c${(model.count += 1)}`;
      op.addColumn(table.name, { name, type: "TEXT" });
      table.columns.push(name);
    });
  },
  (op, model, [, pick, value]) => {
    onTable(model, pick, ({ name, columns }) => {
      op.bulkInsert(name, [
        { [columns.at(-1) ?? "Value"]: typeof value === "boolean" ? Number(value) : value },
      ]);
    });
  },
  (op, model, [, pick]) => {
    onTable(model, pick, (table) => {
      const name = `renamed ${(model.count += 1)}`;
      op.renameTable(table.name, name);
      table.name = name;
    });
  },
  (op, model, [, pick]) => {
    onTable(model, pick, ({ name, columns }) => {
      op.createIndex({ name: `ix${(model.count += 1)}`, table: name, columns: [columns.at(-1) ?? "Value"] });
    });
  },
  (op, model, [, pick]) => {
    onTable(model, pick, ({ name }) => {
      op.execute(
        `CREATE TRIGGER tr${(model.count += 1)} AFTER INSERT ON "${name}" BEGIN UPDATE "${name}" SET "Value" = coalesce("Value", '') || '!' WHERE id = new.id; END`,
      );
    });
  },
  (op, model, [, pick]) => {
    onTable(model, pick, ({ name }) => {
      const check = `ck${(model.count += 1)}`;
      op.batchAlterTable(name, { recreate: "always" }, (batch) => {
        batch.createCheckConstraint({ name: check, expression: "id >= 0" });
      });
    });
  },
  (op, model, [, pick]) => {
    onTable(model, pick, ({ name }) => {
      op.execute(`UPDATE "${name}" SET "Value" = length("Value") WHERE id % 2 = 0`);
      op.execute(`DELETE FROM "${name}" WHERE id % 5 = 4`);
    });
  },
];

function onTable(model: Model, pick: number, task: (table: Model["tables"][number]) => void): void {
  const table = model.tables[pick % Math.max(1, model.tables.length)];
  if (table !== undefined) task(table);
}

/** Records the changes once, in order: what a revision does must not depend on when it is asked. */
function buildChain(steps: readonly (readonly Change[])[]): readonly Revision[] {
  const model: Model = { tables: [], count: 0 };
  return steps.map((step, index) => {
    const calls = step.map((change) => {
      const recorded: ((op: Operations) => void)[] = [];
      const recorder = new Proxy({} as Operations, {
        get:
          (_, method) =>
          (...args: unknown[]) => {
            recorded.push((op) => {
              (op[method as keyof Operations] as (...given: unknown[]) => void)(...args);
            });
          },
      });
      changes[change[0] % changes.length]?.(recorder, model, change);
      return recorded;
    });
    return {
      revision: `r${index}`,
      downRevision: index === 0 ? null : `r${index - 1}`,
      upgrade: (op) => {
        for (const call of calls.flat()) call(op);
      },
    };
  });
}

async function look(path: string): Promise<unknown> {
  const connection = await openDriver(path).connect({ readOnly: true });
  try {
    const schema = await readSchema(connection);
    const rows = schema.tables.map(({ name }) => readRows(path, `SELECT rowid, * FROM "${name}" ORDER BY 1`));
    const byName = <T extends { readonly name: string }>(list: readonly T[]): readonly T[] =>
      list.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return {
      ...schema,
      names: schema.names.toSorted(),
      tables: byName(schema.tables),
      triggers: byName(schema.triggers),
      rows: rows.map((table) => JSON.stringify(table)).toSorted(),
      texts: readRows(path, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"),
      versions: versions(path),
    };
  } finally {
    await connection.close();
  }
}

describe("for any chain of revisions", () => {
  const change: fc.Arbitrary<Change> = fc.tuple(
    fc.nat(changes.length - 1),
    fc.nat(20),
    fc.oneof(
      fc.string(),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    ),
  );
  const chains = fc.array(fc.array(change, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 });

  test("the snapshot of a part, and the rest, make what all of them make", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(chains, fc.nat(7), async (steps, cut) => {
        const chain = buildChain([[[0, 0, null]], ...steps]);
        const target = chain[cut % chain.length]?.revision ?? "heads";
        const { text, revisions } = await migratorFor(temporaryPath(), chain).snapshot({ target });
        const [jumped, replayed] = [temporaryPath(), temporaryPath()];
        const snapshot = JSON.parse(text) as Record<string, unknown>;
        const result = await migratorFor(jumped, chain, { snapshot }).upgrade();
        expect(result.steps[0]?.snapshot).toEqual({ revisions });
        expect(result.steps).toHaveLength(chain.length - revisions + 1);
        await migratorFor(replayed, chain).upgrade();
        expect(await look(jumped)).toEqual(await look(replayed));
      }),
      { numRuns: 40 },
    );
  });
});

import { mkdirSync, rmSync } from "node:fs";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import type { ChildTask } from "./support/child.ts";
import { runChild, startChild } from "./support/run-child.ts";
import { temporaryDatabase } from "./support/temporary-database.ts";

// Faults are injected into system calls by strace: its absence fails these tests on Linux instead of skipping them.
const onLinux = test.skipIf(process.platform !== "linux");

function temporary() {
  const database = temporaryDatabase();
  onTestFinished(() => database.dispose());
  return database.files;
}

const all = (path: string) => [path, `${path}-wal`, `${path}-journal`, `${path}-shm`];

/** Makes a system call on files of a database fail or kill: `call:what:when=…`. */
function inject(paths: readonly string[], fault: string): readonly string[] {
  const call = fault.slice(0, fault.indexOf(":"));
  const where = paths.flatMap((path) => ["-P", path]);
  return ["strace", "-f", "-qq", "-o", "/dev/null", "-e", `trace=${call}`, "-e", `inject=${fault}`, ...where];
}

const wal = { journalMode: "wal" } as const;

function prepare(path: string, mode: "wal" | "delete"): void {
  const database = new Database(path);
  database.pragma(`journal_mode = ${mode}`);
  database.exec("CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT)");
  database.exec("CREATE TABLE child (p REFERENCES parent (id) ON DELETE CASCADE)");
  database.exec("INSERT INTO parent VALUES (1, 'a'), (2, 'b'); INSERT INTO child VALUES (1), (2)");
  database.close();
}

const rebuild: ChildTask["unit"] = [
  "CREATE TABLE parent_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, more TEXT)",
  "INSERT INTO parent_new SELECT id, name, 'x' FROM parent",
  "CREATE INDEX by_name ON parent_new (name)",
  "PRAGMA user_version = 2",
].map((sql) => ({ sql }));

/** Before, after, or what must never be seen. */
function stateOf(path: string): string {
  const database = new Database(path);
  try {
    const version = database.pragma("user_version", { simple: true });
    const names = database.prepare(
      "SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema ORDER BY name)",
    );
    const rows = database
      .prepare("SELECT (SELECT count(*) FROM parent), (SELECT count(*) FROM child)")
      .raw()
      .get();
    const integrity = database.pragma("integrity_check", { simple: true });
    const facts = JSON.stringify([version, names.pluck().get(), rows, integrity]);
    if (facts === '[0,"child,parent",[2,2],"ok"]') return "before";
    return facts === '[2,"by_name,child,parent,parent_new",[2,2],"ok"]' ? "after" : facts;
  } finally {
    database.close();
  }
}

onLinux.each([
  ["wal", wal],
  ["delete", {}],
] as const)("a disk that does not sync at COMMIT (%s) leaves the outcome unknown", async (mode, journal) => {
  const { path } = temporary();
  prepare(path, mode);
  const { error } = await runChild(
    { options: { path, ...journal }, unit: rebuild },
    inject(all(path), "fsync:error=EIO:when=1+"),
  );
  expect(error).toMatchObject({ kind: "io", outcome: "unknown", engineCode: "SQLITE_IOERR_FSYNC" });
  expect(error?.step).toBeUndefined();
  expect(["before", "after"]).toContain(stateOf(path));
});

onLinux("a disk that is full at COMMIT has rolled back", async () => {
  const { path } = temporary();
  prepare(path, "wal");
  const fault = inject([`${path}-wal`], "pwrite64:error=ENOSPC:when=1+");
  const { error } = await runChild({ options: { path, ...wal }, unit: rebuild }, fault);
  expect(error).toMatchObject({ kind: "full", outcome: "rolled-back", engineCode: "SQLITE_FULL" });
  expect(error?.step).toBeUndefined();
  expect(stateOf(path)).toBe("before");
});

onLinux.each([
  ["wal", wal],
  ["delete", {}],
] as const)(
  "a process killed at any write (%s) leaves the state before or after, and the next run works",
  async (mode, journal) => {
    const { path, directory } = temporary();
    const states = new Set<string>();
    for (let when = 1; when <= 24; when += mode === "wal" ? 4 : 5) {
      rmSync(directory, { recursive: true });
      mkdirSync(directory);
      prepare(path, mode);
      const fault = inject(all(path), `pwrite64:signal=KILL:when=${when}`);
      const outcome = await runChild({ options: { path, ...journal }, unit: rebuild }, fault).then(
        ({ error }) => error?.message ?? "done",
        () => "killed",
      );
      const state = stateOf(path);
      expect(outcome === "killed" ? ["before", "after"] : ["after"], outcome).toContain(state);
      states.add(`${outcome} ${state}`);
      if (state === "before") {
        expect((await runChild({ options: { path, ...journal }, unit: rebuild })).error).toBeUndefined();
        expect(stateOf(path)).toBe("after");
      }
    }
    expect([...states]).toContain("killed before");
  },
  120_000,
);

test("a killed process holds no lock", async () => {
  const { path } = temporary();
  prepare(path, "delete");
  const child = await startChild({ options: { path }, hold: rebuild });
  expect((await runChild({ options: { path }, connect: { waitMs: 50 }, unit: rebuild })).error).toMatchObject(
    { kind: "busy" },
  );
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exited;
  expect(
    (await runChild({ options: { path }, connect: { waitMs: 0 }, unit: rebuild })).error,
  ).toBeUndefined();
  expect(stateOf(path)).toBe("after");
});

test("of several processes that start together exactly one applies, and the others are told by the guard", async () => {
  const { path } = temporary();
  const guarded = [
    { sql: "CREATE TABLE IF NOT EXISTS version (v)" },
    { sql: "SELECT CASE WHEN EXISTS (SELECT 1 FROM version) THEN json('somebody was faster') END" },
    { sql: "INSERT INTO version VALUES (1)" },
  ];
  const starts = Array.from(
    { length: 6 },
    async () => await runChild({ options: { path, ...wal }, unit: guarded }),
  );
  const reports = await Promise.all(starts);
  expect(reports.filter(({ error }) => error === undefined)).toHaveLength(1);
  expect(reports.filter(({ error }) => error?.kind === "sql" && error.step === 1)).toHaveLength(5);
  const database = new Database(path, { readonly: true });
  expect(database.prepare("SELECT count(*) FROM version").pluck().get()).toBe(1);
  database.close();
}, 120_000);

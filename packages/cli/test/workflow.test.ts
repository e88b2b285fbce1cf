import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { execute } from "./support/database-file.ts";
import { runChild, type ChildOutcome } from "./support/run-child.ts";
import { temporaryDirectories } from "./support/temporary-directory.ts";

const temporaryDirectory = temporaryDirectories();

interface Project {
  readonly directory: string;
  readonly run: (...argv: readonly string[]) => Promise<ChildOutcome>;
  /** Runs, expects exit code 0, and answers with standard output. */
  readonly must: (...argv: readonly string[]) => Promise<string>;
  /** Every object of the schema and every row, but the version table's. */
  readonly contents: () => object;
}

async function startProject(): Promise<Project> {
  const directory = temporaryDirectory();
  const run: Project["run"] = async (...argv) => await runChild(argv, { cwd: directory });
  const must: Project["must"] = async (...argv) => {
    const { exit, stdout, stderr } = await run(...argv);
    expect(exit, `${argv.join(" ")}\n${stderr}`).toBe(0);
    return stdout.trim();
  };
  await must("init");
  leaveOutImports(join(directory, "skillmeat-migrate.config.ts"));
  return { directory, run, must, contents: () => readContents(join(directory, "app.db")) };
}

function readContents(path: string): object {
  const database = new Database(path, { readonly: true });
  try {
    const objects = database
      .prepare<[], { name: string; type: string; sql: string | null }>(
        "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name <> 'alembic_version' ORDER BY name",
      )
      .all()
      // A rebuilt table keeps what its definition says, not how it is written.
      .map(({ sql, ...object }) => ({ ...object, sql: sql?.replaceAll(/["\s]+/g, "") }));
    const tables = objects.filter(({ type }) => type === "table").map(({ name }) => name);
    const rows = tables.map((name) => [name, database.prepare(`SELECT * FROM "${name}" ORDER BY 1`).all()]);
    expect(database.pragma("integrity_check")).toEqual([{ integrity_check: "ok" }]);
    expect(database.pragma("foreign_key_check")).toEqual([]);
    return { objects, rows: Object.fromEntries(rows) as object };
  } finally {
    database.close();
  }
}

/** The bundle that the tests start knows no packages; authoring.test.ts is about importing them. */
function leaveOutImports(path: string): void {
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replace(/^import .*\n\n/, "").replace(/define\w+\(([^]*)\);/, "$1;"));
}

/** Puts statements into the bodies of a revision file, as its author does in an editor. */
function fill(path: string, upgrade: string, downgrade: string): void {
  const bodies = [upgrade, downgrade];
  const text = readFileSync(path, "utf8");
  writeFileSync(
    path,
    text.replaceAll(/^ {4}\/\/ .*$/gm, () => `    ${bodies.shift() ?? ""}`),
  );
  leaveOutImports(path);
}

/** The seed's "Development Workflow": create, edit, test up and down, re-upgrade, verify idempotency. */
describe("the development workflow", () => {
  test("works from an empty directory on", async () => {
    const { must, run, contents, directory } = await startProject();

    const first = await must("revision", "-m", "Create users");
    fill(
      first,
      'op.createTable({ name: "users", columns: [{ name: "id", type: "INTEGER", primaryKey: true }, { name: "email", type: "TEXT", nullable: false }] });',
      'op.dropTable("users");',
    );
    await must("upgrade");
    execute(
      join(directory, "app.db"),
      "INSERT INTO users (email) VALUES ('a@example.org'), ('b@example.org')",
    );
    const before = contents();

    // Create and edit.
    const second = await must("revision", "-m", "Add index on email");
    fill(
      second,
      'op.createIndex({ name: "ix_users_email", table: "users", columns: ["email"], unique: true });\n    op.addColumn("users", { name: "age", type: "INTEGER" });',
      'op.dropColumn("users", "age");\n    op.dropIndex("ix_users_email");',
    );
    await must("history");
    await must("upgrade", "--dry-run");
    expect(contents()).toEqual(before);
    expect((await run("current", "--check-heads")).exit).toBe(3);

    // Up, down: as before. Up again: as the first time.
    await must("upgrade");
    const after = contents();
    expect(after).not.toEqual(before);
    expect((await run("downgrade", "-1")).stderr).toContain('column "users.age" of 2 rows');
    expect(contents()).toEqual(after);
    await must("downgrade", "-1", "--yes");
    expect(contents()).toEqual(before);
    await must("upgrade", "head");
    expect(contents()).toEqual(after);

    // Doing it again does nothing, to no byte.
    const bytes = readFileSync(join(directory, "app.db"));
    expect((await run("upgrade")).stderr).toContain("nothing to do");
    expect(readFileSync(join(directory, "app.db")).equals(bytes)).toBe(true);
    expect(await must("current", "--check-heads")).toMatch(/^[\da-f]{12} \(head\)$/);
    await must("check");

    // All the way down takes a yes, and all the way up gives the same schema.
    expect((await run("downgrade", "base")).exit).toBe(9);
    expect(contents()).toEqual(after);
    await must("downgrade", "base", "--yes");
    expect(contents()).toEqual({ objects: [], rows: {} });
    await must("upgrade");
    expect(contents()).toMatchObject({ objects: (after as { readonly objects: unknown }).objects });
  }, 120_000);

  test("works with a declared schema", async () => {
    const { directory, must, contents } = await startProject();
    const config = join(directory, "skillmeat-migrate.config.ts");
    writeFileSync(
      config,
      readFileSync(config, "utf8").replace('  // schema: "./schema.sql"', '  schema: "./schema.sql"'),
    );
    writeFileSync(
      join(directory, "schema.sql"),
      "CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT NOT NULL);",
    );
    leaveOutImports(await must("revision", "-m", "Create book", "--autogenerate"));
    await must("upgrade");
    execute(join(directory, "app.db"), "INSERT INTO book (title) VALUES ('Emma')");
    const before = contents();

    writeFileSync(
      join(directory, "schema.sql"),
      "CREATE TABLE book (id INTEGER PRIMARY KEY, name TEXT NOT NULL CHECK (name <> ''));\nCREATE INDEX ix_book_name ON book (name);",
    );
    const path = await must(
      "revision",
      "-m",
      "Rename title",
      "--autogenerate",
      "--rename",
      "book.title=name",
    );
    expect(readFileSync(path, "utf8")).toContain('op.renameColumn("book", "title", "name")');
    leaveOutImports(path);
    expect(await must("revision", "--autogenerate")).toBe("");
    await must("upgrade");
    expect(contents()).toMatchObject({ rows: { book: [{ id: 1, name: "Emma" }] } });
    await must("downgrade", "-1");
    expect(contents()).toEqual(before);
    await must("upgrade");
  }, 120_000);
});

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import {
  downgradeMigration,
  getCurrentRevision,
  runMigrations,
  showMigrationHistory,
} from "@skillmeat/schema";
import { describeSchema } from "./support/describe-schema.ts";
import { copyAlembicCache } from "./support/fixture.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";

const hash = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

const readRows = (path: string): readonly unknown[] => {
  const database = new Database(path, { readonly: true });
  const rows = ["projects", "artifacts", "artifact_metadata", "marketplace", "cache_metadata"].map((table) =>
    database.prepare(`SELECT * FROM ${table} ORDER BY 1`).raw().all(),
  );
  database.close();
  return rows;
};

describe.each(["alembic-created-cache.db", "alembic-created-cache-populated.db"] as const)("%s", (name) => {
  test("is known to be at its revision and is not changed by a byte when it is read", async () => {
    const path = copyAlembicCache(name);
    const before = hash(path);
    expect(await getCurrentRevision(path)).toBe("001_initial_schema");
    expect(await showMigrationHistory({ path, write: () => undefined })).toContain(
      "Rev: 001_initial_schema (head) (current)",
    );
    expect(hash(path)).toBe(before);
  });

  test("has nothing to upgrade", async () => {
    const path = copyAlembicCache(name);
    const rows = readRows(path);
    expect((await runMigrations(path)).outcome).toBe("nothing-to-do");
    expect(readRows(path)).toEqual(rows);
  });

  test("goes down to base and comes back with the same schema", async () => {
    const path = copyAlembicCache(name);
    const before = describeSchema(path);
    expect((await downgradeMigration({ path, revision: "base" })).headsAfter).toEqual([]);
    expect(await getCurrentRevision(path)).toBeNull();
    expect((await runMigrations(path)).outcome).toBe("applied");
    expect(describeSchema(path)).toEqual(before);
  });
});

/** The smallest Alembic environment that knows the revision of the cache; its bodies leave the schema alone. */
function writeAlembicProject(database: string): string {
  const root = join(temporaryDirectory(), "alembic");
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write(
    "alembic.ini",
    `[alembic]\nscript_location = ${root}/migrations\nsqlalchemy.url = sqlite:///${database}\n`,
  );
  write(
    "migrations/env.py",
    `from alembic import context
from sqlalchemy import engine_from_config, pool
engine = engine_from_config(context.config.get_section("alembic"), prefix="sqlalchemy.", poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
`,
  );
  write(
    "migrations/versions/001_initial_schema.py",
    `"""Create initial cache schema"""
revision = "001_initial_schema"
down_revision = None
def upgrade():
    raise RuntimeError("the database is at this revision already")
def downgrade():
    pass
`,
  );
  return root;
}

/** Debian's Alembic; a machine without it fails the test. */
const alembic = (root: string, ...args: readonly string[]): string =>
  execFileSync("/usr/bin/python3", ["-m", "alembic.config", "-c", join(root, "alembic.ini"), ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();

describe("a cache database that we made", () => {
  test("is read by Alembic as being at its revision, has nothing to upgrade and can be taken over", async () => {
    const path = join(temporaryDirectory(), "cache.db");
    await runMigrations(path);
    const root = writeAlembicProject(path);
    expect(alembic(root, "current")).toBe("001_initial_schema (head)");
    expect(alembic(root, "upgrade", "head")).toBe("");
    alembic(root, "downgrade", "base");
    expect(await getCurrentRevision(path)).toBeNull();
    alembic(root, "stamp", "head");
    expect(await getCurrentRevision(path)).toBe("001_initial_schema");
    expect((await runMigrations(path)).outcome).toBe("nothing-to-do");
  });
});

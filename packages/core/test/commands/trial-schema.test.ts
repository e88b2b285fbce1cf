import { describe, expect, test } from "vitest";
import { listTrialTables, selectTables } from "../../src/commands/trial-schema.ts";
import { diffSchemas } from "../../src/autogenerate/diff-schemas.ts";
import { readSchema } from "../../src/inspect/read-schema.ts";
import type { DatabaseSchema } from "../../src/schema/database-schema.ts";
import { changes } from "../autogenerate/schema-changes.ts";
import { comparingMigrator } from "../support/comparing-migrator.ts";
import { openDriver } from "../support/temporary-database.ts";

async function schemaOf(sql: string): Promise<DatabaseSchema> {
  const connection = await openDriver(":memory:").connect();
  try {
    for (const statement of sql.split(/;\s*(?=CREATE|ALTER|$)/)) {
      if (statement.trim() !== "") await connection.unit([{ sql: statement }]);
    }
    return await readSchema(connection);
  } finally {
    await connection.close();
  }
}

describe("a trial needs", () => {
  test.each<[title: string, from: string, to: string, names: readonly string[]]>([
    [
      "what means something else, not what is only written in another way",
      "CREATE TABLE a (x); CREATE TABLE b (x INT DEFAULT 1 NOT NULL)",
      "CREATE TABLE a (x, y); CREATE TABLE b ( x INT NOT NULL DEFAULT 1 )",
      ["a"],
    ],
    [
      "what goes and what comes",
      "CREATE TABLE a (x); CREATE TABLE b (x)",
      "CREATE TABLE B (x); CREATE TABLE c (x)",
      ["a", "c"],
    ],
    [
      "a table with another index",
      "CREATE TABLE a (x); CREATE TABLE b (x)",
      "CREATE TABLE a (x); CREATE INDEX i ON a (x); CREATE TABLE b (x)",
      ["a"],
    ],
    [
      "a table whose index goes",
      "CREATE TABLE a (x); CREATE INDEX i ON a (x); CREATE TABLE b (x)",
      "CREATE TABLE a (x); CREATE TABLE b (x)",
      ["a"],
    ],
    [
      "what foreign keys connect, in both directions",
      "CREATE TABLE p (id INTEGER PRIMARY KEY, g REFERENCES g); CREATE TABLE g (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES P); CREATE TABLE other (x)",
      "CREATE TABLE p (id INTEGER PRIMARY KEY, g REFERENCES g, y); CREATE TABLE g (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES P); CREATE TABLE other (x)",
      ["c", "g", "p"],
    ],
    [
      "what views and triggers mention, and what they are on",
      'CREATE TABLE a (x); CREATE TABLE V1 (x); CREATE TABLE t1 (x); CREATE TABLE t2 (x); CREATE TABLE other (x); CREATE VIEW v AS SELECT x FROM v1; CREATE TRIGGER t AFTER INSERT ON t1 BEGIN DELETE FROM "t2"; END',
      'CREATE TABLE a (x, y); CREATE TABLE V1 (x); CREATE TABLE t1 (x); CREATE TABLE t2 (x); CREATE TABLE other (x); CREATE VIEW v AS SELECT x FROM v1; CREATE TRIGGER t AFTER INSERT ON t1 BEGIN DELETE FROM "t2"; END',
      ["a", "t1", "t2", "v1"],
    ],
    [
      "virtual tables and their content",
      "CREATE TABLE a (x); CREATE TABLE docs (x); CREATE TABLE other (x); CREATE VIRTUAL TABLE f USING fts5(x, content='docs')",
      "CREATE TABLE a (x, y); CREATE TABLE docs (x); CREATE TABLE other (x); CREATE VIRTUAL TABLE f USING fts5(x, content='docs')",
      ["a", "docs", "f"],
    ],
    ["nothing where nothing differs", "CREATE TABLE a (x)", "CREATE TABLE a (x)", []],
  ])("%s", async (_title, from, to, expected) => {
    const [left, right] = [await schemaOf(from), await schemaOf(to)];
    const names = listTrialTables({ from: left, to: right, operations: diffSchemas(left, right) });
    const found = [left, right].flatMap((schema) => selectTables(schema, names).tables);
    const tables = found.filter(({ kind }) => kind !== "shadow").map(({ name }) => name.toLowerCase());
    expect([...new Set(tables)].toSorted()).toEqual(expected);
  });
});

test.each(changes)(
  "tables that have nothing to do with it do not change what is generated: %s",
  async (_title, from, to) => {
    const bystanders = Array.from(
      { length: 4 },
      (_, index) =>
        `CREATE TABLE bystander${index} (x REFERENCES bystander0, y CHECK (y > 0));\nCREATE INDEX by${index} ON bystander${index} (y);\n`,
    ).join("");
    const generate = async (extra: string) =>
      await comparingMigrator(extra + from, { schema: { sql: extra + to } }).autogenerate({ drops: "all" });
    expect(await generate(bystanders)).toEqual(await generate(""));
  },
);

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  renderOperations,
  renderRevision,
  sql,
  type Operation,
  type Operations,
  type RevisionInfo,
} from "@skillmeat/migrate-core";
import { operationArbitrary } from "../ops/operation-arbitrary.ts";
import { recordOperations } from "../ops/record-operations.ts";
import { runSource } from "../support/run-source.ts";

const root = join(import.meta.dirname, "..", "..", "..", "..");
const tool = (name: string): string => join(root, "node_modules", ".bin", name);

const header: RevisionInfo = {
  revision: "002_add_books",
  downRevision: "001_initial",
  message: "Add books",
  createDate: "2026-01-31T09:30:00Z",
};

const upgrade = recordOperations((op) => {
  op.createTable({
    name: "book",
    columns: [
      { name: "id", type: "INTEGER", primaryKey: { autoincrement: true } },
      { name: "title", type: "TEXT", nullable: false, collate: "NOCASE" },
      { name: "price", type: "NUMERIC", default: 0, check: "price >= 0" },
      { name: "author_id", type: "INTEGER" },
      { name: "made", default: sql`CURRENT_TIMESTAMP` },
      { name: "cover", type: "BLOB", default: new Uint8Array([0, 255]) },
    ],
    foreignKeys: [
      { columns: ["author_id"], references: { table: "author", columns: ["id"], onDelete: "set null" } },
    ],
    strict: false,
  });
  op.createIndex({ name: "ix_book_title", table: "book", columns: [sql`lower(title)`], unique: true });
  op.createView("CREATE VIEW cheap AS\nSELECT *\nFROM book\nWHERE price < 10");
  op.batchAlterTable("author", (batch) => {
    batch.dropColumn("nick");
    batch.addColumn({ name: "born", type: "TEXT" }, { insertAfter: "name" });
    batch.alterColumn("name", { type: "TEXT", nullable: false });
    batch.renameColumn("mail", "email");
    batch.dropConstraint("ck_author");
    batch.dropConstraint({ kind: "unique", columns: ["email"] });
    batch.createCheckConstraint({ name: "ck_author", expression: "length(name) > 0" });
  });
  op.alterColumn("author", "email", { default: null });
});

const downgrade = recordOperations((op) => {
  op.dropView("cheap");
  op.dropTable("book");
});

const expected = `import { defineRevision, sql } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "002_add_books",
  downRevision: "001_initial",
  message: "Add books",
  createDate: "2026-01-31T09:30:00Z",

  upgrade(op) {
    op.createTable({
      name: "book",
      columns: [
        { name: "id", type: "INTEGER", primaryKey: { autoincrement: true } },
        { name: "title", type: "TEXT", nullable: false, collate: "NOCASE" },
        { name: "price", type: "NUMERIC", default: 0, check: "price >= 0" },
        { name: "author_id", type: "INTEGER" },
        { name: "made", default: sql\`CURRENT_TIMESTAMP\` },
        { name: "cover", type: "BLOB", default: new Uint8Array([0, 255]) },
      ],
      foreignKeys: [
        { columns: ["author_id"], references: { table: "author", columns: ["id"], onDelete: "set null" } },
      ],
      strict: false,
    });
    op.createIndex({ name: "ix_book_title", table: "book", columns: [sql\`lower(title)\`], unique: true });
    op.createView(\`CREATE VIEW cheap AS
SELECT *
FROM book
WHERE price < 10\`);
    op.batchAlterTable("author", (batch) => {
      batch.dropColumn("nick");
      batch.addColumn({ name: "born", type: "TEXT" }, { insertAfter: "name" });
      batch.alterColumn("name", { type: "TEXT", nullable: false });
      batch.renameColumn("mail", "email");
      batch.dropConstraint("ck_author");
      batch.dropConstraint({ kind: "unique", columns: ["email"] });
      batch.createCheckConstraint({ name: "ck_author", expression: "length(name) > 0" });
    });
    op.alterColumn("author", "email", { default: null });
  },

  downgrade(op) {
    op.dropView("cheap");
    op.dropTable("book");
  },
});
`;

describe("renderRevision", () => {
  test("writes a file that people can read", () => {
    expect(renderRevision(header, { upgrade, downgrade })).toBe(expected);
  });

  test("writes the fields there are, and no downgrade where there is no way back", () => {
    const merge = {
      revision: "m",
      downRevision: ["a", "b"],
      dependsOn: [],
      replaces: ["x", "y"],
      minimumReader: ["a", "b"],
      branchLabels: ["shop"],
    };
    expect(renderRevision(merge, { upgrade: [], downgrade: null }))
      .toBe(`import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "m",
  downRevision: ["a", "b"],
  branchLabels: ["shop"],
  replaces: ["x", "y"],
  minimumReader: ["a", "b"],

  upgrade() {},
});
`);
  });
});

function run(source: string): readonly Operation[] {
  return recordOperations((op) => {
    runSource(op, source);
  });
}

/** What the source says: what a dropped object was stands in the other direction. */
function told(operation: Operation): unknown {
  const { definition: _definition, ...rest } = operation as Operation & { readonly definition?: unknown };
  return rest;
}

const longText = fc
  .string({ unit: "binary", maxLength: 60 })
  .filter((text) => text.isWellFormed() && !text.includes("\0"));

const batch: fc.Arbitrary<(op: Operations) => void> = fc
  .record({
    table: longText.filter((text) => text.trim() !== ""),
    names: fc.array(fc.stringMatching(/^[a-z]{1,40}$/u), { minLength: 1, maxLength: 4 }),
    text: longText,
    recreate: fc.constantFrom("auto" as const, "always" as const),
  })
  .map(({ table, names, text, recreate }) => (op) => {
    op.batchAlterTable(table, { recreate }, (changes) => {
      for (const name of names) {
        changes.alterColumn(name, { default: text, type: "TEXT", nullable: false, collate: "NOCASE" });
        changes.createUniqueConstraint({ name, columns: [...names, { column: name, order: "desc" }] });
        changes.dropConstraint(name);
        changes.createIndex({ name, columns: [...names, sql`lower(${text})`] });
        changes.createIndex({ name, columns: names }, { ifNotExists: true });
        changes.addColumn({ name }, { insertBefore: "z_0", ifNotExists: true });
        changes.dropIndex(name, { ifExists: true });
      }
    });
    op.bulkInsert(table, [
      Object.fromEntries(names.map((name) => [name, text])),
      Object.fromEntries(names.map((name) => [name, 1])),
    ]);
    op.execute(sql`SELECT ${text}, ?, ?, ?, ?, ?`, [text, 1, 2n, null, new Uint8Array(names.length * 40)]);
    op.execute("DELETE FROM t", undefined, { allowDataLoss: names });
    op.dropTable(table, { allowDataLoss: names });
    op.addColumn("t", { name: "c" }, { insertAfter: "b" });
    op.dropColumn("t", "c", { ifExists: true });
    op.alterColumn("t", "c", { type: "TEXT" }, { insertBefore: "a" });
    op.dropConstraint("t", "ck", { ifExists: true });
    op.batchAlterTable("t", { tableArgs: { checks: ["a > 0"], uniques: [["a"]], strict: true } }, () => {});
    op.require("SELECT count(*) > 0 FROM t", names.join(" "));
    op.updateRows("t", { set: { a: 1, b: sql`a + 1` }, where: "a IS NULL" });
  });

const anyOperation = fc.oneof(operationArbitrary, batch);

const tsconfig = {
  extends: join(root, "tsconfig.base.json"),
  compilerOptions: {
    noEmit: true,
    emitDeclarationOnly: false,
    rootDir: parse(root).root,
    composite: false,
    incremental: false,
    isolatedDeclarations: false,
    declaration: false,
    allowImportingTsExtensions: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules", "@types")],
    paths: { "@skillmeat/migrate-core": [join(root, "packages", "core", "src", "index.ts")] },
  },
  include: ["revisions"],
};

const tools = [
  ["oxfmt", "--check", "revisions"],
  [
    "oxlint",
    "--type-aware",
    "--deny-warnings",
    "-A",
    "max-lines",
    "-A",
    "max-lines-per-function",
    "revisions",
  ],
  ["tsc", "-p", "."],
] as const;

describe("the source of an operation", () => {
  test("records the operation again", () => {
    fc.assert(
      fc.property(anyOperation, (body) => {
        const operations = recordOperations(body);
        expect(run(renderOperations(operations)).map(told)).toStrictEqual(operations.map(told));
      }),
      { numRuns: 1_000 },
    );
  });

  test("is formatted, passes the linter and type-checks", { timeout: 120_000 }, () => {
    const directory = mkdtempSync(join(tmpdir(), "skm-rendered-"));
    onTestFinished(() => {
      rmSync(directory, { recursive: true });
    });
    for (const config of [".oxfmtrc.json", ".oxlintrc.json"]) {
      writeFileSync(join(directory, config), readFileSync(join(root, config)));
    }
    writeFileSync(join(directory, "package.json"), JSON.stringify({ type: "module" }));
    writeFileSync(join(directory, "tsconfig.json"), JSON.stringify(tsconfig));
    const revisions = join(directory, "revisions");
    mkdirSync(revisions);
    const samples = fc.sample(fc.array(anyOperation, { maxLength: 4 }), { numRuns: 150, seed: 20_261_125 });
    for (const [index, bodies] of samples.entries()) {
      const operations = bodies.flatMap((body) => recordOperations(body));
      const both = { upgrade: operations, downgrade: operations };
      writeFileSync(
        join(revisions, `r${index}.ts`),
        renderRevision({ ...header, revision: `r${index}` }, both),
      );
    }
    for (const [name, ...words] of tools) {
      const { status, stdout } = spawnSync(tool(name), words, { cwd: directory, encoding: "utf8" });
      expect(`${name} ${status}\n${status === 0 ? "" : stdout}`).toBe(`${name} 0\n`);
    }
  });
});

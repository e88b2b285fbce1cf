import { readdirSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { SquashOptions } from "@skillmeat/migrate-core";
import { makeDirectory } from "../script/project.ts";
import { failureOf } from "../support/failure-of.ts";
import { execute, migratorFor, readRows, temporaryPath, versions } from "../support/temporary-database.ts";

/** What a revision does and undoes, in its own names, so that any order of them can run. */
const changes: Readonly<Record<string, (n: number) => readonly [up: string, down: string]>> = {
  table: (n) => [
    `op.createTable({ name: "t${n}", columns: [{ name: "id", type: "INTEGER", primaryKey: true }, { name: "book", type: "INTEGER", references: { table: "book", column: "id", onDelete: "cascade" } }] })`,
    `op.dropTable("t${n}")`,
  ],
  column: (n) => [
    `op.addColumn("book", { name: "c${n}", type: "TEXT", nullable: false, default: "d${n}" })`,
    `op.dropColumn("book", "c${n}")`,
  ],
  index: (n) => [
    `op.createIndex({ name: "i${n}", table: "book", columns: ["title"] })`,
    `op.dropIndex("i${n}")`,
  ],
  view: (n) => [
    `op.createView({ name: "v${n}", as: "SELECT title AS a${n} FROM book" })`,
    `op.dropView("v${n}")`,
  ],
  trigger: (n) => [
    `op.createTrigger("CREATE TRIGGER r${n} AFTER INSERT ON book BEGIN SELECT ${n}; END")`,
    `op.dropTrigger("r${n}")`,
  ],
  check: (n) => [
    `op.createCheckConstraint("book", { name: "k${n}", expression: "id > -${n}" })`,
    `op.dropConstraint("book", "k${n}")`,
  ],
  rows: (n) => [
    `op.bulkInsert("book", [{ id: ${n + 100}, title: "r${n}" }])`,
    `op.execute("DELETE FROM book WHERE id = ${n + 100}")`,
  ],
};

const idOf = (n: number): string => `rev${String(n).padStart(3, "0")}`;

function makeFiles(kinds: readonly string[]): Readonly<Record<string, string>> {
  const first = `op.createTable({ name: "book", columns: [{ name: "id", type: "INTEGER", primaryKey: true }, { name: "title", type: "TEXT" }] })`;
  const bodies = [
    [first, 'op.dropTable("book")'] as const,
    ...kinds.map((kind, index) => changes[kind]?.(index + 1)),
  ];
  return Object.fromEntries(
    bodies.map((body, n) => [
      `${idOf(n)}.mjs`,
      `export default { revision: "${idOf(n)}", downRevision: ${n === 0 ? null : `"${idOf(n - 1)}"`}, upgrade(op) { ${body?.[0] ?? ""} }, downgrade(op) { ${body?.[1] ?? ""} } };\n`,
    ]),
  );
}

/** Everything but the version rows, each table with its rows. */
function stateOf(path: string): unknown {
  const objects = readRows(
    path,
    "SELECT type, name, (SELECT group_concat(concat_ws(' ', name, type, dflt_value)) FROM pragma_table_info(m.name)) FROM sqlite_schema AS m WHERE name NOT LIKE '%alembic%' ORDER BY 1, 2",
  );
  const tables = objects.filter(([type]) => type === "table").map(([, name]) => String(name));
  return [objects, tables.map((name) => [name, readRows(path, `SELECT * FROM "${name}" ORDER BY 1`)])];
}

const template =
  "export default {\n  {{header}}\n  upgrade(op) {\n    {{upgrade}}\n  },\n  downgrade(op) {\n    {{downgrade}}\n  },\n};\n";

/** A database that the old revisions have brought to one of them, with a row that they do not know of. */
async function startAt(files: string, revision: string): Promise<string> {
  const path = temporaryPath();
  const migrator = migratorFor(path, files);
  await migrator.upgrade(revision);
  if (revision !== "base") execute(path, "INSERT INTO book (id, title) VALUES (1, 'mine')");
  await migrator.close();
  return path;
}

const cases = fc
  .array(fc.constantFrom(...Object.keys(changes)), { minLength: 3, maxLength: 6 })
  .chain((kinds) =>
    fc.record({
      kinds: fc.constant(kinds),
      from: fc.integer({ min: 0, max: kinds.length - 1 }),
      length: fc.integer({ min: 1, max: kinds.length }),
    }),
  );

test("from every start a database gets to where the old revisions take it, and back", async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ kinds, from, length }) => {
      const to = Math.min(from + length, kinds.length);
      const files = makeFiles(kinds);
      const [old, squashed] = [makeDirectory(files), makeDirectory(files)];
      const style: SquashOptions = { format: "mjs", template, revision: "one" };
      const hasRows = kinds.slice(Math.max(0, from - 1), to).includes("rows");
      const squash = migratorFor(temporaryPath(), squashed).squash(`${idOf(from)}:${idOf(to)}`, {
        ...style,
        keepOperations: hasRows,
      });
      expect((await squash).replaces).toEqual(
        Array.from({ length: to - from + 1 }, (_, index) => idOf(from + index)),
      );
      expect(readdirSync(squashed)).toHaveLength(kinds.length + 1 - (to - from));

      for (const start of ["base", ...Array.from({ length: kinds.length + 1 }, (_, n) => idOf(n))]) {
        const isBetween = start >= idOf(from) && start < idOf(to) && start !== "base";
        const [expected, found] = [await startAt(old, start), await startAt(old, start)];
        if (isBetween) {
          expect((await failureOf(migratorFor(found, squashed).upgrade())).code).toBe("SKM_VERSION_REPLACED");
          expect(versions(found)).toEqual([start]);
          await migratorFor(found, old).upgrade(idOf(to));
        }
        const [left, right] = [migratorFor(expected, old), migratorFor(found, squashed)];
        await left.upgrade();
        await right.upgrade();
        expect(stateOf(found)).toEqual(stateOf(expected));
        expect(versions(found)).toEqual(to === kinds.length ? ["one"] : versions(expected));
        const below = from === 0 ? "base" : idOf(from - 1);
        await left.downgrade(below);
        await right.downgrade(below);
        expect(stateOf(found)).toEqual(stateOf(expected));
        expect(versions(found)).toEqual(versions(expected));
      }
    }),
    { numRuns: 8 },
  );
}, 120_000);

import { expect, test } from "vitest";
import { buildWideSchema } from "../../src/data/wide-schema.ts";
import { openDatabase } from "../../src/data/engine.ts";

test("a wide schema has 15 columns, 3 indexes and a foreign key in each table", () => {
  const database = openDatabase(":memory:");
  database.exec(buildWideSchema(3).join(";"));
  const counts = database.prepare(`SELECT name,
    (SELECT count(*) FROM pragma_table_xinfo(s.name)) AS columns,
    (SELECT count(*) FROM pragma_index_list(s.name)) AS indexes,
    (SELECT count(*) FROM pragma_foreign_key_list(s.name)) AS keys
    FROM sqlite_schema AS s WHERE type = 'table'`);
  expect(counts.all()).toEqual(
    ["t0", "t1", "t2"].map((name) => ({ name, columns: 15, indexes: 3, keys: 1 })),
  );
  database.close();
});

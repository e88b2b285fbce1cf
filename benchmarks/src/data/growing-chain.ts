import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { idAt } from "./id-at.ts";

/**
 * The statement of a revision in a chain in which a table, a column and an index follow each other and nothing is
 * dropped: the schema grows, and SQLite reads more of it with each statement.
 */
export function growingStatement(position: number): string {
  const table = `t${Math.floor(position / 3)}`;
  switch (position % 3) {
    case 0:
      return `CREATE TABLE ${table} (id INTEGER PRIMARY KEY, name TEXT NOT NULL)`;
    case 1:
      return `ALTER TABLE ${table} ADD COLUMN extra TEXT`;
    default:
      return `CREATE INDEX ix_${table} ON ${table} (name)`;
  }
}

/** Writes the chain as revision files. */
export async function writeGrowingChain(directory: string, length: number): Promise<void> {
  await mkdir(directory);
  for (let position = 0; position < length; position += 1) {
    await writeFile(join(directory, `${idAt(position)}_change.ts`), renderFile(position));
  }
}

function renderFile(position: number): string {
  const down = position === 0 ? "null" : `"${idAt(position - 1)}"`;
  return `import type { Operations } from "@skillmeat/migrate-core";

export default {
  revision: "${idAt(position)}",
  downRevision: ${down},
  message: "Change number ${position}",
  createDate: "2026-01-01T00:00:00Z",

  upgrade(op: Operations) {
    op.execute(${JSON.stringify(growingStatement(position))});
  },
};
`;
}

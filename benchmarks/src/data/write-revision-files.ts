import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { idAt } from "./id-at.ts";

/** Writes a chain of revision files as the command line writes them, each with one small change. */
export async function writeRevisionFiles(directory: string, count: number): Promise<void> {
  await mkdir(directory);
  for (let position = 0; position < count; position += 1) {
    await writeFile(join(directory, `${idAt(position)}_change.ts`), renderFile(position));
  }
}

function renderFile(position: number): string {
  const down = position === 0 ? "null" : `"${idAt(position - 1)}"`;
  return `import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "${idAt(position)}",
  downRevision: ${down},
  message: "Change number ${position}",
  createDate: "2026-01-01T00:00:00Z",

  upgrade(op) {
    op.execute("CREATE TABLE t${position} (id INTEGER PRIMARY KEY)");
  },

  downgrade(op) {
    op.dropTable("t${position}");
  },
});
`;
}

import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";

/** Runs SQL on a database, making it when it is missing. */
export function execute(path: string, sql: string): void {
  const database = new Database(path);
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}

/** The first column of what a query answers. */
export function readColumn(path: string, sql: string): readonly unknown[] {
  const database = new Database(path, { readonly: true, fileMustExist: true });
  try {
    return database
      .prepare<[], unknown[]>(sql)
      .raw()
      .all()
      .map(([value]) => value);
  } finally {
    database.close();
  }
}

/** Every file below a directory with a digest of its bytes, apart from the caches of the program. */
export function photograph(directory: string): Readonly<Record<string, string>> {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter(
    (name) => !name.startsWith(".cache"),
  );
  return Object.fromEntries(
    names.toSorted().map((name) => {
      const stats = lstatSync(join(directory, name));
      const bytes = stats.isFile() ? readFileSync(join(directory, name)) : Buffer.alloc(0);
      return [
        name,
        `${stats.mode.toString(8)} ${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}`,
      ];
    }),
  );
}

import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "./temporary-directory.ts";

/** A copy of a cache database that Python's Alembic made. */
export function copyAlembicCache(
  name: "alembic-created-cache.db" | "alembic-created-cache-populated.db",
): string {
  const path = join(temporaryDirectory(), "cache.db");
  copyFileSync(new URL(`../fixtures/alembic/${name}`, import.meta.url), path);
  return path;
}

// Upgrades argv[2] by the revisions in argv[3] and is killed at the statement argv[4], or when it has committed.
import process from "node:process";
import { createMigrator } from "@skillmeat/migrate-core";
import { betterSqlite3 } from "../../../driver-better-sqlite3/src/index.ts";

const [, , path = "", revisions = "", deadly = ""] = process.argv;
const migrator = createMigrator({
  driver: betterSqlite3(path),
  revisions,
  onEvent: (event) => {
    const at = event.kind === "statement" ? String(event.number) : event.kind;
    if (at === deadly) process.kill(process.pid, "SIGKILL");
  },
});
await migrator.upgrade();

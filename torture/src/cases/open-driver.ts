import type { Driver } from "@skillmeat/migrate-core";
import { betterSqlite3 } from "@skillmeat/migrate-driver-better-sqlite3";
import type { JournalMode } from "../child/protocol.ts";

/** The driver under test, for a database in this journal mode; `"delete"` is what SQLite does unless told. */
export function openDriver(path: string, journalMode: JournalMode): Driver {
  return betterSqlite3(journalMode === "wal" ? { path, journalMode } : { path });
}

// Copies argv[2] to argv[3] and is killed when the first rows are written.
import process from "node:process";
import { copyDatabase } from "@skillmeat/migrate-core";
import { betterSqlite3 } from "../../../driver-better-sqlite3/src/index.ts";

const [, , from = "", to = ""] = process.argv;
await copyDatabase({
  from: betterSqlite3(from),
  to: { kind: "file", path: to, open: (path) => betterSqlite3(path) },
  onEvent: ({ kind }) => {
    if (kind === "rows") process.kill(process.pid, "SIGKILL");
  },
});

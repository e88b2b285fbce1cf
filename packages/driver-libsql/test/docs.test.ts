import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { createTokenIssuer } from "../../../tools/src/sqld/access-token.ts";
import { describeWithSqld, startSqld } from "../../../tools/src/sqld/sqld-server.ts";
import { firstFence } from "../../../tools/src/markdown-fences.ts";
import { readValues } from "./support/databases.ts";

const revision = `import { defineRevision } from "@skillmeat/migrate-core";
export default defineRevision({
  revision: "001_notes", downRevision: null, message: "notes",
  upgrade(op) { op.execute("CREATE TABLE notes (a)"); }, downgrade(op) { op.dropTable("notes"); },
});
`;

describeWithSqld("docs/remote.md", () => {
  test("the program runs on a server with a token, and prints the revision", async () => {
    const issuer = createTokenIssuer();
    const server = await startSqld({ single: true, publicKey: issuer.publicKey });
    onTestFinished(async () => await server.dispose());
    // Inside the package, where its dependencies are found.
    const directory = mkdtempSync(join(import.meta.dirname, "..", "node_modules", "docs-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const page = readFileSync(new URL("../../../docs/remote.md", import.meta.url), "utf8");
    writeFileSync(join(directory, "package.json"), '{"type":"module"}');
    writeFileSync(
      join(directory, "migrate.js"),
      firstFence(page, "ts").replaceAll("@skillmeat/migrate-driver-libsql", "../../src/index.ts"),
    );
    mkdirSync(join(directory, "migrations"));
    writeFileSync(join(directory, "migrations", "001_notes.js"), revision);
    const url = `http://${server.host}`;
    const authToken = issuer.token({});
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--conditions=source", "--disable-warning=ExperimentalWarning", "migrate.js"],
      { cwd: directory, env: { TURSO_DATABASE_URL: url, TURSO_AUTH_TOKEN: authToken } },
    );
    expect(stdout).toBe("[ '001_notes' ]\n");
    expect(await readValues({ url, authToken }, "SELECT version_num FROM alembic_version")).toEqual([
      "001_notes",
    ]);
  });
});

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

const page = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

/** Runs a program of the documentation in a directory where its dependencies are found. */
async function run(name: string, program: string, env: Readonly<Record<string, string>>): Promise<string> {
  const directory = mkdtempSync(join(import.meta.dirname, "..", "node_modules", "docs-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  writeFileSync(join(directory, "package.json"), '{"type":"module"}');
  writeFileSync(
    join(directory, name),
    program.replaceAll("@skillmeat/migrate-driver-libsql", "../../src/index.ts"),
  );
  mkdirSync(join(directory, "migrations"));
  writeFileSync(join(directory, "migrations", "001_notes.js"), revision);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--conditions=source", "--disable-warning=ExperimentalWarning", name],
    { cwd: directory, env: { ...env } },
  );
  return stdout;
}

describeWithSqld("a program on a server with a token", () => {
  async function start() {
    const issuer = createTokenIssuer();
    const server = await startSqld({ single: true, publicKey: issuer.publicKey });
    onTestFinished(async () => await server.dispose());
    return { url: `http://${server.host}`, authToken: issuer.token({}) };
  }

  const versions = "SELECT version_num FROM alembic_version";

  test("is that of docs/remote.md, and prints the revision", async () => {
    const { url, authToken } = await start();
    const env = { TURSO_DATABASE_URL: url, TURSO_AUTH_TOKEN: authToken };
    expect(await run("migrate.js", firstFence(page("docs/remote.md"), "ts"), env)).toBe("[ '001_notes' ]\n");
    expect(await readValues({ url, authToken }, versions)).toEqual(["001_notes"]);
  });

  test("is that of the README with its other driver, and prints what the README says", async () => {
    const { url, authToken } = await start();
    const readme = page("README.md");
    const swapped = [
      firstFence(readme, "js").replace("libsql://notes-you.turso.io", url).replace("the token", authToken),
      firstFence(readme, "ts")
        .replace('import { betterSqlite3 } from "@skillmeat/migrate-driver-better-sqlite3";\n', "")
        .replace('betterSqlite3("notes.db")', "driver"),
    ].join("\n");
    expect(await run("notes.mjs", swapped, {})).toBe(firstFence(readme, "text"));
    expect(await readValues({ url, authToken }, versions)).toEqual(["001_notes"]);
  });
});

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runChild } from "./support/run-child.ts";
import { runInProcess, type Outcome } from "./support/run-in-process.ts";
import { temporaryDirectories } from "./support/temporary-directory.ts";

const temporaryDirectory = temporaryDirectories();

const canary = "SKMCANARY/tok+en=4711";
const encoded = encodeURIComponent(canary);
const base64 = Buffer.from(`user:${canary}`).toString("base64");

function expectNoSecret({ stdout, stderr }: Outcome): void {
  for (const form of ["SKMCANARY", "4711", base64.slice(8, -4)])
    expect(`${stdout}${stderr}`).not.toContain(form);
}

/** Command lines in which the token stands, right or wrong. */
const urls: readonly string[] = [
  `libsql://db.example?authToken=${encoded}`,
  `libsql://db.example#authToken=${encoded}`,
  `http://db.example?authToken=${encoded}`,
  `https://db.example?authtoken=${encoded}`,
  `https://db.example:99999?authToken=${encoded}`,
  `libsql://user:${encoded}@db.example`,
  `postgres://user:${encoded}@db.example/db`,
  `mysql://db.example/?password=${encoded}`,
  `file:http://db.example?authToken=${encoded}`,
  `libsql:?authToken=${encoded}`,
  `libsql://?authToken=${canary}`,
];

describe("a token in a URL", () => {
  test.each(
    urls.flatMap((url) => ["", "--json", "--debug", "--verbose"].map((flag) => [url, flag] as const)),
  )("is not printed for %s %s", async (url, flag) => {
    const argv = ["current", "--url", url, ...(flag === "" ? [] : [flag])];
    const outcome = await runInProcess(argv, { cwd: temporaryDirectory() });
    expect(outcome.exit).not.toBe(0);
    expectNoSecret(outcome);
  });

  test.each(["SKILLMEAT_DATABASE_URL", "SQLALCHEMY_URL", "TURSO_DATABASE_URL"])(
    "is not printed from %s",
    async (name) => {
      for (const url of urls) {
        expectNoSecret(
          await runInProcess(["current", "--debug"], { cwd: temporaryDirectory(), env: { [name]: url } }),
        );
      }
    },
  );

  test.each([
    ["as a word too many", ["current", urls[0] ?? ""]],
    ["as a command", [urls[0] ?? ""]],
    ["as a revision", ["show", urls[0] ?? ""]],
    ["as a driver", ["current", "--driver", urls[0] ?? ""]],
    ["as an unknown option", ["current", `--authToken=${canary}`]],
    ["as a configuration file", ["current", "--config", urls[0] ?? ""]],
    ["given twice", ["current", "--url", urls[0] ?? "", "--url", urls[1] ?? ""]],
  ])("is not printed when it stands in the wrong place: %s", async (_where, argv) => {
    const outcome = await runInProcess([...argv, "--debug"], { cwd: temporaryDirectory() });
    expect(outcome.exit).not.toBe(0);
    expectNoSecret(outcome);
  });
});

/** A driver that repeats the token wherever an error can. */
const leakyConfig = `
const token = ${JSON.stringify(canary)};
const base64 = ${JSON.stringify(base64)};
export default {
  authToken: token,
  driver: {
    name: "leaky",
    connect: async () => {
      const cause = new Error("Authorization: Basic " + base64);
      throw new Error("cannot connect with " + token + " or " + encodeURIComponent(token), { cause });
    },
  },
};
`;

test.each([[], ["--json"], ["--debug"], ["--json", "--debug"], ["-v"]])(
  "a token of the configuration that a driver repeats is not printed with %j",
  async (...flags) => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "skillmeat-migrate.config.mjs"), leakyConfig);
    const outcome = await runChild(["upgrade", ...flags], { cwd: directory });
    expect(outcome.exit).toBe(1);
    expect(`${outcome.stdout}${outcome.stderr}`).toContain("cannot connect with ***");
    expectNoSecret(outcome);
  },
);

test("a token of the environment is not printed when an uncaught error repeats it", async () => {
  const directory = temporaryDirectory();
  const text = `setTimeout(() => { throw new Error(process.env.TURSO_AUTH_TOKEN) }); await new Promise((r) => setTimeout(r, 500)); export default {};`;
  writeFileSync(join(directory, "skillmeat-migrate.config.mjs"), text);
  const outcome = await runChild(["history"], { cwd: directory, env: { TURSO_AUTH_TOKEN: canary } });
  expect(outcome.exit).toBe(1);
  expect(outcome.stderr).toContain("error SKM_INTERNAL: Error: ***");
  expectNoSecret(outcome);
});

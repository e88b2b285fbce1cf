import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { nodeSqlite } from "@skillmeat/migrate-driver-node-sqlite";
import { runCase } from "../../core/test/batch/run-case.ts";
import { readVectorCases } from "../../core/test/batch/vector-case.ts";

const directory = mkdtempSync(join(tmpdir(), "skillmeat-vectors-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("the recorded batch cases end as recorded", () => {
  test.each(readVectorCases().map((one) => [one.id, one] as const))("%s", async (id, one) => {
    const path = join(directory, `${id}.db`);
    expect(await runCase(nodeSqlite(path), path, one)).toBe(null);
  });
});

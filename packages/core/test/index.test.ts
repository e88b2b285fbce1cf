import { expect, test } from "vitest";
import { errorCodes } from "@skillmeat/migrate-core";

test("every error code has a meaning and an exit code", () => {
  for (const [code, info] of Object.entries(errorCodes)) {
    expect(code).toMatch(/^SKM_[A-Z_]+$/);
    expect(info.meaning).not.toBe("");
    expect(info.exitCode).toBeGreaterThan(0);
  }
});

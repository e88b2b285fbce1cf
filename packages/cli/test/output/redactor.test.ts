import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSecretRegistry, findSecrets } from "../../src/output/redactor.ts";

const token = "eyJhbGciOi.J+FZ/ER#SA=";

describe("a known secret", () => {
  test.each([
    ["literally", token],
    ["URL-encoded", encodeURIComponent(token)],
    ["in JSON", JSON.stringify(`"${token}"`)],
    ["in base64", Buffer.from(token).toString("base64")],
    ["in base64 after a user name", Buffer.from(`user:${token}`).toString("base64")],
    ["in base64 after one letter", Buffer.from(`:${token}`).toString("base64")],
    ["in base64 for URLs", Buffer.from(`xx${token}`).toString("base64url")],
  ])("is replaced where it stands %s", (_form, text) => {
    const { redact } = createSecretRegistry([token]);
    const redacted = redact(`before ${text} after`);
    expect(redacted).toMatch(/^before .*\*\*\*.* after$/);
    expect(redacted).not.toContain(token);
    expect(redacted.length).toBeLessThan(24);
  });

  test("is replaced when it becomes known later", () => {
    const registry = createSecretRegistry();
    expect(registry.redact("hunter22")).toBe("hunter22");
    registry.add("hunter22");
    expect(registry.redact("hunter22")).toBe("***");
  });

  test("is gone from every text, whatever the secret is", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 4, maxLength: 40, unit: "grapheme" }),
        fc.string(),
        fc.string(),
        (secret, before, after) => {
          fc.pre(!secret.includes("*"));
          const redacted = createSecretRegistry([secret]).redact(`${before}${secret}${after}`);
          expect(redacted.replaceAll("***", "\n\n")).not.toContain(secret);
        },
      ),
      { numRuns: 500 },
    );
  });
});

test.each([
  ["libsql://h?authToken=S", "libsql://h?authToken=***"],
  ["libsql://h?tls=1&authToken=abc#x", "libsql://h?tls=1&authToken=***#x"],
  ["postgres://me:pw@host/db", "postgres://***@host/db"],
  ["-x password=p", "-x password=***"],
  ["nothing here", "nothing here"],
])("%s is shown as %s without being known before", (text, expected) => {
  expect(createSecretRegistry().redact(text)).toBe(expected);
});

test("secrets are found in URLs, decoded too", () => {
  expect(findSecrets(["libsql://h?authToken=a%2Bb", "x://u:p%40ss@h", "upgrade"])).toEqual([
    "a%2Bb",
    "a+b",
    "u:p%40ss",
    "u:p@ss",
    "p%40ss",
    "p@ss",
  ]);
});

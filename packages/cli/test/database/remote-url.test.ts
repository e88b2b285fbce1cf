import { describe, expect, test } from "vitest";
import { isRemoteUrl, parseRemoteUrl } from "../../src/database/remote-url.ts";

const strict = { allowInsecure: false };

test.each([
  ["libsql://h", true],
  ["https://h", true],
  ["HTTP://h", true],
  ["wss://h", true],
  ["file:x.db", false],
  ["x.db", false],
  ["./https:/x", false],
  ["postgres://h", false],
])("whether %s is remote: %s", (url, expected) => {
  expect(isRemoteUrl(url)).toBe(expected);
});

describe("a remote URL", () => {
  test.each<[input: string, url: string, token: string | undefined, host: string]>([
    ["libsql://db.example", "libsql://db.example", undefined, "db.example"],
    ["libsql://db.example?authToken=S3CRET", "libsql://db.example", "S3CRET", "db.example"],
    ["libsql://db.example?authToken=a%2Bb&tls=1", "libsql://db.example?tls=1", "a+b", "db.example"],
    ["https://db.example:8080/path", "https://db.example:8080/path", undefined, "db.example:8080"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080/", undefined, "127.0.0.1:8080"],
    ["http://localhost:1", "http://localhost:1/", undefined, "localhost:1"],
    ["ws://[::1]:8080", "ws://[::1]:8080/", undefined, "[::1]:8080"],
    ["libsql://127.0.0.1?tls=0", "libsql://127.0.0.1?tls=0", undefined, "127.0.0.1"],
  ])("%s is taken apart", (input, url, authToken, host) => {
    expect(parseRemoteUrl(input, strict)).toEqual({ url, authToken, host, allowInsecure: false });
  });

  test.each<[input: string, code: string, problem: string]>([
    ["libsql://h#authToken=S3CRET", "SKM_URL", "fragment"],
    ["http://127.0.0.1:99999", "SKM_URL", 'port "99999"'],
    ["http://127.0.0.1:0", "SKM_URL", 'port "0"'],
    ["libsql://", "SKM_URL", "names no server"],
    ["libsql://me:S3CRET@h", "SKM_URL", "user name or password"],
    ["libsql://h?token=S3CRET", "SKM_URL", 'parameter "token"'],
    ["libsql://h?tls=S3CRET", "SKM_URL", "tls"],
    ["http://db.example?authToken=S3CRET", "SKM_REMOTE_TLS", "without TLS"],
    ["ws://db.example", "SKM_REMOTE_TLS", "without TLS"],
    ["libsql://db.example?tls=0", "SKM_REMOTE_TLS", "without TLS"],
    ["http://127.0.0.1.example", "SKM_REMOTE_TLS", "without TLS"],
    ["http://localhost.example", "SKM_REMOTE_TLS", "without TLS"],
  ])("%s is refused without repeating its secrets", (input, code, problem) => {
    expect(() => parseRemoteUrl(input, strict)).toThrowError(
      expect.objectContaining({
        code,
        message: expect.stringContaining(problem),
        exitCode: code === "SKM_URL" ? 2 : 10,
      }),
    );
    expect(() => parseRemoteUrl(input, strict)).toThrowError(
      expect.objectContaining({ message: expect.not.stringContaining("S3CRET") }),
    );
  });

  test("may be unencrypted where that is allowed", () => {
    expect(parseRemoteUrl("http://db.example", { allowInsecure: true })).toMatchObject({
      host: "db.example",
      allowInsecure: true,
    });
  });
});

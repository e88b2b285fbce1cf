import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MigrationError } from "@skillmeat/migrate-core";
import { commandNames } from "../../src/arguments/command-table.ts";
import { parseArguments } from "../../src/arguments/parse-arguments.ts";

/** What a command line means, as plain data. */
function parse(argv: readonly string[]) {
  const { command, operands, switches, values } = parseArguments(argv);
  return { command, operands, switches: [...switches], values: Object.fromEntries(values) };
}

const plain = { operands: [], switches: [], values: {} };

test.each<[line: string, expected: Partial<ReturnType<typeof parse>>]>([
  ["upgrade", { command: "upgrade" }],
  ["upgrade head", { command: "upgrade", operands: ["head"] }],
  ["upgrade +1", { command: "upgrade", operands: ["+1"] }],
  ["upgrade lib@+2", { command: "upgrade", operands: ["lib@+2"] }],
  ["downgrade -1", { command: "downgrade", operands: ["-1"] }],
  ["downgrade -12", { command: "downgrade", operands: ["-12"] }],
  ["downgrade -- -1", { command: "downgrade", operands: ["-1"] }],
  ["downgrade label@-1 --yes", { command: "downgrade", operands: ["label@-1"], switches: ["yes"] }],
  ["downgrade -1 -y", { command: "downgrade", operands: ["-1"], switches: ["yes"] }],
  ["-y downgrade -1", { command: "downgrade", operands: ["-1"], switches: ["yes"] }],
  ["history -r -2:current", { command: "history", values: { "rev-range": ["-2:current"] } }],
  ["history -r-2:current", { command: "history", values: { "rev-range": ["-2:current"] } }],
  ["history -r=-2:current", { command: "history", values: { "rev-range": ["-2:current"] } }],
  ["history --rev-range -2:", { command: "history", values: { "rev-range": ["-2:"] } }],
  ["history --rev-range=:+3", { command: "history", values: { "rev-range": [":+3"] } }],
  ["history -vi", { command: "history", switches: ["verbose", "indicate-current"] }],
  ["history -vr a:b", { command: "history", switches: ["verbose"], values: { "rev-range": ["a:b"] } }],
  ["-q -v current --check-heads", { command: "current", switches: ["quiet", "verbose", "check-heads"] }],
  ["current -v -v", { command: "current", switches: ["verbose"] }],
  ["--url a.db upgrade", { command: "upgrade", values: { url: ["a.db"] } }],
  ["upgrade --url=a=b.db", { command: "upgrade", values: { url: ["a=b.db"] } }],
  ["-x a=1 -x a=2 -xb heads", { command: "heads", values: { x: ["a=1", "a=2", "b"] } }],
  ["heads --versions a --versions b", { command: "heads", values: { versions: ["a", "b"] } }],
  ["stamp a b c", { command: "stamp", operands: ["a", "b", "c"] }],
  ["ensure_version", { command: "ensure-version" }],
  ["help upgrade", { command: "help", operands: ["upgrade"] }],
  ["upgrade --help", { command: "upgrade", switches: ["help"] }],
  ["downgrade -h", { command: "downgrade", switches: ["help"] }],
  ["--version", { command: undefined, switches: ["version"] }],
  ["", { command: undefined }],
])("%s", (line, expected) => {
  expect(parse(line.split(" ").filter((word) => word !== ""))).toEqual({
    ...plain,
    command: undefined,
    ...expected,
  });
});

describe("a wrong command line", () => {
  test.each<[argv: readonly string[], message: string, hint: string]>([
    [["upgrad"], 'unknown command "upgrad"', 'did you mean "upgrade"?'],
    [["dowgrade", "-1"], 'unknown command "dowgrade"', 'did you mean "downgrade"?'],
    [["frobnicate"], 'unknown command "frobnicate"', "`skillmeat-migrate help` lists the commands"],
    [["upgrade", "--froce"], 'unknown option "--froce"', "`skillmeat-migrate help` lists the options"],
    [["upgrade", "--dryrun"], 'unknown option "--dryrun"', 'did you mean "--dry-run"?'],
    [["upgrade", "-z"], 'unknown option "-z"', "`skillmeat-migrate help` lists the options"],
    [["upgrade", "-vz"], 'unknown option "-z"', "`skillmeat-migrate help` lists the options"],
    [
      ["upgrade", "head", "base"],
      'unexpected argument "base" after "upgrade"',
      '"upgrade" takes one revision',
    ],
    [["current", "head"], 'unexpected argument "head" after "current"', "this command takes options only"],
    [
      ["downgrade"],
      'the command "downgrade" needs a revision: skillmeat-migrate downgrade <revision>',
      "`skillmeat-migrate downgrade --help` has examples",
    ],
    [
      ["stamp"],
      'the command "stamp" needs a revision: skillmeat-migrate stamp <revision>',
      "`skillmeat-migrate stamp --help` has examples",
    ],
    [
      ["upgrade", "--url"],
      "option --url needs a value: --url <url>",
      "write --url=<url> for a value that starts with a hyphen",
    ],
    [
      ["upgrade", "--url", "--json"],
      "option --url needs a value: --url <url>",
      "write --url=<url> for a value that starts with a hyphen",
    ],
    [
      ["current", "-c"],
      "option --config needs a value: --config <file>",
      "-c is --config here; what Alembic calls `current -c` is `current --check-heads`",
    ],
    [["upgrade", "--url", "a", "--url", "b"], "option --url is given twice", "leave one of them out"],
    [["upgrade", "--json=yes"], "option --json takes no value", "write --json alone"],
    [["upgrade", "-v=1"], "option --verbose takes no value", "write --verbose alone"],
    [
      ["upgrade", "--purge", "head"],
      'option --purge does not belong to the command "upgrade"',
      "it is an option of stamp and adopt",
    ],
    [
      ["current", "--yes"],
      'option --yes does not belong to the command "current"',
      "it is an option of downgrade and restore",
    ],
    [["help", "--url", "x"], 'option --url does not belong to the command "help"', "leave it out"],
    [["--purge"], "option --purge needs a command", "it is an option of stamp and adopt"],
    [
      ["lock"],
      'the command "lock" needs an action: skillmeat-migrate lock status|break',
      "`skillmeat-migrate lock --help` has examples",
    ],
  ])("%j is refused", (argv, message, hint) => {
    expect(() => parseArguments(argv)).toThrowError(
      expect.objectContaining({ code: "SKM_USAGE", exitCode: 2, message, hint }),
    );
  });

  test("is refused with SKM_USAGE and nothing else, whatever it says", () => {
    const word = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom(...commandNames, "-v", "-x", "--", "-", "--json", "-r", "-1", "--url=x", "__proto__"),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (argv) => {
        try {
          parseArguments(argv);
        } catch (error) {
          expect(error).toBeInstanceOf(MigrationError);
          expect(error).toMatchObject({ code: "SKM_USAGE" });
        }
      }),
      { numRuns: 1000 },
    );
  });
});

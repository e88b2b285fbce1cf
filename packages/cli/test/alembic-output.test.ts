import { readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { beforeAll, describe, expect, test } from "vitest";
import {
  branchedProject,
  dependentProject,
  writeRevisions,
  type ExampleRevision,
} from "./support/example-project.ts";
import { runInProcess, type Outcome } from "./support/run-in-process.ts";
import { temporaryDirectories } from "./support/temporary-directory.ts";

const temporaryDirectory = temporaryDirectories();

/** One command that Alembic ran, in order; the state of the database carries over. */
interface Recorded {
  readonly cmd: string;
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

const recorded: readonly Recorded[] = readFileSync(
  join(import.meta.dirname, "fixtures", "alembic-cli.jsonl"),
  "utf8",
)
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Recorded & { readonly note?: string })
  .map(({ note, ...rest }) => (note === undefined ? rest : { ...rest, cmd: `${rest.cmd}   # ${note}` }));

/** Where we answer otherwise on purpose, by command with its remark and the project. */
const better: Readonly<Record<string, { readonly exit: number; readonly instead?: readonly string[] }>> = {
  // Several heads: refused with the choices, instead of undoing the first row.
  "alembic downgrade -1   # several heads: ambiguous, warning": {
    exit: 4,
    instead: ["downgrade", "cart@-1", "--yes"],
  },
  // The version rows are replaced by one transaction, and one line tells of it.
  "alembic stamp --purge heads": { exit: 0 },
  "alembic stamp --purge 8e50   # database row without a file": { exit: 0 },
  // All heads are applied, although one of them is a dependency only.
  "alembic current --check-heads   # second environment (versions-depends-on)": { exit: 0 },
};

const isOurs = ({ cmd }: Recorded): boolean =>
  /^alembic (?:heads|branches|history|show|current|upgrade|downgrade|stamp|ensure_version|check)\b/.test(
    cmd,
  ) && !/--sql|broken environment/.test(cmd);

const main = recorded
  .slice(
    0,
    recorded.findIndex(({ cmd }) => cmd.startsWith("alembic revision")),
  )
  .filter((each) => isOurs(each));
// The last recording of the group was made with one revision more.
const orphaned = recorded.filter(({ cmd }) => cmd.includes("row without a file")).slice(0, -1);
const dependent = recorded.filter(
  (each) => isOurs(each) && each.cmd.includes("second environment") && !each.stdout.includes("aaaa0003"),
);

test("all recordings that concern us are replayed", () => {
  expect([main.length, dependent.length, orphaned.length]).toEqual([77, 13, 6]);
});

describe("the commands of a branched project", () => {
  replay(main, branchedProject);
});

describe("the commands of a project whose head is a dependency", () => {
  replay(dependent, dependentProject);
});

describe("a database at a revision without a file", () => {
  replay(orphaned, branchedProject, (path) => {
    const database = new Database(path);
    database.exec(
      "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)); INSERT INTO alembic_version VALUES ('gone00000000')",
    );
    database.close();
  });
});

function replay(
  commands: readonly Recorded[],
  revisions: readonly ExampleRevision[],
  prepare: (database: string) => void = () => undefined,
): void {
  let directory = "";
  beforeAll(() => {
    directory = temporaryDirectory();
    writeRevisions(directory, revisions);
    prepare(join(directory, "app.db"));
  });

  test.each(commands.map((command, index) => [`${index + 1}: ${command.cmd}`, command] as const))(
    "%s",
    async (_title, command) => {
      const argv = argumentsOf(command.cmd);
      const difference = better[command.cmd];
      const run = async (words: readonly string[]): Promise<Outcome> =>
        await runInProcess([...words, "--url", "app.db", "--versions", "revisions"], { cwd: directory });
      const confirmed = argv[0] === "downgrade" ? [...argv, "--yes"] : argv;
      const outcome = await run(confirmed);
      if (difference !== undefined) {
        expect(outcome.exit, outcome.stderr).toBe(difference.exit);
        if (difference.instead !== undefined) expect((await run(difference.instead)).exit).toBe(0);
        return;
      }
      expect(outcome.exit === 0, outcome.stderr).toBe(command.exit === 0);
      if (command.exit !== 0) return;
      expect(normalize(outcome.stdout, directory)).toEqual(normalize(command.stdout, "<ROOT>"));
      expect(runningLines(outcome.stderr)).toEqual(runningLines(command.stderr));
    },
  );
}

/** `alembic history -r a:b   # remark` */
function argumentsOf(cmd: string): readonly string[] {
  return cmd
    .replace(/\s+#.*$/, "")
    .split(" ")
    .slice(1);
}

/** Blocks and lines in any order, names in lists in any order: Alembic's order changes from run to run. */
function normalize(text: string, root: string): readonly string[] {
  return (
    text
      .replaceAll(root, "<ROOT>")
      .replaceAll("<ROOT>/mig/versions/", "<DIR>/")
      .replaceAll("<ROOT>/revisions/", "<DIR>/")
      .replaceAll(/\.(?:py|ts)$/gm, "")
      .replaceAll("sqlite:///<ROOT>", "<ROOT>")
      // Where Alembic's blocks do not mark the current revision, ours do.
      .replaceAll(/^(Rev: .*) \(current\)$/gm, "$1")
      // Alembic's blocks call a head that is only a dependency (head), its lines (effective head).
      .replaceAll(/^(Rev: .*)\(effective head\)/gm, "$1(head)")
      .split(/\n(?=Rev: )|\n(?!\s*\n)(?! )(?=[0-9a-z<])/)
      .map((block) => sortArrows(block.split("\n").map(normalizeLine)).join("\n").trim())
      .filter((block) => block !== "")
      .toSorted()
  );
}

function sortArrows(lines: readonly string[]): readonly string[] {
  const isArrow = (line: string): boolean => line.startsWith("             -> ");
  const sorted = lines.filter(isArrow).toSorted();
  return lines.map((line) => (isArrow(line) ? (sorted.shift() ?? "") : line));
}

function normalizeLine(line: string): string {
  return line
    .trimEnd()
    .replaceAll(/\(([a-z]+(?:, [a-z]+)+)\)/g, (_match, names: string) => `(${sortNames(names)})`)
    .replace(
      /^(Branch names|Branches into): (.*)$/,
      (_match, title: string, names: string) => `${title}: ${sortNames(names)}`,
    );
}

function sortNames(names: string): string {
  return names.split(", ").toSorted().join(", ");
}

function runningLines(stderr: string): readonly string[] {
  return [...stderr.matchAll(/Running .*$/gm)].map(([line]) => sortHeads(line.trimEnd())).toSorted();
}

function sortHeads(line: string): string {
  return line.replace(/(?<=stamp_revision )[^>]*(?= ->)/, (names) => sortNames(names));
}

import {
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import process from "node:process";
import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { execute, photograph } from "./support/database-file.ts";
import { linearProject, writeRevisions } from "./support/example-project.ts";
import { runChild, runShell } from "./support/run-child.ts";
import { runInProcess, type Outcome } from "./support/run-in-process.ts";
import { temporaryDirectories } from "./support/temporary-directory.ts";

const temporaryDirectory = temporaryDirectories();

/** What the row of `bad-inputs.json` with this id demands. */
interface Required {
  readonly id: string;
  readonly area: string;
  readonly code: string | null;
  readonly exit: number;
}

const required: readonly Required[] = JSON.parse(
  readFileSync(join(import.meta.dirname, "fixtures", "bad-inputs.json"), "utf8"),
) as readonly Required[];

/** One bad input as this program gets it. */
interface Case {
  /** In `bad-inputs.json`. */
  readonly id: string;
  readonly what: string;
  /** Words of the command line; those of the project are added unless `isBare`. */
  readonly argv: readonly string[];
  readonly isBare?: true;
  readonly env?: Readonly<Record<string, string>>;
  /** Puts files into the directory before the run. The revisions are there already. */
  readonly prepare?: (directory: string) => void;
  /** A part of standard error that names the input. */
  readonly says: string;
  /** Revision files are imported by Node itself, not by the test runner. */
  readonly child?: true;
  /** The command makes or changes the database, as it should. */
  readonly writes?: true;
}

const at = (directory: string): string => join(directory, "app.db");
const migrated =
  (id: string, more = "") =>
  (directory: string): void =>
    execute(
      at(directory),
      `CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
     INSERT INTO alembic_version VALUES (${id}); ${more}`,
    );
const versionRows =
  (columns: string, rows: string) =>
  (directory: string): void =>
    execute(
      at(directory),
      `CREATE TABLE alembic_version (${columns}); INSERT INTO alembic_version VALUES ${rows};`,
    );
const file =
  (name: string, text: string | Uint8Array) =>
  (directory: string): void =>
    writeFileSync(join(directory, name), text);
const revisionFile = (text: string | Uint8Array) => file(join("revisions", "zzz.ts"), text);
/** A revision after those of the project, whose `upgrade` is this text, and a database to keep as it is. */
const body =
  (text: string) =>
  (directory: string): void => {
    execute(at(directory), "CREATE TABLE keep (x)");
    const source = `export default { revision: "zzz", downRevision: "002_posts", async upgrade(op) { ${text} } };\n`;
    revisionFile(source)(directory);
  };
/** A database of several pages. */
function makeLarge(directory: string): void {
  execute(
    at(directory),
    "CREATE TABLE big (x TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) INSERT INTO big SELECT hex(randomblob(100)) FROM n;",
  );
}
function truncate(directory: string): void {
  makeLarge(directory);
  writeFileSync(at(directory), readFileSync(at(directory)).subarray(0, 5000));
}
function overwrite(directory: string, offset: number, bytes: readonly number[]): void {
  makeLarge(directory);
  const content = readFileSync(at(directory));
  content.set(bytes, offset);
  writeFileSync(at(directory), content);
}

const upgrade = ["upgrade"];

const cases: readonly Case[] = [
  { id: "B001", what: "no command", argv: [], isBare: true, says: "no command is given" },
  { id: "B002", what: "an unknown command", argv: ["upgrad"], says: 'hint: did you mean "upgrade"?' },
  {
    id: "B003",
    what: "an unknown option",
    argv: ["upgrade", "--froce", "head"],
    says: 'unknown option "--froce"',
  },
  {
    id: "B005",
    what: "an argument too many",
    argv: ["upgrade", "head", "base"],
    says: 'unexpected argument "base"',
  },
  {
    id: "B007",
    what: "space around a revision",
    argv: ["upgrade", " head "],
    says: "leading or trailing space",
  },
  { id: "B008", what: "an unknown revision", argv: ["upgrade", "nosuch"], says: '"nosuch"' },
  { id: "B009", what: "an ambiguous prefix", argv: ["upgrade", "00"], says: '"001_users", "002_posts"' },
  { id: "B010", what: "a walk past the head", argv: ["upgrade", "+99"], says: '"+99"' },
  { id: "B012", what: "a malformed walk", argv: ["upgrade", "+1x"], says: '"+1x"' },
  {
    id: "B014",
    what: "a downgrade upwards",
    argv: ["downgrade", "head"],
    prepare: migrated("'001_users'", "CREATE TABLE t_001_users (id)"),
    says: "head",
  },
  {
    id: "B015",
    what: "a downgrade of data without confirmation",
    argv: ["downgrade", "base"],
    prepare: migrated("'001_users'", "CREATE TABLE t_001_users (id); INSERT INTO t_001_users VALUES (1)"),
    says: '1 row of table "t_001_users"',
  },
  {
    id: "B016",
    what: "the same without a terminal",
    argv: ["downgrade", "base"],
    prepare: migrated("'001_users'", "CREATE TABLE t_001_users (id); INSERT INTO t_001_users VALUES (1)"),
    says: "confirm with --yes",
    child: true,
  },
  {
    id: "B021",
    what: "a stamp with an unknown revision",
    argv: ["stamp", "nosuch"],
    prepare: migrated("'001_users'"),
    says: '"nosuch"',
  },
  { id: "B035", what: "-x without =", argv: ["heads", "-x", "foo"], says: "" },
  { id: "B036", what: "-x __proto__", argv: ["heads", "-x", "__proto__=1", "-x", "constructor=1"], says: "" },
  { id: "B037", what: "-x twice", argv: ["heads", "-x", "a=1", "-x", "a=2"], says: "" },
  {
    id: "B038",
    what: "a missing configuration",
    argv: ["heads", "--config", "nope.ts"],
    says: '/nope.ts" does not exist',
  },
  {
    id: "B040",
    what: "a broken configuration",
    argv: ["heads"],
    prepare: file("skillmeat-migrate.config.ts", "export default {\n"),
    says: "skillmeat-migrate.config.ts:1:",
    child: true,
  },
  {
    id: "B042",
    what: "an unknown key",
    argv: ["heads"],
    prepare: file("skillmeat-migrate.config.json", '{ "versionTabel": "x" }'),
    says: 'hint: did you mean "versionTable"?',
  },
  {
    id: "B043",
    what: "a value of the wrong type",
    argv: ["heads"],
    prepare: file("skillmeat-migrate.config.json", '{ "lockTimeoutMs": "5s" }'),
    says: "lockTimeoutMs",
  },
  {
    id: "B044",
    what: "a prototype in JSON",
    argv: ["heads"],
    prepare: file("skillmeat-migrate.config.json", '{"__proto__":{"a":1}}'),
    says: 'the key "__proto__" is forbidden',
  },
  {
    id: "B045",
    what: "a hostile version table",
    argv: upgrade,
    prepare: file("skillmeat-migrate.config.json", JSON.stringify({ versionTable: 'x"; DROP TABLE y;--' })),
    says: "",
    writes: true,
  },
  {
    id: "B047",
    what: "an empty version table",
    argv: upgrade,
    prepare: file("skillmeat-migrate.config.json", '{ "versionTable": "" }'),
    says: "versionTable",
  },
  {
    id: "B050",
    what: "a missing directory of revisions",
    argv: ["upgrade", "--url", "app.db", "--versions", "gone"],
    isBare: true,
    says: "/gone",
  },
  {
    id: "B054",
    what: "a blank URL",
    argv: ["current", "--url", " ", "--versions", "revisions"],
    isBare: true,
    says: "blank",
  },
  {
    id: "B056",
    what: "an unknown scheme",
    argv: ["current", "--url", "postgres://x/y"],
    isBare: true,
    says: '"postgres"',
  },
  {
    id: "B061",
    what: "a fragment in a URL",
    argv: ["current", "--url", "libsql://h#authToken=SKMCANARY"],
    isBare: true,
    says: "fragment",
  },
  {
    id: "B063",
    what: "a port out of range",
    argv: ["current", "--url", "http://127.0.0.1:99999"],
    isBare: true,
    says: '"99999"',
  },
  {
    id: "B064",
    what: "an unencrypted connection",
    argv: ["current", "--url", "http://db.example?authToken=SKMCANARY"],
    isBare: true,
    says: "db.example",
  },
  {
    id: "B065",
    what: "encryption switched off",
    argv: ["current", "--url", "libsql://h?tls=0"],
    isBare: true,
    says: '"h"',
  },
  {
    id: "B066",
    what: "a URL inside a file: URL",
    argv: ["current", "--url", "file:http://x/y"],
    isBare: true,
    says: "another URL inside",
  },
  {
    id: "B068",
    what: "a drive letter",
    argv: ["current", "--url", String.raw`C:\x.db`],
    isBare: true,
    says: "drive letter",
  },
  {
    id: "B071",
    what: "a directory",
    argv: upgrade,
    prepare: (directory) => mkdirSync(at(directory)),
    says: "/app.db",
  },
  {
    id: "B072",
    what: "a missing directory of the database",
    argv: ["upgrade", "--url", "nodir/x.db", "--versions", "revisions"],
    isBare: true,
    says: "nodir",
  },
  { id: "B073", what: "a missing database, read", argv: ["current"], says: "(no database)" },
  {
    id: "B075",
    what: "garbage",
    argv: upgrade,
    prepare: (directory) => writeFileSync(at(directory), randomBytes(8192)),
    says: "not",
  },
  {
    id: "B077",
    what: "a header only",
    argv: upgrade,
    prepare: file("app.db", "SQLite format 3\0"),
    says: "not",
  },
  { id: "B078", what: "a truncated database", argv: upgrade, prepare: truncate, says: "/app.db" },
  {
    id: "B080",
    what: "a format too new",
    argv: upgrade,
    prepare: (directory) => overwrite(directory, 18, [9, 9]),
    says: "",
  },
  {
    id: "B082",
    what: "the database of another program",
    argv: upgrade,
    prepare: (directory) => execute(at(directory), "PRAGMA application_id = 12345; CREATE TABLE t (x)"),
    says: "0x3039",
  },
  {
    id: "B089",
    what: "symbolic links in a circle",
    argv: upgrade,
    prepare: (directory) => {
      symlinkSync("b.db", at(directory));
      symlinkSync("app.db", join(directory, "b.db"));
    },
    says: "app.db",
  },
  {
    id: "B091",
    what: "a symbolic link to a database",
    argv: upgrade,
    prepare: (directory) => {
      execute(join(directory, "real.db"), "CREATE TABLE t (x)");
      symlinkSync("real.db", at(directory));
    },
    says: "applied 2 revisions",
    writes: true,
  },
  {
    id: "B092",
    what: "a database with two hard links",
    argv: upgrade,
    prepare: (directory) => {
      execute(join(directory, "real.db"), "CREATE TABLE t (x)");
      linkSync(join(directory, "real.db"), at(directory));
    },
    says: "link",
  },
  {
    id: "B093",
    what: "a pipe",
    argv: upgrade,
    prepare: (directory) => execFileSync("mkfifo", [at(directory)]),
    says: "app.db",
  },
  {
    id: "B094",
    what: "a device",
    argv: ["upgrade", "--url", "/dev/null", "--versions", "revisions"],
    isBare: true,
    says: "/dev/null",
  },
  {
    id: "B096",
    what: "the write-ahead log of another database",
    argv: upgrade,
    prepare: (directory) => {
      execute(at(directory), "PRAGMA journal_mode = wal; CREATE TABLE t (x)");
      const other = new Database(join(directory, "other.db"));
      other.exec("PRAGMA journal_mode = wal; CREATE TABLE u (x); INSERT INTO u VALUES (1)");
      copyFileSync(join(directory, "other.db-wal"), `${at(directory)}-wal`);
      other.close();
    },
    says: "applied 2 revisions",
    writes: true,
  },
  {
    id: "B098",
    what: "a lock that a dead process left",
    argv: upgrade,
    prepare: (directory) => {
      execute(at(directory), "CREATE TABLE t (x)");
      mkdirSync(`${at(directory)}.lock`);
    },
    says: "app.db.lock",
  },
  {
    id: "B099",
    what: "a locked database",
    argv: ["upgrade", "--lock-timeout", "300"],
    prepare: (directory) => {
      execute(at(directory), "CREATE TABLE t (x)");
      holdOpen(directory, "BEGIN EXCLUSIVE");
    },
    says: "error SKM_BUSY",
  },
  {
    id: "B100",
    what: "a reader that never ends",
    argv: ["upgrade", "--lock-timeout", "300"],
    prepare: (directory) => {
      execute(at(directory), "CREATE TABLE t (x); INSERT INTO t VALUES (1)");
      holdOpen(directory, "BEGIN; SELECT * FROM t");
    },
    says: "error SKM_BUSY",
  },
  {
    id: "B101",
    what: "a revision that nobody knows",
    argv: upgrade,
    prepare: migrated("'zzz'"),
    says: '"zzz"',
  },
  {
    id: "B103",
    what: "an ancestor beside its descendant",
    argv: upgrade,
    prepare: migrated("'001_users'), ('002_posts'"),
    says: "001_users",
  },
  {
    id: "B105",
    what: "NULL for a revision",
    argv: upgrade,
    prepare: versionRows("version_num VARCHAR(32)", "(NULL)"),
    says: "NULL",
  },
  {
    id: "B106",
    what: "a number for a revision",
    argv: upgrade,
    prepare: versionRows("version_num", "(1)"),
    says: "number 1",
  },
  {
    id: "B106",
    what: "bytes for a revision",
    argv: upgrade,
    prepare: versionRows("version_num", "(x'303031')"),
    says: "BLOB",
  },
  { id: "B107", what: "an empty revision", argv: upgrade, prepare: migrated("''"), says: '""' },
  {
    id: "B107",
    what: "a padded revision",
    argv: upgrade,
    prepare: migrated("'001_users '"),
    says: '"001_users "',
  },
  {
    id: "B108",
    what: "a view for a version table",
    argv: upgrade,
    prepare: (directory) =>
      execute(at(directory), "CREATE VIEW alembic_version AS SELECT 'x' AS version_num"),
    says: "view",
  },
  {
    id: "B110",
    what: "a column more in the version table",
    argv: upgrade,
    prepare: (directory) =>
      execute(
        at(directory),
        "CREATE TABLE alembic_version (version_num TEXT NOT NULL, applied_at TEXT NOT NULL)",
      ),
    says: '"applied_at"',
  },
  {
    id: "B112",
    what: "the version table of Alembic",
    argv: upgrade,
    prepare: migrated("'001_users'"),
    says: "applied 1 revision",
    writes: true,
  },
  {
    id: "B114",
    what: "a syntax error",
    argv: upgrade,
    prepare: revisionFile("export function upgrade( {\n"),
    says: "zzz.ts:1:",
    child: true,
  },
  {
    id: "B115",
    what: "a file without a revision",
    argv: upgrade,
    prepare: revisionFile("export const x = 1;\n"),
    says: "zzz.ts",
    child: true,
  },
  {
    id: "B117",
    what: "a revision that is a number",
    argv: upgrade,
    prepare: revisionFile("export default { revision: 5, downRevision: null, upgrade() {} };\n"),
    says: "number",
    child: true,
  },
  {
    id: "B119",
    what: "no downRevision",
    argv: upgrade,
    prepare: revisionFile('export default { revision: "zzz", upgrade() {} };\n'),
    says: "downRevision",
    child: true,
  },
  {
    id: "B120",
    what: "an upgrade that is no function",
    argv: upgrade,
    prepare: revisionFile('export default { revision: "zzz", downRevision: "002_posts", upgrade: 1 };\n'),
    says: "upgrade",
    child: true,
  },
  {
    id: "B122",
    what: "an id twice",
    argv: upgrade,
    prepare: revisionFile('export default { revision: "001_users", downRevision: null, upgrade() {} };\n'),
    says: "zzz.ts",
    child: true,
  },
  {
    id: "B124",
    what: "a missing parent",
    argv: upgrade,
    prepare: revisionFile('export default { revision: "zzz", downRevision: "nope", upgrade() {} };\n'),
    says: '"nope"',
    child: true,
  },
  {
    id: "B127",
    what: "a throw while loading",
    argv: upgrade,
    prepare: revisionFile(
      'throw new Error("mine");\nexport default { revision: "zzz", downRevision: "002_posts", upgrade() {} };\n',
    ),
    says: "Error: mine",
    child: true,
  },
  {
    id: "B128",
    what: "a throw of nothing while loading",
    argv: upgrade,
    prepare: revisionFile(
      'throw undefined;\nexport default { revision: "zzz", downRevision: "002_posts", upgrade() {} };\n',
    ),
    says: "zzz.ts",
    child: true,
  },
  {
    id: "B129",
    what: "a missing import",
    argv: upgrade,
    prepare: revisionFile(
      'import "./nope.ts";\nexport default { revision: "zzz", downRevision: "002_posts", upgrade() {} };\n',
    ),
    says: "nope.ts",
    child: true,
  },
  {
    id: "B131",
    what: "process.exit(0) while loading",
    argv: upgrade,
    prepare: revisionFile(
      'process.exit(0);\nexport default { revision: "zzz", downRevision: "002_posts", upgrade() {} };\n',
    ),
    says: "process.exit",
    child: true,
  },
  {
    id: "B133",
    what: "an enum",
    argv: upgrade,
    prepare: revisionFile(
      'enum X { A }\nexport default { revision: "zzz", downRevision: "002_posts", upgrade() {} };\n',
    ),
    says: "zzz.ts",
    child: true,
  },
  {
    id: "B136",
    what: "bytes that are no text",
    argv: upgrade,
    prepare: revisionFile(randomBytes(256)),
    says: "zzz.ts",
    child: true,
  },
  {
    id: "B138",
    what: "a link out of the directory",
    argv: upgrade,
    prepare: (directory) => {
      writeFileSync(
        join(directory, "outside.ts"),
        'export default { revision: "zzz", downRevision: "002_posts", upgrade() {} };\n',
      );
      symlinkSync("../outside.ts", join(directory, "revisions", "zzz.ts"));
    },
    says: "zzz.ts",
    child: true,
  },
  {
    id: "B140",
    what: "files of editors and tests",
    argv: upgrade,
    prepare: (directory) => {
      for (const name of [".x.ts.swp", "x.ts~", "#x#", "x.test.ts", "x.d.ts"])
        writeFileSync(join(directory, "revisions", name), "%%%");
    },
    says: "applied 2 revisions",
    child: true,
    writes: true,
  },
  {
    id: "B141",
    what: "odd file names",
    argv: upgrade,
    prepare: file(
      "revisions/we?ird#name%20 .mjs",
      'export default { revision: "zzz", downRevision: "002_posts", upgrade() {} };\n',
    ),
    says: "applied 3 revisions",
    child: true,
    writes: true,
  },
  {
    id: "B143",
    what: "pollution of Object.prototype",
    argv: upgrade,
    prepare: revisionFile(
      'Object.prototype.x = 1;\nexport default { revision: "zzz", downRevision: "002_posts", upgrade() {} };\n',
    ),
    says: "Object.prototype",
    child: true,
  },
  {
    id: "B135",
    what: "a byte order mark and CRLF",
    argv: upgrade,
    prepare: revisionFile(
      '\uFEFFexport default {\r\n  revision: "zzz", downRevision: "002_posts",\r\n  upgrade() {} };\r\n',
    ),
    says: "applied 3 revisions",
    child: true,
    writes: true,
  },
  {
    id: "B126",
    what: "two bases",
    argv: ["upgrade", "heads"],
    prepare: revisionFile('export default { revision: "zzz", downRevision: null, upgrade() {} };\n'),
    says: "applied 3 revisions",
    child: true,
    writes: true,
  },
  {
    id: "B145",
    what: "a throw of null",
    argv: upgrade,
    prepare: body("throw null;"),
    says: "null",
    child: true,
  },
  {
    id: "B147",
    what: "a promise that never settles",
    argv: upgrade,
    prepare: body("await new Promise(() => {});"),
    says: "never",
    child: true,
  },
  {
    id: "B148",
    what: "an operation that nobody waits for",
    argv: upgrade,
    prepare: body(
      'void (async () => { for (let i = 0; i < 20; i += 1) await null; op.execute("SELECT 1"); })();',
    ),
    says: '"zzz"',
    child: true,
  },
  {
    id: "B149",
    what: "COMMIT",
    argv: upgrade,
    prepare: body('op.execute("COMMIT");'),
    says: "COMMIT",
    child: true,
  },
  {
    id: "B150",
    what: "COMMIT behind a comment",
    argv: upgrade,
    prepare: body('op.execute("/*x*/ ;; COMMIT");'),
    says: "COMMIT",
    child: true,
  },
  {
    id: "B152",
    what: "ROLLBACK",
    argv: upgrade,
    prepare: body('op.execute("ROLLBACK");'),
    says: "ROLLBACK",
    child: true,
  },
  {
    id: "B152",
    what: "SAVEPOINT",
    argv: upgrade,
    prepare: body('op.execute("SAVEPOINT s");'),
    says: "SAVEPOINT",
    child: true,
  },
  {
    id: "B154",
    what: "a PRAGMA that does nothing",
    argv: upgrade,
    prepare: body('op.execute("PRAGMA foreign_keys = OFF");'),
    says: "foreign_keys",
    child: true,
  },
  {
    id: "B154",
    what: "a PRAGMA that breaks things",
    argv: upgrade,
    prepare: body('op.execute("PRAGMA writable_schema = ON");'),
    says: "writable_schema",
    child: true,
  },
  {
    id: "B156",
    what: "a write to the version table",
    argv: upgrade,
    prepare: body(`op.execute("UPDATE alembic_version SET version_num = 'x'");`),
    says: '"zzz"',
    child: true,
  },
  {
    id: "B157",
    what: "process.exit(0) in upgrade",
    argv: upgrade,
    prepare: body("process.exit(0);"),
    says: '"zzz"',
    child: true,
  },
  {
    id: "B159",
    what: "two statements in one",
    argv: upgrade,
    prepare: body('op.execute("SELECT 1; SELECT 2");'),
    says: "SELECT",
    child: true,
  },
  {
    id: "B177",
    what: "a name that differs in case",
    argv: upgrade,
    prepare: body('op.execute("CREATE TABLE T_001_USERS (x)");'),
    says: "already exists",
    child: true,
  },
];

/** Where the other rows of the areas are tested, and why not here. */
const elsewhere: Readonly<Record<string, string>> = {
  B017: "below: a closed standard input",
  B019: "process.test.ts: a full disk under the output",
  B022: "the command revision",
  B023: "the command revision",
  B024: "the command revision",
  B026: "the command revision",
  B028: "the command revision",
  B029: "the command revision",
  B030: "the command revision",
  B031: "the command revision",
  B033: "the command revision",
  B049: "below: an environment variable that is not UTF-8",
  B051: "below: permissions",
  B052: "the command revision",
  B057: "choose-database.test.ts and the driver",
  B058: "the driver",
  B059: "below: a token in the URL",
  B070: "choose-database.test.ts",
  B079: "the driver",
  B084: "below: permissions",
  B085: "below: permissions",
  B086: "below: permissions",
  B087: "the driver: it takes a file system of its own",
  B113: "core, check.test.ts: a journal",
  B121: "below: no downgrade",
  B134: "core, in the folder script: it takes a package in node_modules",
  B142: "core, in the folder script: 50,000 files",
  B155: "revisions do not get the connection",
  B161: "rebuilds of tables",
  B162: "rebuilds of tables",
  B163: "process.test.ts: signals",
  B164: "process.test.ts: signals",
};

const areas = new Set(["CLI", "URL", "DB file", "Version table", "Revision file", "upgrade() body"]);

test("every row of these areas is tested here or known to be tested elsewhere", () => {
  const rows = required.filter(({ area }) => areas.has(area)).map(({ id }) => id);
  const covered = new Set([...cases.map(({ id }) => id), ...Object.keys(elsewhere)]);
  expect(rows.filter((id) => !covered.has(id))).toEqual([]);
});

describe("a bad input", () => {
  test.each(
    cases.filter(({ child }) => child === undefined).map((each) => [each.id, each.what, each] as const),
  )("%s: %s", async (_id, _what, each) => {
    await check(
      each,
      async (argv, cwd) => await runInProcess(argv, { cwd, ...(each.env ? { env: each.env } : {}) }),
    );
  });

  test.concurrent.each(
    cases.filter(({ child }) => child === true).map((each) => [each.id, each.what, each] as const),
  )("%s: %s", async (_id, _what, each) => {
    await check(
      each,
      async (argv, cwd) => await runChild(argv, { cwd, ...(each.env ? { env: each.env } : {}) }),
    );
  });
});

async function check(
  each: Case,
  run: (argv: readonly string[], cwd: string) => Promise<Outcome>,
): Promise<void> {
  const directory = temporaryDirectory();
  writeRevisions(directory, linearProject);
  each.prepare?.(directory);
  const project = each.isBare === true ? [] : ["--url", "app.db", "--versions", "revisions"];
  const before = photograph(directory);
  const { exit, stdout, stderr } = await run([...each.argv, ...project], directory);
  const demanded = required.find(({ id }) => id === each.id);
  expect(exit, stderr).toBe(demanded?.exit);
  if (demanded?.code === null) expect(stderr).not.toContain("error SKM_");
  else expect(stderr).toContain(`error ${demanded?.code}: `);
  expect(stderr).toContain(each.says);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(`${stdout}${stderr}`).not.toContain("SKMCANARY");
  if (exit !== 0) expect(stdout).toBe("");
  if (each.writes !== true) expect(photograph(directory)).toEqual(before);
}

/** Another connection that keeps its lock until the test ends. */
function holdOpen(directory: string, sql: string): void {
  const database = new Database(at(directory));
  for (const statement of sql.split("; ")) {
    const prepared = database.prepare(statement);
    if (prepared.reader) prepared.get();
    else prepared.run();
  }
  onTestFinished(() => {
    database.close();
  });
}

test("B017: a closed standard input is no terminal", async () => {
  const directory = temporaryDirectory();
  writeRevisions(directory, linearProject);
  migrated("'001_users'", "CREATE TABLE t_001_users (id); INSERT INTO t_001_users VALUES (1)")(directory);
  const { exit, stderr } = await runShell("cli downgrade base --url app.db --versions revisions 0<&-", {
    cwd: directory,
  });
  expect(exit).toBe(9);
  expect(stderr).toContain("error SKM_DESTRUCTIVE: ");
});

test("B049: an environment variable that is not UTF-8 is refused", async () => {
  const line = `SKILLMEAT_DATABASE_URL="$(printf '\\377.db')" cli current`;
  const { exit, stderr } = await runShell(line, { cwd: temporaryDirectory() });
  expect(exit).toBe(2);
  expect(stderr).toContain(
    "error SKM_USAGE: the environment variable SKILLMEAT_DATABASE_URL is not valid UTF-8",
  );
});

test("B059: a token in the URL is never printed, and there is a warning", async () => {
  const { stderr } = await runInProcess(
    ["current", "--url", "libsql://127.0.0.1:1?authToken=SKMCANARYS&tls=0", "--debug"],
    {
      cwd: temporaryDirectory(),
    },
  );
  expect(stderr).toContain("warning: other users of this machine can read a token on the command line");
  expect(stderr).not.toContain("SKMCANARY");
});

test("B121: a revision without a downgrade goes up and not down", async () => {
  const directory = temporaryDirectory();
  writeRevisions(directory, linearProject);
  body('op.execute("CREATE TABLE z (x)");')(directory);
  const run = async (...argv: string[]) =>
    await runChild([...argv, "--url", "app.db", "--versions", "revisions"], { cwd: directory });
  expect((await run("upgrade")).exit).toBe(0);
  const { exit, stderr } = await run("downgrade", "-1");
  expect(exit).toBe(9);
  expect(stderr).toContain("error SKM_IRREVERSIBLE: ");
});

describe("permissions", () => {
  // They bind everybody but root, whose right to ignore them is taken away.
  const bound = process.getuid?.() === 0 ? "setpriv --bounding-set=-dac_override,-dac_read_search" : "";

  test.each<[id: string, what: string, close: (directory: string) => void]>([
    [
      "B051",
      "a directory of revisions that may not be read",
      (directory) => chmodSync(join(directory, "revisions"), 0o000),
    ],
    ["B084", "a database that may not be written", (directory) => chmodSync(at(directory), 0o444)],
    ["B085", "a database that may not be read", (directory) => chmodSync(at(directory), 0o000)],
    ["B086", "a directory that may not be written", (directory) => chmodSync(directory, 0o555)],
  ])("%s: %s", async (id, _what, close) => {
    const directory = temporaryDirectory();
    writeRevisions(directory, linearProject);
    execute(at(directory), "PRAGMA journal_mode = wal; CREATE TABLE t (x)");
    close(directory);
    onTestFinished(() => {
      chmodSync(directory, 0o755);
      chmodSync(join(directory, "revisions"), 0o755);
    });
    const { exit, stderr } = await runShell("cli upgrade --url app.db --versions revisions", {
      cwd: directory,
      env: { WITH: bound },
    });
    const demanded = required.find((row) => row.id === id);
    expect(stderr).toContain(`error ${demanded?.code}: `);
    expect(exit).toBe(demanded?.exit);
  });
});

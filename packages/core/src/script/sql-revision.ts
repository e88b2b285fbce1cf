import { quoteForMessage } from "../errors/quote-for-message.ts";
import { suggestNames } from "../revision/suggest-names.ts";
import type { RevisionInfo } from "../revision/revision-info.ts";
import { listNames } from "../revision/revision-node.ts";
import { tokenAt } from "../sql/token.ts";
import { headerFields, type HeaderField } from "./header-field.ts";
import type { Revision } from "./revision.ts";
import { toRevision } from "./revision-shape.ts";
import { wrongExport, type RevisionPlace } from "./wrong-export.ts";

type Section = "upgrade" | "downgrade";

/** A comment with a line of its own, between statements or in one. */
interface LineComment {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const listFields: readonly HeaderField[] = [
  "downRevision",
  "branchLabels",
  "dependsOn",
  "replaces",
  "minimumReader",
];
const template = "begin it with `-- revision: <id>` and `-- downRevision: <id>` (`base` for the first one)";

/** Whether a revision file is an SQL script. */
export function isSqlFile(path: string): boolean {
  return path.endsWith(".sql");
}

/**
 * Reads an SQL script as a revision: fields in comments at its beginning, such as `-- revision: 1f2e`, then the
 * statements behind `-- upgrade` and behind `-- downgrade`. Without a `-- downgrade` line the revision cannot be
 * undone. The statements themselves are looked at when they run.
 *
 * @throws {SKM_SCRIPT_EXPORT} a field or section is missing, wrong or there twice
 */
export function parseSqlRevision(text: string, place: RevisionPlace): Revision {
  const comments = listLineComments(text);
  const sections = findSections(comments, place);
  const start = Math.min(text.length, ...[...sections.values()].map((section) => section.start));
  const header = comments.filter((comment) => comment.end <= start);
  const fields = readFields(header, place);
  const first = sections.get("upgrade");
  if (first === undefined) {
    throw wrongExport(place, "has no `-- upgrade` line", {
      field: "upgrade",
      hint: "put `-- upgrade` on a line of its own before the statements",
    });
  }
  assertNothingBefore(text.slice(0, start), header, place);
  const down = sections.get("downgrade");
  const upgrade = bodyOf(text, first, down);
  const downgrade = down === undefined ? undefined : bodyOf(text, down, first);
  return toRevision(
    {
      ...fields,
      upgrade: runScript(upgrade),
      ...(downgrade === undefined ? {} : { downgrade: runScript(downgrade) }),
    },
    place,
  );
}

/** Writes an SQL script that {@link parseSqlRevision} reads as the same revision. */
export function renderSqlRevision(
  info: RevisionInfo,
  body: Readonly<Record<Section, string | null>>,
): string {
  const list = (names: RevisionInfo["dependsOn"]): string => listNames(names).join(", ");
  const lines = [
    `-- revision: ${info.revision}`,
    `-- downRevision: ${list(info.downRevision ?? undefined) || "base"}`,
    ...(list(info.branchLabels) === "" ? [] : [`-- branchLabels: ${list(info.branchLabels)}`]),
    ...(list(info.dependsOn) === "" ? [] : [`-- dependsOn: ${list(info.dependsOn)}`]),
    ...(list(info.replaces) === "" ? [] : [`-- replaces: ${list(info.replaces)}`]),
    ...(list(info.minimumReader) === "" ? [] : [`-- minimumReader: ${list(info.minimumReader)}`]),
    ...(info.message ?? "").split(/\r\n|[\n\r]/u).map((line) => `-- message: ${line}`.trimEnd()),
    ...(info.createDate === undefined ? [] : [`-- createDate: ${info.createDate}`]),
  ].filter((line) => line !== "-- message:" || (info.message ?? "") !== "");
  const section = (name: Section): readonly string[] => {
    const sql = body[name];
    return sql === null ? [] : ["", `-- ${name}`, ...(sql.trim() === "" ? [] : [sql.trim()])];
  };
  return `${[...lines, ...section("upgrade"), ...section("downgrade")].join("\n").trimEnd()}\n`;
}

/** Comments that begin a line. Those inside of strings, and block comments, are none. */
function listLineComments(text: string): readonly LineComment[] {
  const found: LineComment[] = [];
  let position = 0;
  while (position < text.length) {
    const token = tokenAt(text, position);
    position = token.end;
    if (token.kind !== "comment" || !text.startsWith("--", token.start)) continue;
    const lineStart = text.lastIndexOf("\n", token.start - 1) + 1;
    if (text.slice(lineStart, token.start).replace("\uFEFF", "").trim() !== "") continue;
    found.push({ text: text.slice(token.start + 2, token.end).trim(), start: lineStart, end: token.end });
  }
  return found;
}

function findSections(
  comments: readonly LineComment[],
  place: RevisionPlace,
): ReadonlyMap<Section, LineComment> {
  const sections = new Map<Section, LineComment>();
  for (const comment of comments) {
    const name = comment.text.toLowerCase();
    if (name !== "upgrade" && name !== "downgrade") continue;
    if (sections.has(name)) {
      throw wrongExport(place, `has two \`-- ${name}\` lines`, {
        field: name,
        hint: "keep one; a comment in a statement must not consist of this word alone",
      });
    }
    sections.set(name, comment);
  }
  return sections;
}

/** Statements before the first section would run in neither direction. */
function assertNothingBefore(text: string, header: readonly LineComment[], place: RevisionPlace): void {
  let rest = text;
  for (const { start, end } of header.toReversed()) rest = rest.slice(0, start) + rest.slice(end);
  if (isBlank(rest)) return;
  throw wrongExport(
    place,
    `has a statement before the \`-- upgrade\` line: ${quoteForMessage(rest.trim(), 60)}`,
    {
      field: "upgrade",
      hint: "put it behind `-- upgrade` or `-- downgrade`",
    },
  );
}

/** Nothing but white space and comments. */
function isBlank(sql: string): boolean {
  for (let position = 0; position < sql.length;) {
    const token = tokenAt(sql, position);
    if (token.kind !== "space" && token.kind !== "comment") return false;
    position = token.end;
  }
  return true;
}

function bodyOf(text: string, section: LineComment, other: LineComment | undefined): string {
  return text.slice(
    section.end,
    other !== undefined && other.start > section.start ? other.start : text.length,
  );
}

function runScript(sql: string): Revision["upgrade"] {
  if (isBlank(sql)) return () => undefined;
  return (op) => {
    op.executeScript(sql);
  };
}

function readFields(
  comments: readonly LineComment[],
  place: RevisionPlace,
): Readonly<Record<string, unknown>> {
  const fields: Partial<Record<HeaderField, string>> = {};
  for (const { text } of comments) {
    const [, key, value = ""] = /^([A-Za-z_ -]{1,30}?)\s*:\s*(.*)$/su.exec(text) ?? [];
    const name = key === undefined ? undefined : findField(key, place);
    if (name === undefined) continue;
    const before = fields[name];
    if (before !== undefined && name !== "message") {
      throw wrongExport(place, `has two \`-- ${name}:\` lines`, { field: name, hint: "keep one" });
    }
    fields[name] = before === undefined ? value : `${before}\n${value}`;
  }
  if (fields.revision === undefined || fields.revision === "") {
    throw wrongExport(place, 'has no "revision"', {
      field: "revision",
      hint: `${template}, or move the file out of the directory`,
    });
  }
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, toValue(name, value)]));
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[_ -]/gu, "");

/** A word that is nearly a field is one that is misspelled, and would silently change the graph. */
function findField(key: string, place: RevisionPlace): HeaderField | undefined {
  const exact = headerFields.find((name) => plain(name) === plain(key));
  if (exact !== undefined) return exact;
  const [near] = suggestNames(plain(key), headerFields.map(plain));
  const meant = headerFields.find((name) => plain(name) === near);
  if (meant === undefined) return undefined;
  throw wrongExport(place, `has ${quoteForMessage(key)} where "${meant}" is meant`, {
    field: meant,
    hint: `rename it to ${meant}`,
  });
}

function toValue(name: string, value: string): unknown {
  if (!listFields.some((field) => field === name)) return value === "" ? undefined : value;
  const names = value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
  if (name === "downRevision") {
    if (names.length === 0) return undefined;
    if (names.length === 1 && /^(?:base|none|null)$/iu.test(names[0] ?? "")) return null;
  }
  if (names.length === 0) return undefined;
  return names.length === 1 ? names[0] : names;
}

import type { Operation } from "../../ops/operation.ts";
import type { RevisionInfo } from "../../revision/revision-info.ts";
import { printLayout, type Layout } from "./layout.ts";
import { callOf } from "../operation-call.ts";
import { callLayout } from "./call-layout.ts";
import { propertyKey } from "./source-text.ts";
import { valueLayout } from "./value-layout.ts";

/** What both directions of a revision do. */
export interface RevisionOperations {
  readonly upgrade: readonly Operation[];
  /** `null`: the revision cannot be undone, and has no `downgrade`. */
  readonly downgrade: readonly Operation[] | null;
}

const indent = 2;

/**
 * Writes a revision file: TypeScript that type-checks, and that a formatter with lines of 110 columns leaves
 * as it is. Fields that are `undefined` are left out, as are empty lists.
 *
 * @example
 * renderRevision(
 *   { revision: "002_add_rating", downRevision: "001_initial", message: "Add rating" },
 *   {
 *     upgrade: [{ kind: "addColumn", table: "book", column: { name: "rating", type: "INTEGER" } }],
 *     downgrade: [{ kind: "dropColumn", table: "book", column: "rating" }],
 *   },
 * );
 */
export function renderRevision(header: RevisionInfo, operations: RevisionOperations): string {
  const bodies = [
    renderBody("upgrade", operations.upgrade),
    ...(operations.downgrade === null ? [] : [renderBody("downgrade", operations.downgrade)]),
  ];
  const source = [
    `export default defineRevision({`,
    renderHeader(header),
    "",
    bodies.join("\n\n"),
    "});",
  ].join("\n");
  const names = usesSqlTag(operations) ? "defineRevision, sql" : "defineRevision";
  return `import { ${names} } from "@skillmeat/migrate-core";\n\n${source}\n`;
}

/** Writes the fields of a revision, a line each or more, as they stand in the object of its file. */
export function renderHeader(header: RevisionInfo): string {
  const fields = [
    field("revision", header.revision),
    field("downRevision", header.downRevision),
    optional("branchLabels", header.branchLabels),
    optional("dependsOn", header.dependsOn),
    optional("replaces", header.replaces),
    optional("minimumReader", header.minimumReader),
    optional("message", header.message),
    optional("createDate", header.createDate),
  ];
  return fields.filter((line) => line !== "").join("\n");
}

/** Writes one call of `op` for each operation, a statement a line, as the body of a function. */
export function renderOperations(operations: readonly Operation[], spaces = 0): string {
  const margin = " ".repeat(spaces);
  return operations
    .map(
      (operation) =>
        `${margin}${printLayout(callLayout(callOf(operation)), { indent: spaces, used: spaces, after: 1 })};`,
    )
    .join("\n");
}

function renderBody(name: "upgrade" | "downgrade", operations: readonly Operation[]): string {
  const margin = " ".repeat(indent);
  if (operations.length === 0) return `${margin}${name}() {},`;
  return `${margin}${name}(op) {\n${renderOperations(operations, 2 * indent)}\n${margin}},`;
}

function field(key: string, value: unknown): string {
  const layout: Layout = {
    kind: "object",
    properties: [{ key: propertyKey(key), value: valueLayout(value) }],
  };
  // The one property of an object that does not fit is printed as it stands in the revision.
  const lines = printLayout(layout, { indent: 0, used: 110, after: 0 }).split("\n");
  return lines.slice(1, -1).join("\n");
}

function optional(key: string, value: unknown): string {
  return value === undefined || (Array.isArray(value) && value.length === 0) ? "" : field(key, value);
}

/** The tag stands in the source exactly where a definition holds a fragment. */
export function usesSqlTag(operations: RevisionOperations): boolean {
  return [...operations.upgrade, ...(operations.downgrade ?? [])].some((operation) =>
    holdsTag(callLayout(callOf(operation))),
  );
}

function holdsTag(layout: Layout): boolean {
  switch (layout.kind) {
    case "text":
      return layout.text.startsWith("sql`");
    case "object":
      return layout.properties.some(({ value }) => holdsTag(value));
    case "list":
      return layout.items.some(holdsTag);
    case "call":
      return layout.args.some(holdsTag);
    case "function":
      return layout.body.some(holdsTag);
  }
}

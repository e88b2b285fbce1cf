import type { RevisionInfo } from "../../revision/revision-info.ts";
import { listNames } from "../../revision/revision-node.ts";
import {
  renderHeader,
  renderOperations,
  renderRevision,
  usesSqlTag,
  type RevisionOperations,
} from "./render-revision.ts";

/** Writes a revision file whose bodies are still to be written. */
export function renderSkeleton(header: RevisionInfo): string {
  return `import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
${renderHeader(header)}

  upgrade(op) {
    // op.createTable(…), op.addColumn(…), op.createIndex(…), op.execute(…), …
  },

  downgrade(op) {
    // Undo what upgrade does. A revision that cannot be undone has no downgrade.
  },
});
`;
}

const placeholders = [
  "imports",
  "header",
  "upgrade",
  "downgrade",
  "revision",
  "downRevision",
  "message",
  "createDate",
] as const;

type Placeholder = (typeof placeholders)[number];

const pattern = /\{\{\s*(\w+)\s*\}\}/gu;

/** The `{{…}}` of a template that mean nothing. */
export function findUnknownPlaceholders(template: string): readonly string[] {
  return [...template.matchAll(pattern)]
    .filter(([, name]) => !isPlaceholder(name ?? ""))
    .map(([text]) => text);
}

/**
 * Fills the template of a project. `{{header}}` stands for the fields of the revision, `{{imports}}` for what
 * the file takes from this package, `{{upgrade}}` and `{{downgrade}}` for the operations, which are none where
 * nothing is generated; the others stand for one line of text that can be in a comment.
 */
export function fillTemplate(
  template: string,
  header: RevisionInfo,
  operations: RevisionOperations = { upgrade: [], downgrade: [] },
): string {
  const values: Readonly<Record<Placeholder, () => string>> = {
    imports: () => (usesSqlTag(operations) ? "defineRevision, sql" : "defineRevision"),
    header: () => renderHeader(header).trimStart(),
    upgrade: () => renderOperations(operations.upgrade, 4).trimStart(),
    downgrade: () => renderOperations(operations.downgrade ?? [], 4).trimStart(),
    revision: () => header.revision,
    downRevision: () => listNames(header.downRevision).join(", "),
    message: () => toComment(header.message ?? ""),
    createDate: () => header.createDate ?? "",
  };
  return template.replaceAll(pattern, (text, name: string) => (isPlaceholder(name) ? values[name]() : text));
}

/** Fills a template, or writes what a project without one gets. */
export function renderRevisionFile(
  header: RevisionInfo,
  {
    template,
    operations,
  }: { readonly template?: string | undefined; readonly operations?: RevisionOperations | undefined },
): string {
  if (template !== undefined) return fillTemplate(template, header, operations);
  return operations === undefined ? renderSkeleton(header) : renderRevision(header, operations);
}

function isPlaceholder(name: string): name is Placeholder {
  return placeholders.some((placeholder) => placeholder === name);
}

/** One line that ends no comment and begins no template. */
function toComment(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replaceAll("*/", "* /")
    .trim();
}

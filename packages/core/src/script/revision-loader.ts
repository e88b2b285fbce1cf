import { MigrationError } from "../errors/migration-error.ts";
import { escapeControls, quoteForMessage } from "../errors/quote-for-message.ts";
import type { RevisionInfo } from "../revision/revision-info.ts";
import { headerFields, type HeaderField } from "./header-field.ts";
import { loadRevision, type ImportModule } from "./load-revision.ts";
import type { Revision } from "./revision.ts";
import { pickInfo } from "./revision-shape.ts";
import type { RevisionSource } from "./revision-source.ts";

/** Makes sources of files that share a queue: one import at a time, so that blame is exact. */
export interface RevisionLoader {
  /** A source with a header that is known; its file is imported when it is loaded. */
  createSource(path: string, info: RevisionInfo): RevisionSource;
  /** A source whose header takes importing the file now. Rejects as `RevisionSource.load` does. */
  importSource(path: string): Promise<RevisionSource>;
}

/** How many syntax errors of one directory are located when Node.js does not say where they are. */
const maxLocatedErrors = 20;

/** Imports of one set of files, in turn and each once. */
export function createRevisionLoader(options: {
  readonly importModule?: ImportModule | undefined;
}): RevisionLoader {
  const load = createQueue(options.importModule);
  return {
    createSource: (path, info) => {
      let loaded: Promise<Revision> | undefined;
      return Object.freeze({
        info,
        path,
        headerSource: "scan",
        load: async () => await (loaded ??= loadAsScanned(load(path), info, path)),
      });
    },
    importSource: async (path) => {
      const revision = await load(path);
      const loaded = Promise.resolve(revision);
      return Object.freeze({
        info: pickInfo(revision),
        path,
        headerSource: "import",
        load: async () => await loaded,
      });
    },
  };
}

function createQueue(importModule: ImportModule | undefined): (path: string) => Promise<Revision> {
  let last: Promise<unknown> = Promise.resolve();
  let syntaxErrors = 0;
  const loadNext = async (path: string): Promise<Revision> => {
    try {
      return await loadRevision(path, { importModule, locateSyntaxErrors: syntaxErrors < maxLocatedErrors });
    } catch (error) {
      syntaxErrors += 1;
      throw error;
    }
  };
  return (path) => {
    const next = last.then(async () => await loadNext(path));
    // The queue goes on after a failure, which whoever asked for the file gets to see.
    last = next.catch(() => undefined);
    return next;
  };
}

async function loadAsScanned(
  loading: Promise<Revision>,
  info: RevisionInfo,
  path: string,
): Promise<Revision> {
  const revision = await loading;
  const field = headerFields.find((name) => !isSameValue(revision[name], info[name]));
  if (field !== undefined)
    throw differentHeader(field, { path, read: info[field], exported: revision[field] });
  return revision;
}

function isSameValue(left: RevisionInfo[HeaderField], right: RevisionInfo[HeaderField]): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function differentHeader(
  field: HeaderField,
  { path, read, exported }: { readonly path: string; readonly read: unknown; readonly exported: unknown },
): MigrationError {
  const [found, expected] = [exported, read].map((value) => showValue(value));
  return new MigrationError(
    "SKM_SCRIPT_EXPORT",
    `revision file ${quoteForMessage(path, 1000)} exports ${field} ${found}, but its text says ${expected}`,
    {
      details: { path, field, expected, found },
      hint: "write the field as a literal and do not change it; after an edit restart the process",
    },
  );
}

function showValue(value: unknown): string {
  const text = escapeControls(JSON.stringify(value) ?? "undefined");
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

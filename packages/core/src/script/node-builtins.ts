import type * as FileSystem from "node:fs";
import type * as Path from "node:path";
import type * as Url from "node:url";
import { MigrationError } from "../errors/migration-error.ts";

/** The modules of the host that reading and importing files takes. */
export interface NodeBuiltins {
  readonly fs: typeof FileSystem;
  readonly path: typeof Path;
  readonly url: typeof Url;
}

/**
 * Looks the modules up when they are needed, so that this package can be imported where they do not
 * exist (browsers, workers): there, revisions are given as an array.
 *
 * @throws {SKM_SCRIPT_DIR} the host has no file system
 */
export function loadNodeBuiltins(): NodeBuiltins {
  const host: typeof process | undefined = globalThis.process;
  const fs = host?.getBuiltinModule?.("node:fs");
  const path = host?.getBuiltinModule?.("node:path");
  const url = host?.getBuiltinModule?.("node:url");
  if (fs === undefined || path === undefined || url === undefined) {
    throw new MigrationError(
      "SKM_SCRIPT_DIR",
      "cannot read revision files: this runtime has no file system",
      {
        hint: "import the revisions and pass them as an array",
      },
    );
  }
  return { fs, path, url };
}

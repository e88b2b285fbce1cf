import type { LintOptions } from "@skillmeat/migrate-core";
import type { ParsedArguments } from "./parse-arguments.ts";

/** What `--strict` asks for. */
export function lintOf({ switches }: Pick<ParsedArguments, "switches">): LintOptions {
  return switches.has("strict") ? { lint: "refuse" } : {};
}

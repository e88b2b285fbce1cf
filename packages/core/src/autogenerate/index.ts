export type { CompareColumn, ComparedColumn, ComparedObject, DiffOptions } from "./diff-options.ts";
export { diffSchemas } from "./diff-schemas.ts";
export { findRenames } from "./find-renames.ts";
export type { FoundRenames, Rename, RenameQuestion } from "./find-renames.ts";
export { listRisks } from "./list-risks.ts";
export type { Risk } from "./list-risks.ts";
export { renderOperations, renderRevision } from "./render/render-revision.ts";
export type { RevisionOperations } from "./render/render-revision.ts";
export { findUnknownPlaceholders } from "./render/render-template.ts";

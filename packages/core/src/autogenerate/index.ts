export { renderOperations, renderRevision } from "./render/render-revision.ts";
export type { RevisionOperations } from "./render/render-revision.ts";

/** The fields that a revision file gives to the graph, in the order of the documentation. */
export const headerFields = [
  "revision",
  "downRevision",
  "branchLabels",
  "dependsOn",
  "replaces",
  "minimumReader",
  "message",
  "createDate",
] as const;

export type HeaderField = (typeof headerFields)[number];

const fields: ReadonlySet<string> = new Set(headerFields);

export function isHeaderField(name: string): name is HeaderField {
  return fields.has(name);
}

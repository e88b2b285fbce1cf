import type { Operations, Revision } from "@skillmeat/migrate-core";

/** A revision that makes a table of its own name and drops it again, unless told otherwise. */
export function revision(
  id: string,
  downRevision: Revision["downRevision"],
  parts: Partial<Revision> = {},
): Revision {
  return {
    revision: id,
    downRevision,
    message: `create ${id}`,
    upgrade: (op: Operations) => {
      op.createTable({ name: id, columns: [{ name: "id", type: "INTEGER", primaryKey: true }] });
    },
    downgrade: (op: Operations) => {
      op.dropTable(id);
    },
    ...parts,
  };
}

/** a <- b <- c */
export const chain = (...last: readonly Partial<Revision>[]): readonly Revision[] => [
  revision("a", null),
  revision("b", "a"),
  revision("c", "b", last[0]),
];

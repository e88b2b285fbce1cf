import { defineRevision, type Operations, type Revision } from "@skillmeat/migrate-core";
import { idAt } from "./id-at.ts";

/**
 * A chain in which a table, a column, an index and the drop of the table follow each other, so that the
 * schema stays one table wide and what is measured is the tool and not SQLite's parsing of a large schema.
 */
export function buildBoundedChain(length: number): readonly Revision[] {
  return Array.from({ length }, (_, position) =>
    defineRevision({
      revision: idAt(position),
      downRevision: position === 0 ? null : idAt(position - 1),
      upgrade: (op) => changeAt(position, op),
    }),
  );
}

function changeAt(position: number, op: Operations): void {
  const table = `t${Math.floor(position / 4)}`;
  switch (position % 4) {
    case 0:
      op.createTable({ name: table, columns: [{ name: "id", type: "INTEGER", primaryKey: true }] });
      break;
    case 1:
      op.addColumn(table, { name: "name", type: "TEXT" });
      break;
    case 2:
      op.createIndex({ name: `ix_${table}`, table, columns: ["name"] });
      break;
    default:
      op.dropTable(table);
  }
}

/** The statements of {@link buildBoundedChain}, one a revision, as one writes them by hand. */
export function boundedStatements(length: number): readonly string[] {
  const blocks = Array.from({ length: Math.ceil(length / 4) }, (_, block) => [
    `CREATE TABLE t${block} (id INTEGER PRIMARY KEY)`,
    `ALTER TABLE t${block} ADD COLUMN name TEXT`,
    `CREATE INDEX ix_t${block} ON t${block} (name)`,
    `DROP TABLE t${block}`,
  ]);
  return blocks.flat().slice(0, length);
}

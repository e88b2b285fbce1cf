import type { TableClause } from "../sql/table-clause.ts";
import type { PlacedClause } from "./constraint-clauses.ts";

const keys: Partial<Record<TableClause["kind"], string>> = {
  primaryKey: "pk",
  unique: "uq",
  check: "ck",
  foreignKey: "fk",
};

/**
 * The name that a convention gives to a constraint without one, or `undefined`. Understood are
 * `%(table_name)s`, `%(column_0_name)s` and further numbers, `%(column_0_N_name)s` for all columns joined by
 * `_`, and `%(referred_table_name)s`.
 *
 * @see https://alembic.sqlalchemy.org/en/latest/naming.html
 */
export function conventionalName(
  convention: Readonly<Record<string, string>>,
  table: string,
  { clause, columns }: PlacedClause,
): string | undefined {
  const pattern = convention[keys[clause.kind] ?? ""];
  return pattern?.replaceAll(/%\(([a-z_0-9N]+)\)s/gu, (all, token: string) => {
    if (token === "table_name") return table;
    if (token === "referred_table_name") {
      return clause.kind === "foreignKey" ? clause.references.table : all;
    }
    if (token === "column_0_N_name") return columns.join("_");
    const number = /^column_(\d+)_name$/u.exec(token)?.[1];
    return number === undefined ? all : (columns[Number(number)] ?? all);
  });
}

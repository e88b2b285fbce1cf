import { textOf } from "../schema/sql-fragment.ts";
import type { ViewParts } from "../schema/view-definition.ts";
import { acceptStatement } from "./accept-statements.ts";
import { quoteIdentifier, quoteIdentifierList } from "./quote-identifier.ts";

/**
 * Writes CREATE VIEW (lang_createview.html).
 *
 * @throws {SKM_SQL_SYNTAX | SKM_SQL_MULTI | SKM_TX_ESCAPED | SKM_SQL_FORBIDDEN} `as` is not one statement that
 * may run in a revision.
 */
export function renderView(view: ViewParts): string {
  const columns = view.columns === undefined ? "" : ` ${quoteIdentifierList(view.columns)}`;
  const select = acceptStatement(textOf(view.as)).sql;
  return `CREATE VIEW ${quoteIdentifier(view.name)}${columns} AS\n${select}`;
}

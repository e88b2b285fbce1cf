import type { TableText } from "./table-text.ts";
import { tokenAt } from "./token.ts";

/** Puts the text of a CREATE TABLE together again. Unless something was edited it is the text parsed. */
export function printTable(table: TableText): string {
  const pieces = [...table.columns, ...table.constraints].flatMap((item) => [
    item.before,
    item.text,
    item.after,
    item.separator,
  ]);
  let sql = table.head;
  let isInComment = false;
  for (const piece of [...pieces, table.foot]) {
    if (piece === "") continue;
    // An edit may have taken the line end that closed a comment.
    if (isInComment && !piece.startsWith("\n") && !piece.startsWith("\r")) sql += "\n";
    sql += piece;
    isInComment = endsInComment(piece);
  }
  return sql;
}

function endsInComment(piece: string): boolean {
  let isComment = false;
  for (let position = 0; position < piece.length;) {
    const token = tokenAt(piece, position);
    isComment = token.kind === "comment" && piece.startsWith("--", token.start);
    position = token.end;
  }
  return isComment;
}

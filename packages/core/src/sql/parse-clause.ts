import type {
  ConflictResolution,
  Deferrable,
  ForeignKeyAction,
  ForeignKeyTarget,
  KeyColumnDefinition,
  SortOrder,
} from "../schema/constraint-definition.ts";
import { isWord } from "./statement-span.ts";
import type { TableClause } from "./table-clause.ts";
import { unexpected, type TokenCursor } from "./token-cursor.ts";

type Distribute<Clause> = Clause extends unknown ? Omit<Clause, "name" | "start" | "end"> : never;
type Body = Distribute<TableClause>;

const columnClauseWords: ReadonlySet<string> = new Set(
  "CONSTRAINT DEFAULT NULL NOT PRIMARY UNIQUE CHECK REFERENCES COLLATE AS DEFERRABLE".split(" "),
);
const tableClauseWords: ReadonlySet<string> = new Set("CONSTRAINT PRIMARY UNIQUE CHECK FOREIGN".split(" "));

/** Tells whether the cursor stands at a clause of a column and no longer in its type. */
export function isAtColumnClause(cursor: TokenCursor): boolean {
  const word = wordAt(cursor);
  if (columnClauseWords.has(word)) return true;
  return word === "GENERATED" && isWord(cursor.sql, cursor.peekSecond(), "ALWAYS");
}

/** Tells whether the cursor stands at a table constraint: these words are no bare names of columns. */
export function isAtTableClause(cursor: TokenCursor): boolean {
  return tableClauseWords.has(wordAt(cursor));
}

function wordAt(cursor: TokenCursor): string {
  const token = cursor.peek();
  return token?.kind === "word" ? cursor.sql.slice(token.start, token.end).toUpperCase() : "";
}

/**
 * Steps over one clause of a column or table (syntax/column-constraint.html, syntax/table-constraint.html).
 *
 * @throws {SKM_SQL_SYNTAX}
 */
export function parseClause(cursor: TokenCursor): TableClause {
  const start = cursor.peek()?.start ?? cursor.sql.length;
  const name = cursor.skip("CONSTRAINT") ? cursor.takeName() : undefined;
  const body = parseBody(cursor);
  return { ...body, name, start, end: cursor.end() };
}

function parseBody(cursor: TokenCursor): Body {
  const word = wordAt(cursor);
  switch (word) {
    case "NULL":
      cursor.take();
      takeConflict(cursor);
      return { kind: "null" };
    case "DEFERRABLE":
      return { kind: "deferrable", deferrable: takeDeferrable(cursor) ?? true };
    case "NOT":
      if (isWord(cursor.sql, cursor.peekSecond(), "DEFERRABLE")) {
        return { kind: "deferrable", deferrable: takeDeferrable(cursor) ?? false };
      }
      cursor.take();
      if (!cursor.skip("NULL")) throw unexpected(cursor.sql, cursor.peek());
      return { kind: "notNull", onConflict: takeConflict(cursor) };
    case "PRIMARY":
      return parsePrimaryKey(cursor);
    case "UNIQUE":
      cursor.take();
      return {
        kind: "unique",
        columns: cursor.isAtOperator("(") ? takeKeyColumns(cursor).columns : undefined,
        onConflict: takeConflict(cursor),
      };
    case "CHECK":
      cursor.take();
      return parseCheck(cursor);
    case "DEFAULT":
      cursor.take();
      return { kind: "default", expression: takeDefault(cursor) };
    case "COLLATE":
      cursor.take();
      return { kind: "collate", collation: cursor.takeName() };
    case "REFERENCES":
      return { kind: "foreignKey", columns: undefined, references: takeReferences(cursor) };
    case "FOREIGN":
      return parseForeignKey(cursor);
    case "GENERATED":
    case "AS":
      return parseGenerated(cursor);
    default:
      return { kind: "nameOnly" };
  }
}

function parsePrimaryKey(cursor: TokenCursor): Body {
  cursor.take();
  if (!cursor.skip("KEY")) throw unexpected(cursor.sql, cursor.peek());
  if (cursor.isAtOperator("(")) {
    const { columns, autoincrement } = takeKeyColumns(cursor);
    return { kind: "primaryKey", columns, order: undefined, autoincrement, onConflict: takeConflict(cursor) };
  }
  const order = takeOrder(cursor);
  const onConflict = takeConflict(cursor);
  return {
    kind: "primaryKey",
    columns: undefined,
    order,
    onConflict,
    autoincrement: cursor.skip("AUTOINCREMENT"),
  };
}

function parseCheck(cursor: TokenCursor): Body {
  const expression = cursor.takeParenthesized();
  takeConflict(cursor);
  return { kind: "check", expression };
}

function parseForeignKey(cursor: TokenCursor): Body {
  cursor.take();
  if (!cursor.skip("KEY")) throw unexpected(cursor.sql, cursor.peek());
  const columns = takeNames(cursor);
  return { kind: "foreignKey", columns, references: takeReferences(cursor) };
}

function parseGenerated(cursor: TokenCursor): Body {
  cursor.skip("GENERATED", "ALWAYS");
  if (!cursor.skip("AS")) throw unexpected(cursor.sql, cursor.peek());
  const expression = cursor.takeParenthesized();
  const stored = cursor.skip("STORED");
  if (!stored) cursor.skip("VIRTUAL");
  return { kind: "generated", expression, stored };
}

/** A signed or unsigned term, a bare name, or an expression in parentheses. */
function takeDefault(cursor: TokenCursor): string {
  const start = cursor.peek()?.start ?? cursor.sql.length;
  if (cursor.isAtOperator("(")) cursor.takeParenthesized();
  else {
    if (!cursor.skipOperator("-")) cursor.skipOperator("+");
    cursor.take();
  }
  return cursor.sql.slice(start, cursor.end());
}

const conflicts: ReadonlyMap<string, ConflictResolution> = new Map([
  ["ROLLBACK", "rollback"],
  ["ABORT", "abort"],
  ["FAIL", "fail"],
  ["IGNORE", "ignore"],
  ["REPLACE", "replace"],
]);

function takeConflict(cursor: TokenCursor): ConflictResolution | undefined {
  if (!cursor.skip("ON", "CONFLICT")) return undefined;
  const resolution = conflicts.get(wordAt(cursor));
  if (resolution === undefined) throw unexpected(cursor.sql, cursor.peek());
  cursor.take();
  return resolution;
}

function takeOrder(cursor: TokenCursor): SortOrder | undefined {
  if (cursor.skip("ASC")) return "asc";
  return cursor.skip("DESC") ? "desc" : undefined;
}

interface KeyColumns {
  readonly columns: readonly KeyColumnDefinition[];
  readonly autoincrement: boolean;
}

function takeKeyColumns(cursor: TokenCursor): KeyColumns {
  const columns: KeyColumnDefinition[] = [];
  let autoincrement = false;
  cursor.take();
  do {
    const column = cursor.takeName();
    const collate = cursor.skip("COLLATE") ? cursor.takeName() : undefined;
    const order = takeOrder(cursor);
    columns.push({
      column,
      ...(collate === undefined ? {} : { collate }),
      ...(order === undefined ? {} : { order }),
    });
    autoincrement = cursor.skip("AUTOINCREMENT");
  } while (cursor.skipOperator(","));
  if (!cursor.skipOperator(")")) throw unexpected(cursor.sql, cursor.peek());
  return { columns, autoincrement };
}

function takeNames(cursor: TokenCursor): readonly string[] {
  if (!cursor.skipOperator("(")) throw unexpected(cursor.sql, cursor.peek());
  const names: string[] = [];
  do {
    names.push(cursor.takeName());
    // The grammar lets COLLATE and an order stand here, and SQLite ignores them.
    if (cursor.skip("COLLATE")) cursor.takeName();
    takeOrder(cursor);
  } while (cursor.skipOperator(","));
  if (!cursor.skipOperator(")")) throw unexpected(cursor.sql, cursor.peek());
  return names;
}

function takeReferences(cursor: TokenCursor): ForeignKeyTarget {
  if (!cursor.skip("REFERENCES")) throw unexpected(cursor.sql, cursor.peek());
  const table = cursor.takeName();
  const columns = cursor.isAtOperator("(") ? takeNames(cursor) : undefined;
  const rules: { onDelete?: ForeignKeyAction; onUpdate?: ForeignKeyAction; match?: string } = {};
  for (;;) {
    if (cursor.skip("MATCH")) rules.match = cursor.takeName();
    else if (cursor.skip("ON", "DELETE")) rules.onDelete = takeAction(cursor);
    else if (cursor.skip("ON", "UPDATE")) rules.onUpdate = takeAction(cursor);
    else if (cursor.skip("ON", "INSERT")) takeAction(cursor);
    else break;
  }
  const deferrable = takeDeferrable(cursor);
  return {
    table,
    ...(columns === undefined ? {} : { columns }),
    ...rules,
    ...(deferrable === undefined ? {} : { deferrable }),
  };
}

function takeAction(cursor: TokenCursor): ForeignKeyAction {
  if (cursor.skip("SET", "NULL")) return "set null";
  if (cursor.skip("SET", "DEFAULT")) return "set default";
  if (cursor.skip("CASCADE")) return "cascade";
  if (cursor.skip("RESTRICT")) return "restrict";
  if (cursor.skip("NO", "ACTION")) return "no action";
  throw unexpected(cursor.sql, cursor.peek());
}

function takeDeferrable(cursor: TokenCursor): Deferrable | undefined {
  if (cursor.skip("NOT", "DEFERRABLE")) {
    if (cursor.skip("INITIALLY")) cursor.take();
    return false;
  }
  if (!cursor.skip("DEFERRABLE")) return undefined;
  if (cursor.skip("INITIALLY", "DEFERRED")) return "initially deferred";
  return cursor.skip("INITIALLY", "IMMEDIATE") ? "initially immediate" : true;
}

import { parseTableItem } from "./parse-create-table.ts";
import { quoteIdentifier } from "./quote-identifier.ts";
import {
  isColumnItem,
  isConstraintItem,
  type ColumnItem,
  type ConstraintItem,
  type TableItem,
  type TableText,
} from "./table-text.ts";
import { unexpected } from "./token-cursor.ts";

/** The same table under another name; references to its own name stay as they are. */
export function withTableName(table: TableText, name: string): TableText {
  const quoted = quoteIdentifier(name);
  const head = table.head.slice(0, table.nameStart) + quoted + table.head.slice(table.nameEnd);
  return { ...table, head, name, nameEnd: table.nameStart + quoted.length };
}

/** Puts a column, as SQL, before the column at `index`; at the end when `index` is the number of columns. */
export function insertColumn(table: TableText, sql: string, index: number): TableText {
  const parsed = parseTableItem(sql, { before: spaceAt(table), after: "", separator: "," });
  if (!isColumnItem(parsed)) throw unexpected(sql, undefined);
  return rejoin(table, [...table.columns.slice(0, index), parsed, ...table.columns.slice(index)]);
}

export function removeColumn(table: TableText, index: number): TableText {
  return rejoin(table, table.columns.toSpliced(index, 1));
}

/** Replaces the text of a column; what stands around it stays. */
export function replaceColumn(table: TableText, index: number, sql: string): TableText {
  const old = table.columns[index];
  if (old === undefined) throw new RangeError(`no column ${index}`);
  const parsed = parseTableItem(sql, old);
  if (!isColumnItem(parsed)) throw unexpected(sql, undefined);
  return { ...table, columns: table.columns.with(index, parsed) };
}

/** Replaces the text of a table constraint; what stands around it stays. */
export function replaceConstraint(table: TableText, index: number, sql: string): TableText {
  const old = table.constraints[index];
  if (old === undefined) throw new RangeError(`no constraint ${index}`);
  const parsed = parseTableItem(sql, old);
  if (!isConstraintItem(parsed)) throw unexpected(sql, undefined);
  return { ...table, constraints: table.constraints.with(index, parsed) };
}

/** The same columns in another order: the column at `order[0]` comes first. */
export function reorderColumns(table: TableText, order: readonly number[]): TableText {
  return rejoin(
    table,
    order.flatMap((index) => table.columns[index] ?? []),
  );
}

/** Puts a table constraint, as SQL, after all others. */
export function addConstraint(table: TableText, sql: string): TableText {
  const parsed = parseTableItem(sql, { before: spaceAt(table), after: "", separator: "," });
  if (!isConstraintItem(parsed)) throw unexpected(sql, undefined);
  return rejoin(table, table.columns, [...table.constraints, parsed]);
}

export function removeConstraint(table: TableText, index: number): TableText {
  return rejoin(table, table.columns, table.constraints.toSpliced(index, 1));
}

/** The white space that stands before the last column that begins a line, else one space. */
function spaceAt(table: TableText): string {
  const last = [...table.columns, ...table.constraints].at(-1);
  return last === undefined ? "" : (/\n[ \t]*$/u.exec(last.before)?.[0] ?? " ");
}

/**
 * Sees to it that every item but the last has a comma and that the last has none, and that the space
 * before the closing parenthesis stays there whichever item is last.
 */
function rejoin(
  table: TableText,
  columns: readonly ColumnItem[],
  constraints: readonly ConstraintItem[] = table.constraints,
): TableText {
  const last = [...columns, ...constraints].at(-1);
  const oldLast: TableItem | undefined = table.constraints.at(-1) ?? table.columns.at(-1);
  const spaces = exchangedSpaces(table.columns[0], columns[0]);
  const fit = <Item extends TableItem>(old: Item): Item => {
    const item = fitSeparator(old);
    const before = spaces.get(old);
    return before === undefined ? item : { ...item, before };
  };
  const fitSeparator = <Item extends TableItem>(item: Item): Item => {
    const comment = item.separator.replace(/^,/u, "");
    if (item === last) {
      const after = item === oldLast ? item.after : joinTrivia(item.after.trimEnd(), comment, oldLast?.after);
      return { ...item, after, separator: "" };
    }
    if (item !== oldLast) return { ...item, separator: `,${comment}` };
    return { ...item, after: "", separator: `,${item.after.trimEnd()}` };
  };
  return { ...table, columns: columns.map(fit), constraints: constraints.map(fit) };
}

/** What is first now stands where the first one stood, and the other way round; comments stay where they are. */
function exchangedSpaces(
  oldFirst: ColumnItem | undefined,
  first: ColumnItem | undefined,
): ReadonlyMap<TableItem, string> {
  if (oldFirst === undefined || first === undefined || oldFirst === first) return new Map();
  const areBlank = oldFirst.before.trim() === "" && first.before.trim() === "";
  return areBlank
    ? new Map([
        [first, oldFirst.before],
        [oldFirst, first.before],
      ])
    : new Map();
}

/** What the last item is followed by: its own comments, then the line end that stood before `)`. */
function joinTrivia(after: string, comment: string, oldAfter: string | undefined): string {
  const tail = /\s*$/u.exec(oldAfter ?? "")?.[0] ?? "";
  return after + comment + tail;
}

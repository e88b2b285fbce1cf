import { isSqlFragment, textOf, type SqlFragment, type SqlText } from "../schema/sql-fragment.ts";
import type { SqlValue } from "../driver/statement.ts";
import { acceptStatement } from "../sql/accept-statements.ts";
import { assertExpression, parenthesize } from "../sql/expression.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { isRecord, list, object, wrongType, type Accept } from "./accept.ts";
import { acceptExpression, acceptName } from "./accept-sql.ts";
import { acceptValue } from "./accept-values.ts";
import type { ExecuteOperation } from "./operation.ts";
import type { MapRowsOptions, Row } from "./operations.ts";
import { argumentOf, describePlace, type Place } from "./place.ts";

/** Rows that a function of the author changes, a chunk at a time. */
export interface MapRowsRequest {
  readonly table: string;
  readonly where: string | undefined;
  /** The columns that the function sees; `undefined` for all. */
  readonly columns: readonly string[] | undefined;
  /** Rows read at once. */
  readonly chunk: number;
  readonly map: MapRowsOptions["map"];
}

const method = "op.updateRows";
const defaultChunk = 1000;

type Assignment = readonly [column: string, value: SqlValue | SqlFragment];

const acceptSet: Accept<readonly Assignment[]> = (value, place) => {
  if (!isRecord(value) || Object.keys(value).length === 0) {
    throw wrongType(value, place, "an object of column names and values");
  }
  return Object.entries(value).map(([column, given]): Assignment => {
    const at: Place = { parent: place, key: column, value: undefined };
    acceptName(column, at);
    if (!isSqlFragment(given)) return [column, acceptValue(given, () => describePlace(at))];
    assertExpression(given.text, () => describePlace(at));
    return [column, given];
  });
};

const acceptSetOptions = object<{ readonly set: readonly Assignment[]; readonly where?: SqlText }>(
  { set: acceptSet, where: acceptExpression },
  ["set"],
);

const acceptMapOptions = object<MapRowsOptions>(
  {
    where: acceptExpression,
    columns: list(acceptName),
    chunk: (value, place) => {
      if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
      throw wrongType(value, place, "a number of rows from 1 on");
    },
    map: (value, place) => {
      if (isMap(value)) return value;
      throw wrongType(value, place, "a function of a row");
    },
  },
  ["map"],
);

/** What it returns is checked row by row. */
function isMap(value: unknown): value is MapRowsOptions["map"] {
  return typeof value === "function";
}

/** `UPDATE … SET …` for the rows that the condition selects: one statement, whatever their number. */
export function updateRows(table: unknown, options: unknown): ExecuteOperation {
  const name = acceptName(table, argumentOf(method, "table", table));
  const { set, where } = acceptSetOptions(options, argumentOf(method, "options", options));
  const params: SqlValue[] = [];
  const assignments = set.map(([column, value]) => {
    if (isSqlFragment(value)) return `${quoteIdentifier(column)} = ${parenthesize(value.text)}`;
    params.push(value);
    return `${quoteIdentifier(column)} = ?`;
  });
  const condition = where === undefined ? "" : ` WHERE ${textOf(where)}`;
  const sql = `UPDATE ${quoteIdentifier(name)} SET ${assignments.join(", ")}${condition}`;
  acceptStatement(sql);
  return {
    kind: "execute",
    sql,
    ...(params.length === 0 ? {} : { params: Object.freeze(params) }),
  };
}

export function mapRows(table: unknown, options: unknown): MapRowsRequest {
  const name = acceptName(table, argumentOf(method, "table", table));
  const { where, columns, chunk, map } = acceptMapOptions(options, argumentOf(method, "options", options));
  return {
    table: name,
    where: where === undefined ? undefined : textOf(where),
    columns,
    chunk: chunk ?? defaultChunk,
    map,
  };
}

/** Whether the options are those of a function, and not of values. */
export function hasMap(options: unknown): boolean {
  return isRecord(options) && options["map"] !== undefined;
}

/** What the function returned for a row: the values to be written, none for `undefined`. */
export function acceptChanges(changes: unknown, row: Row): readonly (readonly [string, SqlValue])[] {
  if (changes === undefined) return [];
  if (!isRecord(changes)) {
    throw new TypeError(
      `map in ${method} must return an object of column names and values, or undefined; it returned ${typeof changes} for ${JSON.stringify(row, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)).slice(0, 200)}`,
    );
  }
  return Object.entries(changes).map(([column, value]) => [
    column,
    acceptValue(value, () => `column "${column}" returned by map in ${method}`),
  ]);
}

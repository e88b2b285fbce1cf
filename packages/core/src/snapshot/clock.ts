import type { Cell, EndState, TableRows } from "./snapshot-document.ts";

/** Milliseconds since 1970 between which something ran. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

const written = /^(\d{4}-\d\d-\d\d)([ T])(\d\d:\d\d:\d\d)(\.\d{3})?(Z|\+00:00)?$/u;
const format = /^%Y-%m-%d[ T]%H:%M:(?:%S|%f)(?:Z|\+00:00)?$/u;

/** Whether it is how a moment can be written: what strftime() takes, `seconds` or `milliseconds` since 1970. */
export function isClockForm(form: string): boolean {
  return form === "seconds" || form === "milliseconds" || format.test(form);
}

/** The SQL for this moment. */
export function clockSql(form: string): string {
  if (form === "seconds") return "CAST(strftime('%s', 'now') AS INTEGER)";
  if (form === "milliseconds") return "CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)";
  return `strftime('${form}', 'now')`;
}

/**
 * Marks the values that say when the revisions ran, such as a default of CURRENT_TIMESTAMP: a moment in UTC that
 * lies in the interval. Of two replays at different times, what is the same in both is marked in neither.
 */
export function markClock(state: EndState, interval: Interval): EndState {
  return { ...state, rows: state.rows.map((table) => markTable(table, interval)) };
}

function markTable({ table, columns, rows }: TableRows, interval: Interval): TableRows {
  return { table, columns, rows: rows.map((row) => row.map((cell) => markCell(cell, interval))) };
}

function markCell(cell: Cell, interval: Interval): Cell {
  const found = typeof cell === "string" ? readText(cell) : readNumber(cell);
  if (found === null) return cell;
  const { form, from, to } = found;
  return to >= interval.from && from <= interval.to ? { now: form } : cell;
}

/** How a moment is written, and when it may have been: what it is rounded to. */
interface Moment extends Interval {
  readonly form: string;
}

function readText(text: string): Moment | null {
  const [, date, separator, time, fraction = "", zone = ""] = written.exec(text) ?? [];
  if (date === undefined || separator === undefined || time === undefined) return null;
  const at = Date.parse(`${date}T${time}${fraction}Z`);
  if (Number.isNaN(at)) return null;
  const isExact = fraction !== "";
  const form = `%Y-%m-%d${separator}%H:%M:${isExact ? "%f" : "%S"}${zone}`;
  return { form, from: at, to: isExact ? at : at + 999 };
}

/** Seconds since 1970 have ten digits, milliseconds thirteen. */
function readNumber(cell: Cell): Moment | null {
  if (typeof cell !== "number" || !Number.isInteger(cell)) return null;
  if (cell > 1e9 && cell < 1e10) return { form: "seconds", from: cell * 1000, to: cell * 1000 + 999 };
  return cell > 1e12 && cell < 1e13 ? { form: "milliseconds", from: cell, to: cell } : null;
}

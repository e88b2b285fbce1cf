import { DriverError, toEngineValues, type SqlValue, type Statement } from "@skillmeat/migrate-core/driver";

/** A value as JSON carries it: integers as text, because a JSON number is a double. */
export type HranaValue =
  | { readonly type: "null" }
  | { readonly type: "integer"; readonly value: string }
  | { readonly type: "float"; readonly value: number }
  | { readonly type: "text"; readonly value: string }
  | { readonly type: "blob"; readonly base64: string };

export interface HranaStatement {
  readonly sql: string;
  readonly args?: readonly HranaValue[];
  readonly want_rows: boolean;
}

/** When a step of a batch runs; indexes count the steps of the batch. */
export type HranaCondition =
  | { readonly type: "ok"; readonly step: number }
  | { readonly type: "not"; readonly cond: HranaCondition }
  | { readonly type: "and"; readonly conds: readonly HranaCondition[] }
  | { readonly type: "is_autocommit" };

export interface HranaBatchStep {
  readonly stmt: HranaStatement;
  readonly condition?: HranaCondition;
}

/**
 * The requests of Hrana 3 over HTTP that are used.
 *
 * @see https://github.com/tursodatabase/libsql/blob/main/docs/HRANA_3_SPEC.md
 */
export type HranaRequest =
  | { readonly type: "execute"; readonly stmt: HranaStatement }
  | { readonly type: "batch"; readonly batch: { readonly steps: readonly HranaBatchStep[] } }
  | { readonly type: "describe"; readonly sql: string }
  | { readonly type: "get_autocommit" }
  | { readonly type: "close" };

/** True inside a transaction, so that nothing ever runs after the server has ended one by itself. */
export const inTransaction: HranaCondition = { type: "not", cond: { type: "is_autocommit" } };

/** Never true: the server looks at the text of such a step and does not run it. */
export const never: HranaCondition = { type: "and", conds: [{ type: "is_autocommit" }, inTransaction] };

/** A statement of ours, without parameters and without interest in rows. */
export function controlStatement(sql: string): HranaStatement {
  return { sql, want_rows: false };
}

/** @throws {DriverError} kind `value`. */
export function encodeStatement(statement: Statement): HranaStatement {
  const { sql, params = [] } = statement;
  if (params.length === 0) return { sql, want_rows: true };
  return { sql, want_rows: true, args: toEngineValues(params).map(encodeValue) };
}

function encodeValue(value: SqlValue, index: number): HranaValue {
  if (value === null) return { type: "null" };
  if (typeof value === "bigint") return { type: "integer", value: value.toString() };
  if (typeof value === "string") return { type: "text", value };
  if (typeof value !== "number") return { type: "blob", base64: toBase64(value) };
  if (Number.isFinite(value)) return { type: "float", value };
  throw new DriverError("value", `parameter ${index + 1} cannot be sent: JSON has no infinity`, {
    hint: "write 9e999 or -9e999 into the SQL text",
  });
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

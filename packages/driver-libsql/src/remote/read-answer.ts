import { DriverError, type QueryResult, type SqlValue } from "@skillmeat/migrate-core/driver";
import type { HranaFault } from "./hrana-error.ts";
import type { HranaRequest } from "./hrana-request.ts";

/** What the server says about one request. */
export type RequestAnswer =
  | { readonly kind: "failed"; readonly error: HranaFault }
  | { readonly kind: "executed"; readonly result: QueryResult }
  | { readonly kind: "batch"; readonly batch: BatchAnswer }
  | { readonly kind: "described"; readonly isReadOnly: boolean; readonly isExplain: boolean }
  | { readonly kind: "autocommit"; readonly isAutocommit: boolean }
  | { readonly kind: "closed" };

/** One entry a step. Neither a result nor an error: the condition of the step was false. */
export interface BatchAnswer {
  readonly results: readonly (QueryResult | undefined)[];
  readonly errors: readonly (HranaFault | undefined)[];
  /** Grows with every commit; undefined where the server does not count. */
  readonly replicationIndex: string | undefined;
}

export interface PipelineAnswer {
  /** Names the stream in the next request; null when it is closed. */
  readonly baton: string | null;
  /** Where the next request of the stream has to go; null: to the same address. */
  readonly baseUrl: string | null;
  readonly answers: readonly RequestAnswer[];
}

/** What was read is not what the protocol says. */
class Malformed extends Error {}

/**
 * Reads the answer to a pipeline request, trusting nothing in it.
 *
 * @param requests what was sent.
 * @returns `undefined` when it is not what Hrana 3 says.
 */
export function readAnswer(text: string, requests: readonly HranaRequest[]): PipelineAnswer | undefined {
  try {
    const body = record(JSON.parse(text));
    const answers = list(body["results"]).map(readRequestAnswer);
    if (answers.length !== requests.length) return undefined;
    if (!answers.every((answer, index) => fits(answer, requests[index]))) return undefined;
    return { baton: nullableText(body["baton"]), baseUrl: nullableText(body["base_url"]), answers };
  } catch (error) {
    if (error instanceof Malformed || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A batch is answered step by step: an answer that is short would make steps look as if they had not run. */
function fits(answer: RequestAnswer, request: HranaRequest | undefined): boolean {
  if (answer.kind !== "batch" || request?.type !== "batch") return true;
  const count = request.batch.steps.length;
  return answer.batch.results.length === count && answer.batch.errors.length === count;
}

function readRequestAnswer(value: unknown): RequestAnswer {
  const result = record(value);
  if (result["type"] === "error") return { kind: "failed", error: readError(result["error"]) };
  const response = record(result["response"]);
  switch (response["type"]) {
    case "execute":
      return { kind: "executed", result: readResult(response["result"]) };
    case "batch":
      return { kind: "batch", batch: readBatch(record(response["result"])) };
    case "describe":
      return readDescription(record(response["result"]));
    case "get_autocommit":
      return { kind: "autocommit", isAutocommit: flag(response["is_autocommit"]) };
    case "close":
      return { kind: "closed" };
    default:
      throw new Malformed();
  }
}

function readBatch(result: Readonly<Record<string, unknown>>): BatchAnswer {
  const index = result["replication_index"];
  return {
    results: list(result["step_results"]).map((entry) => (entry === null ? undefined : readResult(entry))),
    errors: list(result["step_errors"]).map((entry) => (entry === null ? undefined : readError(entry))),
    replicationIndex: typeof index === "string" ? index : undefined,
  };
}

function readDescription(result: Readonly<Record<string, unknown>>): RequestAnswer {
  return {
    kind: "described",
    isReadOnly: flag(result["is_readonly"]),
    isExplain: flag(result["is_explain"]),
  };
}

function readError(value: unknown): HranaFault {
  const error = record(value);
  const code = error["code"];
  return { message: text(error["message"]), code: typeof code === "string" ? code : undefined };
}

function readResult(value: unknown): QueryResult {
  const result = record(value);
  const changes = result["affected_row_count"];
  if (typeof changes !== "number") throw new Malformed();
  return {
    columns: list(result["cols"]).map((column) => nullableText(record(column)["name"]) ?? ""),
    rows: list(result["rows"]).map((row) => list(row).map(readValue)),
    changes,
  };
}

function readValue(value: unknown): SqlValue {
  const entry = record(value);
  switch (entry["type"]) {
    case "null":
      return null;
    case "integer":
      return readInteger(text(entry["value"]));
    case "float":
      return readFloat(entry["value"]);
    case "text":
      return text(entry["value"]);
    case "blob":
      return new Uint8Array(Buffer.from(text(entry["base64"]), "base64"));
    default:
      throw new Malformed();
  }
}

function readInteger(digits: string): number | bigint {
  if (!/^-?\d{1,19}$/.test(digits)) throw new Malformed();
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}

/** SQLite has no NaN; JSON has no infinity, so that the server says null, without the sign. */
function readFloat(value: unknown): number {
  if (typeof value === "number") return value;
  if (value !== null) throw new Malformed();
  return Number.NaN;
}

/**
 * Refuses a result with an infinite number. `unit()` does not, whose transaction is done when its answer is
 * read: there it stays NaN.
 *
 * @throws {DriverError} kind `value`.
 */
export function assertFinite(result: QueryResult): QueryResult {
  if (!result.rows.some((row) => row.some((value) => Number.isNaN(value)))) return result;
  throw new DriverError(
    "value",
    "the result holds an infinite number, which the JSON of the protocol cannot carry",
    {
      hint: "convert it in the query, as with CAST(… AS TEXT)",
    },
  );
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (isRecord(value)) return value;
  throw new Malformed();
}

/** Whether a value read from JSON is an object with members. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Malformed();
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new Malformed();
}

function nullableText(value: unknown): string | null {
  return value === null || value === undefined ? null : text(value);
}

function flag(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new Malformed();
}

import {
  DriverError,
  factsOfResultName,
  type DriverErrorKind,
  type DriverErrorOptions,
  type EngineErrorFacts,
} from "@skillmeat/migrate-core/driver";

/** What the server said, as it said it: most of it is expected, and an `Error` for each would cost its stack. */
export interface HranaFault {
  readonly message: string;
  readonly code: string | undefined;
}

/** The same as the cause of an error. */
export class HranaError extends Error implements HranaFault {
  override readonly name = "HranaError";
  readonly code: string | undefined;

  constructor(message: string, code: string | undefined) {
    super(message);
    this.code = code;
  }
}

type Facts = Omit<EngineErrorFacts, "engineCode">;

/** Codes of the server that are not SQLite's. */
const serverCodes: Readonly<Record<string, Facts>> = {
  SQL_PARSE_ERROR: { kind: "sql" },
  SQL_INPUT_ERROR: { kind: "sql" },
  SQL_NO_STATEMENT: { kind: "sql" },
  SQL_MANY_STATEMENTS: { kind: "sql", reason: "several-statements" },
  ARGS_INVALID: { kind: "value", reason: "parameters" },
  ARGS_BOTH_POSITIONAL_AND_NAMED: { kind: "value", reason: "parameters" },
  TRANSACTION_TIMEOUT: {
    kind: "busy",
    reason: "transaction-expired",
    hint: "make the revision smaller, or run it when nobody else writes",
  },
  TRANSACTION_BUSY: { kind: "busy" },
  STREAM_EXPIRED: {
    kind: "busy",
    reason: "transaction-expired",
    hint: "do not let a revision wait for anything but the database",
  },
  STREAM_CLOSED: { kind: "busy", reason: "transaction-expired" },
  BLOCKED: {
    kind: "readonly",
    reason: "blocked",
    hint: "wait until the database is released, or ask who blocked it",
  },
  RESPONSE_TOO_LARGE: { kind: "value", reason: "too-big", hint: "read fewer rows at a time" },
};

const tooBig: Facts = {
  kind: "value",
  reason: "too-big",
  hint: "split the statement, or insert fewer rows at a time",
};

/** What a message means where the code does not say, as through a replica that forwards to its primary. */
const messages: readonly (readonly [pattern: RegExp, facts: Facts])[] = [
  [/string or blob too big/i, tooBig],
  [/response is too large/i, { kind: "value", reason: "too-big", hint: "read fewer rows at a time" }],
  [
    /unsupported statement/i,
    { kind: "unsupported", hint: "leave it out: the server has no use for it, or forbids it" },
  ],
  [/\bconstraint failed\b|datatype mismatch|cannot store \w+ value in/i, { kind: "constraint" }],
  [/database (?:table )?is locked/i, { kind: "busy" }],
  [/transaction timed[ -]out/i, { kind: "busy", reason: "transaction-expired" }],
  [/attempt to write a readonly database/i, { kind: "readonly" }],
  [/database or disk is full/i, { kind: "full" }],
  [/operation was blocked/i, { kind: "readonly", reason: "blocked" }],
];

/** Turns what the server said about a request or a statement into a `DriverError`. */
export function fromHranaError(error: HranaFault, options: DriverErrorOptions = {}): DriverError {
  const facts = factsOf(error);
  return new DriverError(facts.kind, plainMessage(error.message), {
    cause: causeOf(error),
    ...(error.code === undefined ? {} : { engineCode: error.code }),
    ...(facts.reason === undefined ? {} : { reason: facts.reason }),
    ...(facts.hint === undefined ? {} : { hint: facts.hint }),
    ...options,
  });
}

/** The fault as an error, to be the cause of another. */
export function causeOf(fault: HranaFault): HranaError {
  return fault instanceof HranaError ? fault : new HranaError(fault.message, fault.code);
}

/** Whether the server refused a statement before it ran anything of the request. */
export function isRefusedText(error: HranaFault): boolean {
  return (
    error.code === "SQL_PARSE_ERROR" ||
    error.code === "SQL_MANY_STATEMENTS" ||
    error.code === "SQL_NO_STATEMENT"
  );
}

/** Codes that a request ends with before it has changed anything, or with the loss of its transaction. */
const refused: ReadonlySet<string> = new Set([
  "SQL_PARSE_ERROR",
  "SQL_NO_STATEMENT",
  "SQL_MANY_STATEMENTS",
  "SQL_STORE_TOO_MANY",
  "ARGS_INVALID",
  "ARGS_BOTH_POSITIONAL_AND_NAMED",
  "BLOCKED",
  "STREAM_EXPIRED",
  "STREAM_CLOSED",
  "TRANSACTION_TIMEOUT",
  "TRANSACTION_BUSY",
]);

/**
 * Whether what the server said about a whole request proves that it left nothing behind. A request may fail as a
 * whole after its COMMIT too: the answer was too large, or a server lost the primary that it forwards to.
 */
export function isRefused(error: HranaFault): boolean {
  return refused.has(error.code ?? "");
}

/** Whether the words are those of a libSQL server, and not of what stands between. */
export function isUnderstood(error: HranaFault): boolean {
  const code = error.code ?? "";
  const isKnown = Object.hasOwn(serverCodes, code) || knownResult(code) !== undefined;
  return isKnown || messages.some(([pattern]) => pattern.test(error.message));
}

function factsOf(error: HranaFault): Facts {
  const code = error.code ?? "";
  const said = messages.find(([pattern]) => pattern.test(error.message))?.[1];
  if (code === "SQLITE_TOOBIG" || said?.reason === "too-big") return said ?? tooBig;
  const known = Object.hasOwn(serverCodes, code) ? serverCodes[code] : knownResult(code);
  // A code that only says "something is wrong" is less than a message that is understood.
  if (known !== undefined && known.kind !== "sql") return known;
  return said ?? known ?? { kind: unknownKind };
}

const unknownKind: DriverErrorKind = "sql";

function knownResult(code: string): Facts | undefined {
  const facts = factsOfResultName(code);
  if (facts === undefined) return undefined;
  const { engineCode: _engineCode, ...rest } = facts;
  return rest;
}

/** SQLite's own words, without what the server puts before them. */
function plainMessage(message: string): string {
  return message.replace(/^(?:SQLite error|SQL input error|SQL string could not be parsed): /, "");
}

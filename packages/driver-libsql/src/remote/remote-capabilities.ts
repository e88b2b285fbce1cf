import type { Capabilities } from "@skillmeat/migrate-core/driver";
import { settablePragmas, sqlBytes } from "./check-statement.ts";
import type { HranaRequest } from "./hrana-request.ts";
import type { RequestAnswer } from "./read-answer.ts";

/** Capabilities that become known with the first answer of the server. */
export interface LearnedCapabilities {
  readonly capabilities: Capabilities;
  /** Requests to send along with the next ones; none once the answer is known. */
  questions(): readonly HranaRequest[];
  /** Takes the answers to {@link questions}. */
  learn(answers: readonly RequestAnswer[]): void;
}

/** Parameters in one statement: 32,766 were taken and 32,767 refused (measured on sqld 0.24). */
const parameters = 32_766;

/** Milliseconds after which sqld takes the transaction away from its holder when another writer waits. */
const stealMs = 5000;

/**
 * A new server answers that the schema table may not be altered, an old one that it does not understand the
 * statement; neither looks at the database, let alone changes it (sqlite.org/lang_altertable.html).
 */
const alterQuestion = "EXPLAIN ALTER TABLE sqlite_schema DROP CONSTRAINT c";

const questions: readonly HranaRequest[] = Object.freeze([
  { type: "execute", stmt: { sql: "SELECT sqlite_version()", want_rows: true } },
  { type: "describe", sql: alterQuestion },
]);

/**
 * Describes a server. Its version and its ALTER TABLE are asked together with the first statement, so that
 * connecting costs no request; until then the version is unknown and ALTER TABLE the smaller one.
 */
export function createRemoteCapabilities(): LearnedCapabilities {
  let engineVersion: string | undefined;
  let alterConstraints = false;
  return {
    capabilities: {
      interactive: true,
      foreignKeysOff: true,
      lock: "server",
      concurrentReads: true,
      preservesSql: true,
      settablePragmas,
      maxUnitMs: stealMs,
      limits: { parameters, sqlBytes },
      get alterConstraints() {
        return alterConstraints;
      },
      get engineVersion() {
        return engineVersion ?? "unknown";
      },
    },
    questions: () => (engineVersion === undefined ? questions : []),
    learn: ([version, alter]) => {
      if (version?.kind !== "executed") return;
      engineVersion = String(version.result.rows[0]?.[0] ?? "unknown");
      alterConstraints =
        alter?.kind === "failed" && /may not be altered|no such constraint/i.test(alter.error.message);
    },
  };
}

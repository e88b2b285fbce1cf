import { amendDriverError, DriverError, type DriverErrorOptions } from "@skillmeat/migrate-core/driver";
import { causeOf, fromHranaError } from "./hrana-error.ts";
import type { BatchOutcome } from "./unit-batch.ts";

type Failure = Exclude<BatchOutcome, { readonly kind: "committed" }>;

/** Kinds of a failed COMMIT after which nothing was written: found before the log is touched. */
const provenKinds: ReadonlySet<string> = new Set(["busy", "constraint", "full", "readonly", "closed"]);

/** Says what a batch that did not commit means. It is rolled back, but for a COMMIT that failed while writing. */
export function fromBatchFailure(failure: Failure, target: string): DriverError {
  const rolledBack: DriverErrorOptions = { target, outcome: "rolled-back" };
  switch (failure.kind) {
    case "not-begun":
      return fromHranaError(failure.error, rolledBack);
    case "foreign-keys":
      return new DriverError("unsupported", "the server does not let foreign keys be set for a transaction", {
        ...rolledBack,
        cause: causeOf(failure.error),
      });
    case "late":
      return new DriverError(
        "network",
        "the request reached the server after its sender had stopped waiting",
        {
          ...rolledBack,
          cause: failure.error,
          hint: "try again, or allow more time with timeoutMs",
        },
      );
    case "step-failed": {
      const error = fromHranaError(failure.error, { ...rolledBack, step: failure.step });
      return failure.ended ? lostWith(error) : error;
    }
    case "commit-failed": {
      const error = fromHranaError(failure.error, rolledBack);
      return provenKinds.has(error.kind) ? error : amendDriverError(error, { outcome: "unknown" });
    }
    case "lost":
      return transactionExpired(target, failure.step);
  }
}

/** ON CONFLICT ROLLBACK, RAISE(ROLLBACK) and a full disk end a transaction together with the statement. */
export function lostWith(error: DriverError): DriverError {
  if (error.reason === "transaction-expired") return amendDriverError(error, { outcome: "rolled-back" });
  return new DriverError(error.kind, `the transaction ended before its last statement: ${error.message}`, {
    reason: "transaction-lost",
    outcome: "rolled-back",
    cause: error,
    ...(error.step === undefined ? {} : { step: error.step }),
    ...(error.engineCode === undefined ? {} : { engineCode: error.engineCode }),
  });
}

/** Transaction control is refused before anything is sent, so only the server can have ended the transaction. */
export function transactionExpired(target: string, step?: number): DriverError {
  return new DriverError("busy", "the server ended the transaction", {
    reason: "transaction-expired",
    outcome: "rolled-back",
    target,
    hint: "make the revision smaller, or run it when nobody else writes",
    ...(step === undefined ? {} : { step }),
  });
}

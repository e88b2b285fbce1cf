/** What can be wrong with a revision. */
export type VerifyFindingKind =
  /** A direction fails. */
  | "failed"
  /** After going down, or up again, the schema is another one than before. */
  | "schema-differs"
  /** Rows break a foreign key, or the database is damaged. */
  | "unhealthy"
  /** A table that stays has fewer rows. */
  | "rows-lost"
  /** A table or column that held data is dropped. */
  | "data-dropped"
  /** It fails on the sample rows, and not without them. */
  | "rows-refused"
  /** Older programs may open it, and it takes something away from them. */
  | "breaks-readers"
  /** There is no way down. */
  | "irreversible";

export interface VerifyFinding {
  readonly kind: VerifyFindingKind;
  /** Errors are faults. Warnings may be meant as they are. */
  readonly severity: "error" | "warning";
  readonly revision: string;
  /** Which of the three ways it was; `null` where it is none in particular. */
  readonly way: "up" | "down" | "up again" | null;
  readonly message: string;
  /** One line each, where there are several facts. */
  readonly lines: readonly string[];
}

const errors: ReadonlySet<VerifyFindingKind> = new Set([
  "failed",
  "schema-differs",
  "unhealthy",
  "rows-lost",
]);

export function createFinding(given: Omit<VerifyFinding, "severity">): VerifyFinding {
  return { ...given, severity: errors.has(given.kind) ? "error" : "warning" };
}

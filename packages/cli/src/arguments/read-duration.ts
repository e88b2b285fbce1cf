import { quoteForMessage } from "@skillmeat/migrate-core";
import { usageError } from "./usage-error.ts";

const millisecondsOf: Readonly<Record<string, number>> = { "": 1, ms: 1, s: 1000, m: 60_000 };

/** A day: more is a mistyped unit, and Node's timers end at 24.8 days. */
const longest = 86_400_000;

/**
 * Reads a time such as `500`, `500ms`, `30s` or `2m` as milliseconds.
 *
 * @throws {MigrationError} SKM_USAGE
 */
export function readDuration(option: string, text: string): number {
  const [, digits, unit = ""] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m)?$/u.exec(text) ?? [];
  const milliseconds = Math.round(Number(digits) * (millisecondsOf[unit] ?? Number.NaN));
  if (digits !== undefined && milliseconds <= longest) return milliseconds;
  throw usageError(
    `option ${option} has the value ${quoteForMessage(text)}, expected a time of at most 24 hours`,
    "write milliseconds, or a number with ms, s or m, such as 30s",
    { option, value: text },
  );
}

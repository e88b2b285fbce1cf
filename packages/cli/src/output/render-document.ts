import type { Redactor } from "./redactor.ts";

/** What steers a terminal and `JSON.stringify` leaves as it is: C1 controls, marks of the direction of text. */
const steering = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * Renders plain data as JSON, readable and harmless on a terminal. Integers that JSON readers would round become text, bytes become `X'…'`, and
 * every text is redacted on its own, so that the document stays well-formed.
 */
export function renderDocument(value: unknown, redact: Redactor): string {
  const json = JSON.stringify(toPlain(value, redact), undefined, 2);
  // They only stand inside strings, where an escape means the same.
  return json.replaceAll(
    steering,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function toPlain(value: unknown, redact: Redactor): unknown {
  if (typeof value === "string") return redact(value);
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return `X'${Buffer.from(value).toString("hex").toUpperCase()}'`;
  if (value instanceof Error) return redact(`${value.name}: ${value.message}`);
  if (Array.isArray(value)) return value.map((item: unknown) => toPlain(item, redact));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [redact(key), toPlain(item, redact)]));
}

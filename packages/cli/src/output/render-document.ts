import type { Redactor } from "./redactor.ts";

/**
 * Renders plain data as JSON. Integers that JSON readers would round become text, bytes become `X'…'`, and
 * every text is redacted on its own, so that the document stays well-formed.
 */
export function renderDocument(value: unknown, redact: Redactor): string {
  return JSON.stringify(toPlain(value, redact), undefined, 2);
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

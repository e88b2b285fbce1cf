import { isSqlFragment } from "../../schema/sql-fragment.ts";
import type { Layout, PropertyLayout } from "./layout.ts";
import { propertyKey, stringLiteral, templateBody } from "./source-text.ts";

const text = (source: string): Layout => ({ kind: "text", text: source });

/** The source text that makes a value of a definition: plain data, fragments of SQL and bytes. */
export function valueLayout(value: unknown): Layout {
  if (typeof value === "string") return stringLayout(value);
  if (typeof value === "number") return text(numberLiteral(value));
  if (typeof value === "bigint") return text(`${value}n`);
  if (isSqlFragment(value)) return text(`sql\`${templateBody(value.text)}\``);
  if (value instanceof Uint8Array) return bytesLayout(value);
  if (Array.isArray(value)) return { kind: "list", items: value.map(valueLayout) };
  if (typeof value === "object" && value !== null) return objectLayout(Object.entries(value));
  if (value === null || typeof value === "boolean") return text(String(value));
  throw new TypeError(`no source text stands for a ${typeof value}`);
}

/** An object literal; a property that is `undefined` is left out. */
export function objectLayout(entries: readonly (readonly [string, unknown])[]): Layout {
  const properties = entries
    .filter(([, value]) => value !== undefined)
    .map(([key, value]): PropertyLayout => ({ key: propertyKey(key), value: valueLayout(value) }));
  return { kind: "object", properties };
}

/** A text of several lines is a template, so that it can be read. */
export function stringLayout(value: string): Layout {
  const isSeveralLines = value.includes("\n") && !value.includes("\r");
  return isSeveralLines
    ? text(`\`${templateBody(value)}\``)
    : { kind: "text", text: stringLiteral(value), isString: true };
}

function numberLiteral(value: number): string {
  if (Object.is(value, -0)) return "-0";
  if (value === Infinity) return "Number.POSITIVE_INFINITY";
  return value === -Infinity ? "Number.NEGATIVE_INFINITY" : String(value).replace("e+", "e");
}

function bytesLayout(bytes: Uint8Array): Layout {
  const items = [...bytes].map((byte) => text(String(byte)));
  return { kind: "call", callee: "new Uint8Array", args: [{ kind: "list", items, areNumbers: true }] };
}

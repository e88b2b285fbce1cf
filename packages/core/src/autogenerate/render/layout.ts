import { assertNever } from "../../util/assert-never.ts";

/** Source text whose line breaks are not decided yet. */
export type Layout =
  | { readonly kind: "text"; readonly text: string; readonly isString?: true }
  | { readonly kind: "object"; readonly properties: readonly PropertyLayout[] }
  | { readonly kind: "list"; readonly items: readonly Layout[]; readonly areNumbers?: true }
  | { readonly kind: "call"; readonly callee: string; readonly args: readonly Layout[] }
  | { readonly kind: "function"; readonly head: string; readonly body: readonly Layout[] };

export interface PropertyLayout {
  readonly key: string;
  readonly value: Layout;
}

/** Columns of a line. */
const width = 110;
const step = 2;
/** A string after a key as short as this stays on its line, however long it is. */
const shortKey = step + 3;

interface Place {
  /** Spaces before a line that begins in this layout. */
  readonly indent: number;
  /** Characters that stand on the line already. */
  readonly used: number;
  /** Characters that follow on the last line: a comma, a parenthesis. */
  readonly after: number;
}

const margin = (indent: number): string => `\n${" ".repeat(indent)}`;

/**
 * Decides the line breaks as the formatter of this project does, so that a written file has no differences to
 * a formatted one.
 */
export function printLayout(layout: Layout, place: Place): string {
  const flat = flatten(layout);
  if (flat !== null && place.used + flat.length + place.after <= width) return flat;
  switch (layout.kind) {
    case "text":
      return layout.text;
    case "object":
      return printBlock({ open: "{", close: "}" }, layout.properties, place.indent);
    case "list":
      return layout.areNumbers === true
        ? printNumbers(layout.items, place.indent)
        : printBlock({ open: "[", close: "]" }, layout.items, place.indent);
    case "call":
      return printCall(layout, place);
    case "function":
      return printFunction(layout, place.indent);
    default:
      return assertNever(layout);
  }
}

/** The layout on one line, or `null` when it cannot be. */
function flatten(layout: Layout): string | null {
  switch (layout.kind) {
    case "text":
      return layout.text.includes("\n") ? null : layout.text;
    case "object": {
      const parts = flattenAll(layout.properties.map(({ value }) => value));
      if (parts === null) return null;
      const text = layout.properties.map(({ key }, index) => `${key}: ${parts[index] ?? ""}`).join(", ");
      return text === "" ? "{}" : `{ ${text} }`;
    }
    case "list": {
      const parts = isTable(layout.items) ? null : flattenAll(layout.items);
      return parts === null ? null : `[${parts.join(", ")}]`;
    }
    case "call": {
      const parts = flattenAll(layout.args);
      return parts === null ? null : `${layout.callee}(${parts.join(", ")})`;
    }
    case "function":
      return layout.body.length === 0 ? `${layout.head} {}` : null;
    default:
      return assertNever(layout);
  }
}

function flattenAll(layouts: readonly Layout[]): readonly string[] | null {
  const parts: string[] = [];
  for (const layout of layouts) {
    const flat = flatten(layout);
    if (flat === null) return null;
    parts.push(flat);
  }
  return parts;
}

/** Several objects, or several lists, of more than one part each: one a line, even where all would fit. */
function isTable(items: readonly Layout[]): boolean {
  const [first] = items;
  if (items.length < 2 || first === undefined) return false;
  return items.every((item) => item.kind === first.kind && sizeOf(item) > 1);
}

function sizeOf(layout: Layout): number {
  if (layout.kind === "object") return layout.properties.length;
  return layout.kind === "list" ? layout.items.length : 0;
}

function printBlock(
  { open, close }: { readonly open: string; readonly close: string },
  parts: readonly (Layout | PropertyLayout)[],
  indent: number,
): string {
  const inner = indent + step;
  const lines = parts.map((part) =>
    "key" in part ? printProperty(part, inner) : printLayout(part, { indent: inner, used: inner, after: 1 }),
  );
  return `${open}${lines.map((line) => `${margin(inner)}${line},`).join("")}${margin(indent)}${close}`;
}

function printProperty({ key, value }: PropertyLayout, indent: number): string {
  const used = indent + key.length + 2;
  const text = printLayout(value, { indent, used, after: 1 });
  const isLongString =
    value.kind === "text" &&
    value.isString === true &&
    used + text.length + 1 > width &&
    key.length >= shortKey;
  return isLongString ? `${key}:${margin(indent + step)}${text}` : `${key}: ${text}`;
}

function printNumbers(items: readonly Layout[], indent: number): string {
  const inner = indent + step;
  const lines: string[] = [];
  let line = "";
  for (const item of items) {
    const text = `${flatten(item) ?? ""},`;
    if (line !== "" && inner + line.length + 1 + text.length > width) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? text : `${line} ${text}`;
  }
  return `[${[...lines, line].map((one) => margin(inner) + one).join("")}${margin(indent)}]`;
}

function printCall(call: Extract<Layout, { readonly kind: "call" }>, place: Place): string {
  const { callee, args } = call;
  const [only] = args;
  // A template with line breaks is not moved to a line of its own.
  if (args.length === 1 && only?.kind === "text" && only.text.includes("\n"))
    return `${callee}(${only.text})`;
  const last = args.at(-1);
  const before = flattenAll(args.slice(0, -1));
  if (last !== undefined && before !== null && isHuggable(last, args.at(-2))) {
    const head = [`${callee}(`, ...before.map((text) => `${text}, `)].join("");
    const firstLine = last.kind === "function" ? `${last.head} {` : "{";
    if (place.used + head.length + firstLine.length <= width) {
      const used = place.used + head.length;
      return `${head}${printExpanded(last, { indent: place.indent, used, after: place.after + 1 })})`;
    }
  }
  return callee + printBlock({ open: "(", close: ")" }, args, place.indent);
}

function isHuggable(last: Layout, previous: Layout | undefined): boolean {
  if (last.kind === "function") return true;
  return (last.kind === "object" || last.kind === "list") && sizeOf(last) > 0 && previous?.kind !== last.kind;
}

/** The last argument, broken: that all of the call does not fit on one line is known. */
function printExpanded(layout: Layout, place: Place): string {
  return printLayout(layout, { ...place, used: width });
}

function printFunction(
  { head, body }: Extract<Layout, { readonly kind: "function" }>,
  indent: number,
): string {
  const inner = indent + step;
  const lines = body.map((line) => `${printLayout(line, { indent: inner, used: inner, after: 1 })};`);
  return `${head} {${lines.map((line) => margin(inner) + line).join("")}${margin(indent)}}`;
}

import type { Layout } from "./layout.ts";
import { valueLayout } from "./value-layout.ts";

/** A call with these arguments; one that is `undefined` is left out. */
export function callLayout(callee: string, args: readonly unknown[]): Layout {
  return { kind: "call", callee, args: args.filter((value) => value !== undefined).map(valueLayout) };
}

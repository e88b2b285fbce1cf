import type { Call } from "../call.ts";
import type { Layout } from "./layout.ts";
import { valueLayout } from "./value-layout.ts";

/** A call of a method of `op`, or of `batch` in the function of a batch. */
export function callLayout({ method, args, body }: Call, object: "op" | "batch" = "op"): Layout {
  const values = args.map(valueLayout);
  const inner: readonly Layout[] =
    body === undefined
      ? []
      : [
          {
            kind: "function",
            head: body.length === 0 ? "() =>" : "(batch) =>",
            body: body.map((call) => callLayout(call, "batch")),
          },
        ];
  return { kind: "call", callee: `${object}.${method}`, args: [...values, ...inner] };
}

/** A call of a method of `op`, or of a batch, as data: to be written as source text or to be made. */
export interface Call {
  readonly method: string;
  readonly args: readonly unknown[];
  /** The calls in the function that is the last argument. */
  readonly body?: readonly Call[];
}

/** A call without the arguments that are not given. */
export function call(method: string, ...args: readonly unknown[]): Call {
  return { method, args: args.filter((value) => value !== undefined) };
}

/** Delays a computation to its first use and remembers the outcome; a throw is not remembered. */
export function lazy<T>(compute: () => T): () => T {
  let cell: { readonly value: T } | undefined;
  return () => (cell ??= { value: compute() }).value;
}

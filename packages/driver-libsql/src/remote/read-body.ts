/** Bytes of the largest answer that is read: a server of ours answers 10 MB at most. */
export const largestAnswer: number = 16 * 1024 * 1024;

/**
 * Reads an answer as text.
 *
 * @returns `undefined` when it is larger than {@link largestAnswer}; the rest is then not read.
 */
export async function readBody(response: Response): Promise<string | undefined> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  const parts: string[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return [...parts, decoder.decode()].join("");
    size += value.byteLength;
    if (size > largestAnswer) {
      await reader.cancel();
      return undefined;
    }
    parts.push(decoder.decode(value, { stream: true }));
  }
}

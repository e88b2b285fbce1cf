/** What `PRAGMA encoding` says. */
export type TextEncoding = "UTF-8" | "UTF-16le" | "UTF-16be";

export function readEncoding(value: unknown): TextEncoding {
  return value === "UTF-16le" || value === "UTF-16be" ? value : "UTF-8";
}

/**
 * Turns the bytes of a text into those of another encoding.
 *
 * @returns `undefined` when they are not valid in the first one; between equal encodings that does not matter.
 */
export function recodeText(bytes: Uint8Array, from: TextEncoding, to: TextEncoding): Uint8Array | undefined {
  if (from === to) return bytes;
  try {
    const decoder = new TextDecoder(from.toLowerCase(), { fatal: true, ignoreBOM: true });
    return encode(decoder.decode(bytes), to);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function encode(text: string, to: TextEncoding): Uint8Array {
  if (to === "UTF-8") return new TextEncoder().encode(text);
  const bytes = Buffer.from(text, "utf16le");
  return new Uint8Array(to === "UTF-16le" ? bytes : bytes.swap16());
}

/** Replaces every known secret in a text, in whatever form it stands there. */
export type Redactor = (text: string) => string;

export interface SecretRegistry {
  readonly redact: Redactor;
  /** Adds a secret that became known later, such as one from a configuration file. */
  add(secret: string): void;
}

const replacement = "***";

/** Shorter texts are too common to be replaced wherever they occur; they are only kept out of messages. */
const shortestSecret = 4;

/** `authToken=…` in a URL, and what stands before `@` in one. */
const inParameter = /((?:auth_?token|jwt|token|password|secret|api_?key)=)([^&#\s"'\\]+)/giu;
const inAuthority = /(:\/\/)([^/?#\s"'@]+)(@)/gu;

/** Knows secrets literally, URL-encoded, as they stand in JSON and in base64 at any position. */
export function createSecretRegistry(secrets: Iterable<string> = []): SecretRegistry {
  const forms = new Set<string>();
  let pattern: RegExp | undefined;
  const add = (secret: string): void => {
    if (secret.length < shortestSecret) return;
    for (const form of formsOf(secret)) forms.add(form);
    pattern = buildPattern(forms);
  };
  for (const secret of secrets) add(secret);
  return {
    add,
    redact: (text) => {
      const hidden = text
        .replaceAll(inParameter, `$1${replacement}`)
        .replaceAll(inAuthority, `$1${replacement}$3`);
      return pattern === undefined ? hidden : hidden.replaceAll(pattern, replacement);
    },
  };
}

/** Finds what looks like a secret in URLs, wherever a user may have written one. */
export function findSecrets(texts: Iterable<string>): readonly string[] {
  const found: string[] = [];
  for (const text of texts) {
    for (const match of text.matchAll(inParameter)) found.push(...decoded(match[2] ?? ""));
    for (const match of text.matchAll(inAuthority)) {
      const [, password] = (match[2] ?? "").split(/:(.*)/su);
      found.push(...decoded(match[2] ?? ""), ...decoded(password ?? ""));
    }
  }
  return found;
}

function decoded(text: string): readonly string[] {
  if (text === "") return [];
  try {
    return [text, decodeURIComponent(text)];
  } catch {
    // Not percent-encoded after all: the text itself is the secret.
    return [text];
  }
}

function formsOf(secret: string): readonly string[] {
  return [
    secret,
    encodeURIComponent(secret.toWellFormed()),
    encodeURI(secret.toWellFormed()),
    JSON.stringify(secret).slice(1, -1),
    ...base64Forms(secret),
  ].filter((form) => form.length >= shortestSecret);
}

/** In base64 a text looks different at each of three positions; its first and last letters depend on the neighbours. */
function base64Forms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, "utf8");
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replace(/=+$/u, "");
    const first = offset === 0 ? 0 : offset + 1;
    const last = (offset + bytes.length) % 3 === 0 ? encoded.length : encoded.length - 1;
    const middle = encoded.slice(first, last);
    // A short piece of base64 could be anything.
    return middle.length < 8 ? [] : [middle, middle.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

function buildPattern(forms: ReadonlySet<string>): RegExp {
  const longestFirst = [...forms].toSorted((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map((form) => escapePattern(form)).join("|"), "gu");
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
}

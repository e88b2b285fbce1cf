/** What the name of a new revision file is made of. */
export interface FileNameParts {
  readonly revision: string;
  readonly message: string;
  /** Written in UTC. */
  readonly createDate: Date;
  /** Most characters of the slug, 40 unless told. */
  readonly slugLength?: number | undefined;
}

/** What names look like unless a project says otherwise: Alembic's own default. */
export const defaultFileName = "{rev}_{slug}";
export const defaultSlugLength = 40;

/** `{rev}`, and as Alembic writes it in its two configuration formats: `%(rev)s`, `%%(month).2d`. */
const token = /\{([^{}]*)\}|%%?\(([^)]*)\)(?:\.(\d))?[sd]/gu;

const tokens: Readonly<Record<string, (parts: FileNameParts) => string | number>> = {
  rev: ({ revision }) => revision,
  slug: ({ message, slugLength }) => makeSlug(message, slugLength),
  epoch: ({ createDate }) => Math.floor(createDate.getTime() / 1000),
  year: ({ createDate }) => createDate.getUTCFullYear(),
  month: ({ createDate }) => createDate.getUTCMonth() + 1,
  day: ({ createDate }) => createDate.getUTCDate(),
  hour: ({ createDate }) => createDate.getUTCHours(),
  minute: ({ createDate }) => createDate.getUTCMinutes(),
  second: ({ createDate }) => createDate.getUTCSeconds(),
};

/**
 * Says what is wrong with a template for file names, such as `{year}{month}{day}_{rev}_{slug}`.
 *
 * @returns `undefined` when nothing is
 */
export function findFileNameFlaw(template: string): string | undefined {
  if (template.trim() === "") return "it is empty";
  for (const [text, braced, printed] of template.matchAll(token)) {
    const name = braced ?? printed ?? "";
    if (!Object.hasOwn(tokens, name)) {
      const known = Object.keys(tokens).map((one) => `{${one}}`);
      return `there is no ${text}; there are ${known.join(", ")}`;
    }
  }
  const rest = template.replaceAll(token, "x");
  if (/[{}%]/u.test(rest)) return "it has a brace or percent sign that belongs to no token";
  // What Windows forbids is forbidden everywhere: projects travel.
  if (/[\u0000-\u001f\u007f<>:"|?*\\]/u.test(rest)) return "it has a character that file names cannot have";
  return rest.split("/").some((part) => part === "" || part.startsWith("."))
    ? "a part of it is empty or hidden"
    : undefined;
}

/**
 * Makes the name of a file, without its extension; directories are separated by `/`.
 *
 * @param template one that {@link findFileNameFlaw} accepts
 */
export function renderFileName(template: string, parts: FileNameParts): string {
  const name = template.replaceAll(token, (_, braced?: string, printed?: string, digits?: string) => {
    const value = tokens[braced ?? printed ?? ""]?.(parts) ?? "";
    const width = braced === undefined ? Number(digits ?? 0) : typeof value === "number" ? 2 : 0;
    return String(value).padStart(width, "0");
  });
  // What stood beside an empty slug.
  return name.replaceAll(/[_-]+(?=\/|$)/gu, "");
}

/**
 * The words of a message in lower case, joined by `_`. One that is too long ends behind its last whole word.
 */
export function makeSlug(message: string, longest: number = defaultSlugLength): string {
  const words = message.normalize("NFC").match(/[\p{L}\p{M}\p{N}_]+/gu) ?? [];
  const slug = words.join("_").toLowerCase();
  if (slug.length <= longest) return slug;
  const cut = slug.slice(0, longest + 1);
  const end = cut.lastIndexOf("_");
  return end > 0 ? cut.slice(0, end) : slug.slice(0, longest).toWellFormed().replaceAll("\uFFFD", "");
}

/** What a process did to the files of a database, as far as it outlives the process. Files go by their names. */
export type FileEvent =
  | { readonly kind: "create"; readonly file: string }
  | { readonly kind: "write"; readonly file: string; readonly offset: number; readonly data: Buffer }
  | { readonly kind: "truncate"; readonly file: string; readonly size: number }
  | { readonly kind: "sync"; readonly file: string }
  | { readonly kind: "sync-directory" }
  | { readonly kind: "unlink"; readonly file: string }
  /** The process told somebody that it has succeeded. */
  | { readonly kind: "acknowledge" };

/** Names that matter after a loss of power; shared memory does not survive one. */
const lasting = /^cache\.db(?:-journal|-wal)?$/u;

/**
 * Reads what strace logged with `-y -xx`: file descriptors with their paths, data as escapes.
 *
 * @param acknowledgement the path of the file whose opening is the acknowledgement.
 */
export function parseFileEvents(log: string, acknowledgement: string): readonly FileEvent[] {
  return log.split("\n").flatMap((line) => {
    const found = /^\d+ +(\w+)\((.*)\) += (-?\d+)/u.exec(line);
    if (found === null || Number(found[3]) < 0) return [];
    const [, call = "", args = ""] = found;
    return parseCall(call, args, acknowledgement);
  });
}

function parseCall(call: string, args: string, acknowledgement: string): readonly FileEvent[] {
  switch (call) {
    case "openat":
      return parseOpen(args, acknowledgement);
    case "unlink":
      return ofFile(decode(args), (file) => ({ kind: "unlink", file }));
    case "ftruncate":
      return ofFile(pathOf(args), (file) => ({ kind: "truncate", file, size: Number(lastPart(args)) }));
    case "fsync":
    case "fdatasync":
      return parseSync(pathOf(args));
    case "pwrite64":
      return ofFile(pathOf(args), (file) => ({
        kind: "write",
        file,
        offset: Number(lastPart(args)),
        data: Buffer.from(decode(args), "latin1"),
      }));
    default:
      return [];
  }
}

function parseOpen(args: string, acknowledgement: string): readonly FileEvent[] {
  const path = decode(args);
  if (path === acknowledgement) return [{ kind: "acknowledge" }];
  return args.includes("O_CREAT") ? ofFile(path, (file) => ({ kind: "create", file })) : [];
}

function parseSync(path: string): readonly FileEvent[] {
  if (path.endsWith("/data")) return [{ kind: "sync-directory" }];
  return ofFile(path, (file) => ({ kind: "sync", file }));
}

function ofFile(path: string, toEvent: (file: string) => FileEvent): readonly FileEvent[] {
  const file = path.slice(path.lastIndexOf("/") + 1);
  return lasting.test(file) ? [toEvent(file)] : [];
}

/** The text between the quotes, which strace writes as `\x41` throughout. */
function decode(args: string): string {
  const text = /"((?:\\x[0-9a-f]{2})*)"/u.exec(args)?.[1] ?? "";
  return Buffer.from(text.replaceAll("\\x", ""), "hex").toString("latin1");
}

/** The path that `-y` puts behind a file descriptor. */
function pathOf(args: string): string {
  const path = /^\d+<([^>]*)>/u.exec(args)?.[1] ?? "";
  return path.includes("\\x") ? Buffer.from(path.replaceAll("\\x", ""), "hex").toString("latin1") : path;
}

function lastPart(args: string): string {
  return args.slice(args.lastIndexOf(",") + 1).trim();
}

/** The system calls through which SQLite changes or reads files on Linux. */
export const systemCalls = [
  "openat",
  "pread64",
  "pwrite64",
  "write",
  "fsync",
  "fdatasync",
  "ftruncate",
  "unlink",
] as const;

export type SystemCall = (typeof systemCalls)[number];

export type Errno = "ENOSPC" | "EIO" | "EDQUOT" | "EMFILE" | "EACCES" | "EROFS";

/** What strikes: the process dies just before the call takes effect, or the call fails. */
export type FaultAction = { readonly kind: "kill" } | { readonly kind: "error"; readonly errno: Errno };

/** One fault, at the `nth` (from 1) call of this kind on the database's files. */
export interface Fault {
  readonly call: SystemCall;
  readonly nth: number;
  readonly action: FaultAction;
}

/** How many calls of each kind a clean run makes on the database's files. */
export type CallCounts = Readonly<Record<SystemCall, number>>;

export const kill: FaultAction = Object.freeze({ kind: "kill" });

/** The faults that are injected into each call; a call that is not named is not disturbed. */
export const actionsOf: Readonly<Record<SystemCall, readonly FaultAction[]>> = {
  openat: errors("EMFILE", "EACCES", "EROFS"),
  pread64: errors("EIO"),
  pwrite64: [kill, ...errors("ENOSPC", "EIO", "EDQUOT")],
  write: [kill, ...errors("ENOSPC", "EIO", "EDQUOT")],
  fsync: [kill, ...errors("EIO")],
  fdatasync: [kill, ...errors("EIO")],
  ftruncate: [kill, ...errors("EIO")],
  unlink: [kill, ...errors("EACCES")],
};

function errors(...names: readonly Errno[]): readonly FaultAction[] {
  return names.map((errno) => ({ kind: "error", errno }));
}

/** `"pwrite64 #12 ENOSPC"`. */
export function describeFault({ call, nth, action }: Fault): string {
  return `${call} #${nth} ${action.kind === "kill" ? "KILL" : action.errno}`;
}

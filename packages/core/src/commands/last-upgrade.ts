import type { Supposition } from "../run/supposition.ts";
import type { Revision } from "../script/revision.ts";

/**
 * Where the last upgrade from the same revisions began, in this process, where its first step was one small request.
 * Of the next database it is only supposed that it is there too.
 */
export interface LastUpgrade {
  recall(target: string | readonly string[]): Supposition | undefined;
  note(target: string | readonly string[], began: Supposition): void;
  /** A database had other heads, or the step could not be sent without asking. */
  forget(): void;
}

interface Noted {
  readonly goal: string;
  readonly began: Supposition;
}

// Each database has a migrator of its own: the revisions, or where they are, is all that those of a fleet share.
const ofArrays = new WeakMap<Revision, Noted>();
const ofDirectories = new Map<string, Noted>();

/** A migrator that remembers nothing and supposes nothing. */
export const noLastUpgrade: LastUpgrade = {
  recall: () => undefined,
  note: () => undefined,
  forget: () => undefined,
};

/**
 * @param key the first of the revisions where they are objects, else their directories as one text.
 * @param table the name of the version table.
 */
export function lastUpgradeOf(key: Revision | string, table: string): LastUpgrade {
  const goalOf = (target: string | readonly string[]): string => JSON.stringify([table, target]);
  const read = (): Noted | undefined =>
    typeof key === "string" ? ofDirectories.get(key) : ofArrays.get(key);
  return {
    recall: (target) => {
      const noted = read();
      return noted !== undefined && noted.goal === goalOf(target) ? noted.began : undefined;
    },
    note: (target, began) => {
      const noted = { goal: goalOf(target), began };
      if (typeof key === "string") ofDirectories.set(key, noted);
      else ofArrays.set(key, noted);
    },
    forget: () => {
      if (typeof key === "string") ofDirectories.delete(key);
      else ofArrays.delete(key);
    },
  };
}

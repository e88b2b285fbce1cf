import type { Operation } from "../ops/operation.ts";
import { foldName } from "../schema/table-definition.ts";
import { listTouched, type Touch } from "./touched-objects.ts";

/** Operations of one revision. */
export interface RecordedRevision {
  readonly revision: string;
  readonly operations: readonly Operation[];
}

/** Something that two branches both have to do with. */
export interface Overlap {
  /** Such as `table "users"`. */
  readonly object: string;
  readonly left: OverlapSide;
  readonly right: OverlapSide;
  /** Whether it matters which branch is applied first; `"perhaps"` where one of them reads or writes rows. */
  readonly orderMatters: "yes" | "perhaps" | "no";
}

export interface OverlapSide {
  readonly revision: string;
  readonly operation: string;
}

/**
 * Finds what the revisions of two branches both touch. It goes by names: what SQL of its author does inside is
 * not known, and is `"perhaps"`.
 */
export function findOverlaps(
  left: readonly RecordedRevision[],
  right: readonly RecordedRevision[],
): readonly Overlap[] {
  const others = listAll(right);
  const found = new Map<string, Overlap>();
  for (const one of listAll(left)) {
    for (const other of others) {
      if (one.touch.kind !== other.touch.kind || one.name !== other.name) continue;
      const overlap: Overlap = {
        object: `${one.touch.kind} "${one.touch.name}"`,
        left: { revision: one.revision, operation: one.touch.description },
        right: { revision: other.revision, operation: other.touch.description },
        orderMatters: compare(one.touch, other.touch),
      };
      const key = JSON.stringify([overlap.object, overlap.left, overlap.right]);
      const known = found.get(key);
      if (known === undefined || weight(known) < weight(overlap)) found.set(key, overlap);
    }
  }
  return [...found.values()];
}

const weight = ({ orderMatters }: Overlap): number => ["no", "perhaps", "yes"].indexOf(orderMatters);

interface Named {
  readonly revision: string;
  readonly name: string;
  readonly touch: Touch;
}

function listAll(revisions: readonly RecordedRevision[]): readonly Named[] {
  return revisions.flatMap(({ revision, operations }) =>
    operations.flatMap(listTouched).map((touch) => ({ revision, name: foldName(touch.name), touch })),
  );
}

function compare(one: Touch, other: Touch): Overlap["orderMatters"] {
  if (one.effect === "whole" || other.effect === "whole") return "yes";
  if (one.effect === "rows" || other.effect === "rows") return "perhaps";
  return foldName(one.part ?? "") === foldName(other.part ?? "") ? "yes" : "no";
}

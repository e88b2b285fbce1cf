import { foldName } from "../schema/table-definition.ts";
import { signatureOf, type ConstraintContext, type ConstraintModel } from "./constraint-model.ts";

export interface ConstraintDiff {
  readonly removed: readonly ConstraintModel[];
  readonly added: readonly ConstraintModel[];
}

/**
 * Pairs constraints that mean the same. A name matters where the second side gives one: to drop the
 * constraint by it later, it has to be there.
 */
export function diffConstraints(
  from: readonly ConstraintModel[],
  to: readonly ConstraintModel[],
  context: ConstraintContext,
): ConstraintDiff {
  const left = Map.groupBy(from, (constraint) => signatureOf(constraint, context));
  const added: ConstraintModel[] = [];
  const taken = new Set<ConstraintModel>();
  // Those with a name choose first: one without takes whatever is left.
  const byName = [...to].sort((a, b) => Number(nameOf(a) === undefined) - Number(nameOf(b) === undefined));
  for (const wanted of byName) {
    const name = nameOf(wanted);
    const found = left
      .get(signatureOf(wanted, context))
      ?.find((one) => !taken.has(one) && (name === undefined || nameOf(one) === name));
    if (found === undefined) added.push(wanted);
    else taken.add(found);
  }
  return {
    removed: from.filter((one) => !taken.has(one)),
    added: to.filter((one) => added.includes(one)),
  };
}

function nameOf({ definition }: ConstraintModel): string | undefined {
  const { name } = definition.constraint;
  return name === undefined ? undefined : foldName(name);
}

import type { BranchComparison, Overlap } from "@skillmeat/migrate-core";

/** Says what branches have to do with each other, a line each. */
export function describeBranches(comparisons: readonly BranchComparison[]): readonly string[] {
  return comparisons.flatMap((comparison) => [
    ...comparison.overlaps.map(describeOverlap),
    ...describeOrders(comparison),
  ]);
}

const verdicts: Readonly<Record<Overlap["orderMatters"], string>> = {
  yes: "order matters",
  perhaps: "order may matter to the rows",
  no: "order does not matter",
};

function describeOverlap({ object, left, right, orderMatters }: Overlap): string {
  return `both touch ${object}, ${verdicts[orderMatters]}: ${left.revision} (${left.operation}), ${right.revision} (${right.operation})`;
}

function describeOrders({ left, right, orders, differences, overlaps }: BranchComparison): readonly string[] {
  const pair = `${left} and ${right}`;
  switch (orders) {
    case "same":
      return [
        `${pair} make the same schema in both orders${overlaps.length === 0 ? ", and touch nothing in common" : ""}`,
      ];
    case "different":
      return [`warning: ${pair} make different schemas in the two orders: ${differences.join("; ")}`];
    case "impossible":
      return differences.map((difference) => `warning: cannot be applied in this order: ${difference}`);
    case "fixed":
      return [`one of ${pair} needs the other: they are applied in that order`];
    case "unknown":
      return [`whether the order of ${pair} matters was not tried: there is no database in memory`];
  }
}

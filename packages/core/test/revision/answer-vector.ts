import { MigrationError } from "../../src/errors/migration-error.ts";
import {
  describeRevision,
  downgradePath,
  history,
  listCurrent,
  listDowngradeRange,
  listRange,
  planNewRevision,
  resolveRevision,
  resolveRevisions,
  stampPath,
  upgradePath,
  type RevisionGraph,
  type RevisionInfo,
  type Step,
} from "../../src/revision/index.ts";
import { toVectorWords } from "./vector-words.ts";

/** One question of the recorded vectors; which fields there are depends on `kind`. */
export interface Question {
  readonly kind: string;
  readonly id?: string | readonly string[];
  readonly upper?: string | readonly string[];
  readonly lower?: string | readonly string[];
  readonly inclusive?: boolean;
  readonly implicit_base?: boolean;
  readonly assert_relative_length?: boolean;
  readonly select_for_downgrade?: boolean;
  readonly range?: string | null;
  readonly current?: readonly string[];
  readonly target?: string | readonly string[];
  readonly purge?: boolean;
  readonly head?: string | readonly string[];
  readonly splice?: boolean;
  readonly depends_on?: readonly string[];
  readonly branch_label?: readonly string[];
  readonly rev_id?: string;
}

export interface VectorRevision {
  readonly id: string;
  readonly down: readonly string[];
  readonly deps?: readonly string[];
  readonly labels?: readonly string[];
}

export interface Answer {
  readonly error?: { readonly code: string; readonly words: readonly string[] };
  readonly result?: unknown;
  readonly steps?: readonly { readonly rev: string; readonly rows: readonly string[] }[];
  readonly rows?: readonly string[];
}

export const toInfo = (revision: VectorRevision): RevisionInfo => ({
  revision: revision.id,
  downRevision: revision.down.length === 0 ? null : revision.down,
  branchLabels: revision.labels,
  dependsOn: revision.deps,
});

/** Answers a question with the public functions. */
export function answerQuestion(makeGraph: () => RevisionGraph, question: Question): Answer {
  try {
    return answer(makeGraph(), question);
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error;
    return { error: { code: error.code, words: toVectorWords(error) } };
  }
}

function answer(graph: RevisionGraph, q: Question): Answer {
  const current = q.current ?? [];
  switch (q.kind) {
    case "load":
      return { result: describeGraph(graph) };
    case "get_revision":
      return { result: resolveRevision(graph, String(q.id)) ?? null };
    case "get_revisions":
      return { result: resolveRevisions(graph, q.id ?? "") };
    case "iterate":
      return { result: iterate(graph, q) };
    case "history":
      return { result: history(graph, q.range ?? undefined, current) };
    case "all_current":
      return { result: [...listCurrent(graph, current)].sort() };
    case "upgrade":
      return toPlan(upgradePath(graph, current, q.target ?? ""), current);
    case "downgrade":
      return toPlan(downgradePath(graph, current, q.target ?? ""), current);
    case "stamp":
      return toPlan(
        stampPath(graph, q.purge === true ? [] : current, q.target ?? ""),
        q.purge === true ? [] : current,
      );
    case "new_revision":
      return { result: createRevision(graph, q) };
    default:
      throw new Error(`unknown kind ${q.kind}`);
  }
}

function toPlan(steps: readonly Step[], current: readonly string[]): Answer {
  return {
    steps: steps.map((step) => ({ rev: step.revision, rows: step.headsAfter })),
    rows: steps.at(-1)?.headsAfter ?? current,
  };
}

function iterate(graph: RevisionGraph, q: Question): readonly string[] {
  const request = {
    upper: q.upper ?? "heads",
    lower: q.lower ?? "base",
    inclusive: q.inclusive === true,
    implicitBase: q.implicit_base === true,
    clamp: q.assert_relative_length === false,
  };
  return q.select_for_downgrade === true
    ? listDowngradeRange(graph, { ...request, lower: String(request.lower) })
    : listRange(graph, request);
}

function createRevision(graph: RevisionGraph, q: Question): unknown {
  const planned = planNewRevision(graph, {
    revision: q.rev_id ?? "zzznew0001",
    head: q.head,
    splice: q.splice,
    dependsOn: q.depends_on,
    branchLabels: q.branch_label,
  });
  return { down: planned.downRevision, deps: planned.dependsOn, labels: planned.branchLabels };
}

function describeGraph(graph: RevisionGraph): unknown {
  const revisions = graph.revisions.map(({ revision }) => {
    const facts = describeRevision(graph, revision);
    return [
      revision,
      {
        head: facts.isHead,
        base: facts.isBase,
        branchpoint: facts.isBranchPoint,
        mergepoint: facts.isMergePoint,
        real_head: facts.isRealHead,
        real_base: facts.isRealBase,
        next: [...facts.children].sort(),
        all_next: [...facts.allChildren].sort(),
        labels: facts.branchLabels,
        all_down: [...new Set([...facts.parents, ...facts.dependencies])].sort(),
        normalized_down: [...facts.normalParents].sort(),
      },
    ] as const;
  });
  return {
    heads: graph.heads,
    real_heads: graph.realHeads,
    bases: graph.bases,
    real_bases: graph.realBases,
    revisions: Object.fromEntries(revisions),
  };
}

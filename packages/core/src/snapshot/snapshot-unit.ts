import type { Operation } from "../ops/operation.ts";
import type { Step } from "../revision/revision-info.ts";
import type { Recording } from "../run/record-revision.ts";
import type { Unit } from "../run/unit.ts";
import type { Snapshot } from "./snapshot-document.ts";
import { snapshotStatements } from "./snapshot-statements.ts";

/** A recording of which everything is known: it has no body that could run on. */
const finished: Recording = {
  advance: async () => await Promise.resolve({ operations: [], query: null }),
  abandon: () => undefined,
  lateUse: () => undefined,
};

/** The unit that makes an empty database what a snapshot says, to be run like a revision. */
export function snapshotUnit(step: Step, snapshot: Snapshot): Unit {
  const operations = snapshotStatements(snapshot.state).map(({ sql, params }): Operation => ({
    kind: "execute",
    sql,
    ...(params === undefined || params.length === 0 ? {} : { params }),
  }));
  return {
    step,
    message: undefined,
    downRevisions: [],
    recording: finished,
    first: { operations, query: null },
    snapshot: snapshot.revisions,
  };
}

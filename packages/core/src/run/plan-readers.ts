import type { Executor } from "../driver/driver.ts";
import type { Statement } from "../driver/statement.ts";
import { declareReaders, listHeadReaders } from "../revision/head-readers.ts";
import type { RevisionGraph } from "../revision/revision-graph.ts";
import type { ReaderTable } from "../version/reader-table.ts";
import type { Session } from "./session.ts";

export interface ReaderRequest {
  readonly graph: RevisionGraph;
  /** The heads after the transaction. */
  readonly heads: readonly string[];
}

/**
 * The statements that say who may open the database at its heads; they belong into the transaction that writes
 * the heads. None where no applied revision says anything and the database has no table for it: where it has
 * one, what it says about an earlier visit to these heads may be out of date.
 */
export async function planReaders(
  executor: Executor,
  session: Session,
  request: ReaderRequest & {
    /** Whether reading the heads has asked for the table, as it does on a server: a question costs a round trip. */
    readonly wasAsked: boolean;
  },
): Promise<readonly Statement[]> {
  const { readers } = session.options.versionTable;
  const isNeeded =
    declareReaders(request.graph, request.heads) ||
    (request.wasAsked ? session.seesReaders() : (await executor.query(readers.exists)).rows.length > 0);
  return isNeeded ? writeReaders(readers, request) : [];
}

/** The same where it is known whether the database has the table, as far as it can be. */
export function planReadersOffline(
  readers: ReaderTable,
  request: ReaderRequest & { readonly hasReaders: boolean },
): readonly Statement[] {
  const isNeeded = request.hasReaders || declareReaders(request.graph, request.heads);
  return isNeeded ? writeReaders(readers, request) : [];
}

function writeReaders(readers: ReaderTable, { graph, heads }: ReaderRequest): readonly Statement[] {
  return [readers.create, ...readers.write(listHeadReaders(graph, heads))];
}

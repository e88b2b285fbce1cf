import type { CreateIndexChange, DropIndexChange } from "../ops/table-change.ts";
import { isSameName } from "../schema/table-definition.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { renderIndex } from "../sql/render-index.ts";
import type { BatchStatement } from "./batch-plan.ts";
import type { Draft, FollowUp } from "./draft.ts";
import { missingError } from "./object-error.ts";

export function applyCreateIndex(draft: Draft, { index, ifNotExists }: CreateIndexChange): Draft {
  const statement: BatchStatement = {
    sql: renderIndex({ ...index, table: draft.inspected.name }, { ifNotExists: ifNotExists === true }),
    comment: `create index "${index.name}"`,
  };
  return {
    ...draft,
    native: [...draft.native, statement],
    afterRebuild: [...draft.afterRebuild, { statement, creates: index.name }],
  };
}

export function applyDropIndex(draft: Draft, { index: name, ifExists }: DropIndexChange): Draft {
  const isNew = ({ creates }: FollowUp): boolean => creates !== undefined && isSameName(creates, name);
  if (draft.afterRebuild.some(isNew)) {
    return {
      ...draft,
      afterRebuild: draft.afterRebuild.filter((one) => !isNew(one)),
      native: [...draft.native, dropIndexStatement(name)],
    };
  }
  const found = draft.indexes.find((index) => isSameName(index.name, name));
  if (found === undefined) {
    if (ifExists === true) return draft;
    throw missingError(
      { verb: "drop index", object: name },
      `table "${draft.inspected.name}" has no such index`,
      draft.indexes.map((index) => index.name),
    );
  }
  return {
    ...draft,
    indexes: draft.indexes.filter((index) => index !== found),
    droppedIndexes: [...draft.droppedIndexes, found.name],
    native: [...draft.native, dropIndexStatement(found.name)],
  };
}

export function dropIndexStatement(name: string): BatchStatement {
  return { sql: `DROP INDEX ${quoteIdentifier(name)}`, comment: `drop index "${name}"` };
}

import { describeChange } from "../ops/describe-change.ts";
import { describeOperation } from "../ops/describe.ts";
import type { Operation } from "../ops/operation.ts";
import type { TableChange } from "../ops/table-change.ts";
import { foldName } from "../schema/table-definition.ts";
import { assertNever } from "../util/assert-never.ts";
import { nextToken } from "../sql/token.ts";
import { unquoteToken } from "../sql/unquote-token.ts";

/**
 * - `whole`: makes, drops or renames the object
 * - `part`: changes one thing in it, which `part` names
 * - `rows`: reads or writes its rows, as far as can be told
 */
export interface Touch {
  readonly kind: "table" | "index" | "trigger" | "view";
  readonly name: string;
  readonly effect: "whole" | "part" | "rows";
  /** A column or constraint in its table. */
  readonly part?: string;
  /** What is done, for people. */
  readonly description: string;
}

/** Lists what an operation has to do with. Of SQL that its author wrote, only the tables are told. */
export function listTouched(operation: Operation): readonly Touch[] {
  const description = describeOperation(operation);
  const touch = (
    kind: Touch["kind"],
    name: string,
    effect: Touch["effect"] = "whole",
    part?: string,
  ): Touch => ({ kind, name, effect, description, ...(part === undefined ? {} : { part }) });
  switch (operation.kind) {
    case "createTable":
      return [touch("table", operation.table.name)];
    case "dropTable":
      return [touch("table", operation.table)];
    case "renameTable":
      return [touch("table", operation.table), touch("table", operation.to)];
    case "addColumn":
      return [touch("table", operation.table, "part", operation.column.name)];
    case "dropColumn":
      return [touch("table", operation.table, "part", operation.column)];
    case "renameColumn":
      return [operation.column, operation.to].map((name) => touch("table", operation.table, "part", name));
    // With copyFrom, what the table is taken to be takes the place of what it is.
    case "batchAlterTable":
      return [
        ...(operation.copyFrom === undefined ? [] : [touch("table", operation.table)]),
        ...operation.changes.flatMap((change) => touchedByChange(operation.table, change)),
      ];
    case "createIndex":
      return [
        touch("index", operation.index.name),
        touch("table", operation.index.table, "part", `index ${operation.index.name}`),
      ];
    case "dropIndex":
      return [touch("index", operation.index)];
    case "createTrigger":
      return [
        touch("trigger", operation.trigger.name),
        touch("table", operation.trigger.table, "part", `trigger ${operation.trigger.name}`),
      ];
    case "dropTrigger":
      return [touch("trigger", operation.trigger)];
    case "createView":
      return [touch("view", operation.view.name)];
    case "dropView":
      return [touch("view", operation.view)];
    case "bulkInsert":
      return [touch("table", operation.table, "rows")];
    case "execute":
      return namedTables(operation.sql).map((name) => touch("table", name, "rows"));
    case "require":
      return [];
    default:
      return assertNever(operation);
  }
}

function touchedByChange(table: string, change: TableChange): readonly Touch[] {
  const description = `alter table "${table}": ${describeChange(change)}`;
  const part = (name: string): Touch => ({
    kind: "table",
    name: table,
    effect: "part",
    part: name,
    description,
  });
  switch (change.kind) {
    case "addColumn":
      return [part(change.column.name)];
    case "dropColumn":
      return [part(change.column)];
    case "alterColumn":
      return [part(change.column), ...(change.changes.name === undefined ? [] : [part(change.changes.name)])];
    case "createIndex":
      return [
        { kind: "index", name: change.index.name, effect: "whole", description },
        part(`index ${change.index.name}`),
      ];
    case "dropIndex":
      return [
        { kind: "index", name: change.index, effect: "whole", description },
        part(`index ${change.index}`),
      ];
    case "createConstraint":
    case "dropConstraint":
    case "alterTableOptions":
      return [part(describeChange(change))];
    default:
      return assertNever(change);
  }
}

/** The names behind the keywords that tables stand behind. */
function namedTables(sql: string): readonly string[] {
  const names = new Set<string>();
  let isExpected = false;
  for (let token = nextToken(sql, 0); token !== undefined; token = nextToken(sql, token.end)) {
    const text = sql.slice(token.start, token.end).toUpperCase();
    const isName = token.kind === "word" || token.kind === "quoted";
    if (token.kind === "word" && /^(?:INTO|UPDATE|FROM|JOIN|TABLE|ON)$/u.test(text)) isExpected = true;
    else if (token.kind === "word" && /^(?:IF|NOT|EXISTS|OR|REPLACE|IGNORE|ABORT|FAIL|ROLLBACK)$/u.test(text))
      continue;
    else {
      if (isExpected && isName) names.add(foldName(unquoteToken(sql, token)));
      isExpected = false;
    }
  }
  return [...names];
}

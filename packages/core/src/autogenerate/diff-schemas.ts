import { mentionsAny } from "../batch/mentions.ts";
import type { Operation } from "../ops/operation.ts";
import type { DatabaseSchema, InspectedTrigger, InspectedView } from "../schema/database-schema.ts";
import { foldName } from "../schema/table-definition.ts";
import type { DiffOptions } from "./diff-options.ts";
import { diffTables, type TablesDiff } from "./diff-tables.ts";
import { normalSql } from "./normal-sql.ts";
import { selectObjects } from "./select-objects.ts";

/**
 * The operations that turn one schema into another, in an order in which they can run; none when the two are
 * the same. Both have been read from SQLite, so what its grammar allows to write in several ways counts once:
 * white space, comments, quotes, case, and defaults that go without saying.
 *
 * A table or column under another name is one that goes and one that comes, with the loss of its rows: ask
 * `findRenames` first. The order of columns is not compared.
 */
export function diffSchemas(
  from: DatabaseSchema,
  to: DatabaseSchema,
  options: DiffOptions = {},
): readonly Operation[] {
  const [left, right] = [selectObjects(from, options), selectObjects(to, options)];
  const tables = diffTables(left, right, options);
  const views = diffViews(left, right, tables);
  const triggers = diffTriggers(left, right, { tables, views });
  return [
    ...triggers.gone.map((trigger): Operation => ({
      kind: "dropTrigger",
      trigger: trigger.name,
      definition: trigger,
    })),
    ...views.gone
      .toReversed()
      .map((view): Operation => ({ kind: "dropView", view: view.name, definition: view })),
    ...tables.dropIndexes,
    ...tables.create,
    ...tables.change,
    ...tables.createIndexes,
    ...views.come.map((view): Operation => ({ kind: "createView", view })),
    ...triggers.come.map((trigger): Operation => ({ kind: "createTrigger", trigger })),
  ];
}

interface ObjectDiff<Item> {
  readonly gone: readonly Item[];
  readonly come: readonly Item[];
}

const byName = <Item extends { readonly name: string }>(items: readonly Item[]): ReadonlyMap<string, Item> =>
  new Map(items.map((item) => [foldName(item.name), item]));

/**
 * ALTER TABLE reads every view again and fails on one that does not work (lang_altertable.html). So a view
 * that reads one that is away for the time being goes with it.
 */
function diffViews(
  from: DatabaseSchema,
  to: DatabaseSchema,
  { change }: TablesDiff,
): ObjectDiff<InspectedView> {
  const target = byName(to.views);
  const gone = new Set(
    from.views
      .filter((view) => {
        const other = target.get(foldName(view.name));
        return other === undefined || normalSql(other.sql) !== normalSql(view.sql);
      })
      .map((view) => foldName(view.name)),
  );
  for (let size = -1; change.length > 0 && size !== gone.size;) {
    size = gone.size;
    for (const view of from.views) if (mentionsAny(view.sql, gone)) gone.add(foldName(view.name));
  }
  const source = byName(from.views);
  return {
    gone: from.views.filter((view) => gone.has(foldName(view.name))),
    come: to.views.filter((view) => {
      const name = foldName(view.name);
      return gone.has(name) || !source.has(name);
    }),
  };
}

function diffTriggers(
  from: DatabaseSchema,
  to: DatabaseSchema,
  { tables, views }: { readonly tables: TablesDiff; readonly views: ObjectDiff<InspectedView> },
): ObjectDiff<InspectedTrigger> {
  const target = byName(to.triggers);
  const goneViews = new Set(views.gone.map((view) => foldName(view.name)));
  const away = new Set([...goneViews, ...tables.dropped]);
  const gone = new Set(
    from.triggers
      .filter((trigger) => {
        const other = target.get(foldName(trigger.name));
        return (
          other === undefined ||
          foldName(other.table) !== foldName(trigger.table) ||
          normalSql(other.sql) !== normalSql(trigger.sql) ||
          away.has(foldName(trigger.table)) ||
          (tables.change.length > 0 && mentionsAny(trigger.sql, goneViews))
        );
      })
      .map((trigger) => foldName(trigger.name)),
  );
  const source = byName(from.triggers);
  return {
    gone: from.triggers.filter((trigger) => gone.has(foldName(trigger.name))),
    come: to.triggers.filter((trigger) => {
      const name = foldName(trigger.name);
      return gone.has(name) || !source.has(name);
    }),
  };
}

import { quoteForMessage } from "../errors/quote-for-message.ts";
import { isSameName } from "../schema/table-definition.ts";
import { parseCreateTable } from "../sql/parse-create-table.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { typeRisks } from "../sql/type-change.ts";
import type { ValueRisk } from "./batch-plan.ts";
import { rowidAlias } from "./constraint-clauses.ts";
import type { Draft } from "./draft.ts";

/**
 * What a copy into columns of other types does to values: nothing is CAST, and SQLite converts all the same what
 * the affinity of the new type asks for (datatype3.html#type_affinity), and numbers a NULL that becomes the rowid.
 */
export function valueRisks(draft: Draft): readonly ValueRisk[] {
  const { inspected, text, origins } = draft;
  const alias = rowidAlias(text);
  const old = rowidAlias(parseCreateTable(inspected.sql));
  return text.columns.flatMap(({ part }, index): readonly ValueRisk[] => {
    const source = inspected.columns.find(({ name }) => isSameName(name, origins[index] ?? ""));
    if (source === undefined) return [];
    const where = { table: inspected.name, column: source.name };
    if (part.clauses.some(({ kind }) => kind === "generated")) {
      return source.generated === "no" ? [{ ...where, ...replaced(source.name) }] : [];
    }
    const type = part.type ?? "";
    const changes = type === source.type ? [] : typeRisks(source.name, source.type, type);
    const becomesKey = part.name === alias && (old === undefined || !isSameName(old, source.name));
    return [
      ...changes
        .filter(({ changesValue }) => changesValue)
        .map((risk) => ({ ...risk, ...where, kind: "type" as const })),
      ...(becomesKey
        ? [
            {
              ...where,
              kind: "key" as const,
              condition: `${quoteIdentifier(source.name)} IS NULL`,
              consequence: "is NULL, and becomes a number as the key of the table",
              changesValue: true,
            },
          ]
        : []),
    ];
  });
}

function replaced(column: string): Omit<ValueRisk, "table" | "column"> {
  return {
    kind: "replaced",
    condition: `${quoteIdentifier(column)} IS NOT NULL`,
    consequence: "has a value, which the expression of the generated column replaces",
    changesValue: true,
  };
}

/** `in 3 rows, "t.a" looks like a number and …` */
export function describeRisk(
  { table, column, consequence }: Pick<ValueRisk, "table" | "column" | "consequence">,
  rows: number,
): string {
  const counted = rows === 1 ? "1 row" : `${rows} rows`;
  return `in ${counted}, ${quoteForMessage(`${table}.${column}`)} ${consequence}`;
}

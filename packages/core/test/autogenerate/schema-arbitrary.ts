import * as fc from "fast-check";

/** A random schema as the statements that create it, tables first. */
export interface RandomSchema {
  readonly statements: readonly string[];
  readonly tables: readonly RandomTable[];
}

export interface RandomTable {
  readonly name: string;
  readonly sql: string;
  /** Columns that take a value. */
  readonly columns: readonly string[];
  /** CHECKs and generated columns, as they stand in the text. */
  readonly expressions: readonly string[];
}

const names = ["t0", "t1", "t2"] as const;
const columnNames = ["a", "b", "c", "d"] as const;

const column = fc.record({
  type: fc.constantFrom("INTEGER", "TEXT", "REAL", "BLOB", "VARCHAR(9)", ""),
  notNull: fc.constantFrom("", "", "", " NOT NULL DEFAULT 'n'", " NOT NULL DEFAULT 1", " NOT NULL"),
  default: fc.constantFrom("", "", " DEFAULT 7", " DEFAULT 'it''s'", " DEFAULT (1 + 1)", " DEFAULT NULL"),
  collate: fc.constantFrom("", "", " COLLATE NOCASE"),
  unique: fc.constantFrom("", "", "", "", " UNIQUE"),
  check: fc.constantFrom("", "", "", "<> 'q'", "IS NOT 99"),
  references: fc.constantFrom("", "", "", "CASCADE", "SET NULL", "NO ACTION"),
  parent: fc.nat(2),
  generated: fc.constantFrom("", "", "", "", "", "STORED", "VIRTUAL"),
});

const key = fc.constantFrom(
  { first: "id INTEGER PRIMARY KEY", last: "", options: "" },
  { first: "id INTEGER PRIMARY KEY AUTOINCREMENT", last: "", options: "" },
  { first: "id INTEGER PRIMARY KEY", last: "", options: "STRICT" },
  { first: "id TEXT PRIMARY KEY", last: "", options: "WITHOUT ROWID" },
  { first: "id INT", last: "PRIMARY KEY (id)", options: "" },
  { first: "id INT NOT NULL UNIQUE", last: "", options: "" },
  { first: "id INTEGER", last: "CONSTRAINT pk PRIMARY KEY (id DESC)", options: "" },
);

const table = fc.record({
  key,
  columns: fc.array(fc.option(column, { nil: undefined, freq: 3 }), { minLength: 4, maxLength: 4 }),
  unique: fc.constantFrom(
    "",
    "",
    "UNIQUE (#)",
    "CONSTRAINT u UNIQUE (id, #)",
    "CONSTRAINT w UNIQUE (id, # DESC)",
  ),
  check: fc.constantFrom("", "", "CHECK (id <> 98)", "CONSTRAINT k CHECK (id <> 97)"),
});

const index = fc.record({
  table: fc.nat(2),
  column: fc.constantFrom(...columnNames, "id"),
  form: fc.constantFrom("#", "# DESC", "# COLLATE RTRIM", "lower(#)", "id, #", "(# || 'x') DESC, id"),
  unique: fc.constantFrom("", "", "", "UNIQUE "),
  where: fc.constantFrom("", "", " WHERE # IS NOT NULL", " WHERE # > 3"),
});

const view = fc.record({ of: fc.nat(2), form: fc.constantFrom("*", "id", "count(*) AS n") });
const trigger = fc.record({ of: fc.nat(2), to: fc.nat(2), event: fc.constantFrom("INSERT", "UPDATE OF id") });

/** Only what SQLite accepts: a column that is named is there, a key refers to something unique. */
export const schemaArbitrary: fc.Arbitrary<RandomSchema> = fc
  .record({
    tables: fc.array(fc.option(table, { nil: undefined, freq: 4 }), { minLength: 3, maxLength: 3 }),
    indexes: fc.array(fc.option(index, { nil: undefined }), { maxLength: 3 }),
    views: fc.array(fc.option(view, { nil: undefined }), { maxLength: 2 }),
    triggers: fc.array(fc.option(trigger, { nil: undefined }), { maxLength: 2 }),
  })
  .map(writeSchema);

type ValueOf<Source> = Source extends fc.Arbitrary<infer Value> ? Value : never;
type TableParts = ValueOf<typeof table>;
type ColumnParts = ValueOf<typeof column>;

interface SchemaParts {
  readonly tables: readonly (TableParts | undefined)[];
  readonly indexes: readonly (ValueOf<typeof index> | undefined)[];
  readonly views: readonly (ValueOf<typeof view> | undefined)[];
  readonly triggers: readonly (ValueOf<typeof trigger> | undefined)[];
}

function writeSchema({ tables, indexes, views, triggers }: SchemaParts): RandomSchema {
  const present = tables.map((one) => one !== undefined);
  const written = tables.flatMap((one, at) => (one === undefined ? [] : [writeTable(one, at, present)]));
  const byName = new Map(written.map((one) => [one.name, one]));
  const nameAt = (at: number): string => names[at] ?? "t0";
  const statements = [
    ...written.map(({ sql }) => sql),
    ...indexes.flatMap((one, at) => {
      if (one === undefined) return [];
      const owner = byName.get(nameAt(one.table));
      if (owner?.columns.includes(one.column) !== true) return [];
      const put = (text: string): string => text.replaceAll("#", one.column);
      return [`CREATE ${one.unique}INDEX i${at} ON ${owner.name} (${put(one.form)})${put(one.where)}`];
    }),
    ...views.flatMap((one, at) =>
      one !== undefined && present[one.of] === true
        ? [`CREATE VIEW v${at} AS SELECT ${one.form} FROM ${nameAt(one.of)}`]
        : [],
    ),
    ...triggers.flatMap((one, at) =>
      one !== undefined && present[one.of] === true && present[one.to] === true
        ? [
            `CREATE TRIGGER g${at} AFTER ${one.event} ON ${nameAt(one.of)} BEGIN DELETE FROM ${nameAt(one.to)} WHERE id = 'no'; END`,
          ]
        : [],
    ),
  ];
  return { statements, tables: written };
}

function writeTable(
  { key: keyParts, columns, unique, check }: TableParts,
  at: number,
  present: readonly boolean[],
): RandomTable {
  const strict = keyParts.options === "STRICT";
  const expressions: string[] = [];
  const plain: string[] = [];
  const definitions = columns.flatMap((one, index_) => {
    const name = columnNames[index_] ?? "a";
    if (one === undefined) return [];
    const { sql, isGenerated } = writeColumn(one, { name, strict, present, expressions });
    if (!isGenerated) plain.push(name);
    return [sql];
  });
  const [first] = plain;
  const constraints = [keyParts.last, first === undefined ? "" : unique.replace("#", first), check].filter(
    (text) => text !== "",
  );
  if (check !== "") expressions.push(check.slice(check.indexOf("(")));
  const name = names[at] ?? "t0";
  const items = [keyParts.first, ...definitions, ...constraints].join(", ");
  return {
    name,
    sql: `CREATE TABLE ${name} (${items}) ${keyParts.options}`,
    columns: ["id", ...plain],
    expressions,
  };
}

interface ColumnPlace {
  readonly name: string;
  readonly strict: boolean;
  readonly present: readonly boolean[];
  readonly expressions: string[];
}

function writeColumn(
  one: ColumnParts,
  { name, strict, present, expressions }: ColumnPlace,
): { readonly sql: string; readonly isGenerated: boolean } {
  const type = strict && (one.type === "" || one.type === "VARCHAR(9)") ? "ANY" : one.type;
  if (one.generated !== "") {
    expressions.push(`(id || '${name}')`);
    return {
      sql: `${name} ${strict ? "ANY" : type} AS (id || '${name}') ${one.generated}`,
      isGenerated: true,
    };
  }
  // A STRICT table refuses a default of another type, but only when a row comes.
  const value = strict ? "" : one.notNull === "" ? one.default : one.notNull;
  if (one.check !== "") expressions.push(`(${name} ${one.check})`);
  const check = one.check === "" ? "" : ` CHECK (${name} ${one.check})`;
  const references =
    one.references !== "" && present[one.parent] === true
      ? ` REFERENCES ${names[one.parent] ?? "t0"} (id) ON DELETE ${one.references}`
      : "";
  return {
    sql: `${name} ${type}${value}${one.collate}${one.unique}${check}${references}`,
    isGenerated: false,
  };
}

/** Tables of 15 columns, each with 3 indexes and a foreign key to the one before it. */
export function buildWideSchema(tables: number): readonly string[] {
  return Array.from({ length: tables }, (_, number) => {
    const columns = Array.from({ length: 13 }, (_unused, index) => columnOf(index));
    const parent = `t${Math.max(number - 1, 0)}`;
    const key = `parent_id INTEGER REFERENCES ${parent} (id) ON DELETE CASCADE`;
    const table = `t${number}`;
    return [
      `CREATE TABLE ${table} (id INTEGER PRIMARY KEY, ${key}, ${columns.join(", ")})`,
      `CREATE INDEX ix_${table}_parent ON ${table} (parent_id)`,
      `CREATE UNIQUE INDEX ix_${table}_two ON ${table} (c1, c2 DESC)`,
      `CREATE INDEX ix_${table}_part ON ${table} (c3) WHERE c4 IS NOT NULL`,
    ];
  }).flat();
}

function columnOf(index: number): string {
  if (index % 3 === 0) return `c${index} TEXT NOT NULL DEFAULT 'none'`;
  return index % 3 === 1 ? `c${index} INTEGER DEFAULT 0` : `c${index} VARCHAR(255)`;
}

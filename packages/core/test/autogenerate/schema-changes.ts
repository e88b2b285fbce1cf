/** What a schema is, what it shall be, and the title of a test with them. */
export type SchemaChange = readonly [title: string, from: string, to: string];

const parent = "CREATE TABLE p (id INTEGER PRIMARY KEY);";

/** Pairs of which the second is the first in other words. */
export const rewordings: readonly SchemaChange[] = [
  [
    "case, quotes, space, comments, constraints at the column or at the table",
    `CREATE TABLE a (c TEXT NOT NULL DEFAULT 'x', d INTEGER DEFAULT '0', e REFERENCES b, UNIQUE (c));
     CREATE TABLE b (id INTEGER NOT NULL PRIMARY KEY); CREATE VIEW v AS SELECT  c FROM a;`,
    `create table "a" ([c] text unique default ('x') not null, d integer default 0, -- note
     e, foreign key (e) references b(id)); CREATE TABLE b (id INTEGER PRIMARY KEY);
     create view v as select c /* x */ from "a"`,
  ],
  [
    "defaults",
    'CREATE TABLE a (w DEFAULT 0x10, v DEFAULT 1e3, u DEFAULT true, t DEFAULT NULL, s DEFAULT abc, r DEFAULT "it\'s")',
    "CREATE TABLE a (w DEFAULT 16, v DEFAULT 1000.0, u DEFAULT 1, t, s DEFAULT 'abc', r DEFAULT 'it''s')",
  ],
  ["what goes without saying", "CREATE TABLE a (x TEXT COLLATE BINARY, y)", "CREATE TABLE a (x TEXT, y)"],
  [
    "an index with its defaults",
    "CREATE TABLE a (x); CREATE INDEX i ON a (x COLLATE BINARY ASC) WHERE (x > 1)",
    "CREATE TABLE a (x); create index i on A (X) where x>1",
  ],
  [
    "a foreign key with its defaults",
    `${parent} CREATE TABLE a (x REFERENCES p (id) ON DELETE NO ACTION MATCH SIMPLE NOT DEFERRABLE)`,
    `${parent} CREATE TABLE a (x REFERENCES p)`,
  ],
  [
    "columns with the name of their own table",
    'CREATE TABLE a (x, CHECK ("a"."x" > 1)); CREATE INDEX i ON a (x) WHERE a.x > 2',
    "CREATE TABLE a (x, CHECK (x > 1)); CREATE INDEX i ON a (x) WHERE x > 2",
  ],
  ["the order of columns", "CREATE TABLE a (x, y)", "CREATE TABLE a (y, x)"],
];

export const changes: readonly SchemaChange[] = [
  ["a new table", "", "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT NOT NULL DEFAULT '')"],
  ["a table that goes", "CREATE TABLE a (id INTEGER PRIMARY KEY)", ""],
  [
    "new tables that refer to each other",
    "",
    "CREATE TABLE c (a REFERENCES a, b REFERENCES b); CREATE TABLE b (id INTEGER PRIMARY KEY, a REFERENCES a); CREATE TABLE a (id INTEGER PRIMARY KEY, b REFERENCES b)",
  ],
  [
    "tables in a circle that go",
    "CREATE TABLE a (id INTEGER PRIMARY KEY, b REFERENCES b); CREATE TABLE b (id INTEGER PRIMARY KEY, a REFERENCES a, self REFERENCES b)",
    "",
  ],
  ["a parent that goes before its child", `${parent} CREATE TABLE c (x REFERENCES p)`, "CREATE TABLE c (x)"],
  [
    "a column that a key refers to",
    "CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT UNIQUE); CREATE TABLE c (code TEXT REFERENCES p (code))",
    "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (code TEXT)",
  ],
  [
    "a new table that refers to a new column",
    parent,
    "CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT UNIQUE); CREATE TABLE c (code TEXT REFERENCES p (code))",
  ],
  [
    "columns in a circle of keys",
    "CREATE TABLE a (id INTEGER PRIMARY KEY, x UNIQUE, b REFERENCES b (y)); CREATE TABLE b (id INTEGER PRIMARY KEY, y UNIQUE, a REFERENCES a (x))",
    "CREATE TABLE a (id INTEGER PRIMARY KEY, b); CREATE TABLE b (id INTEGER PRIMARY KEY, a)",
  ],
  [
    "columns that come",
    "CREATE TABLE a (x)",
    "CREATE TABLE a (x, b TEXT NOT NULL DEFAULT 'x''y', c TEXT DEFAULT (datetime('now')), d INT NOT NULL, e AS (x + 1) STORED, f AS (e * 2))",
  ],
  [
    "columns that go, with what uses them",
    "CREATE TABLE a (c TEXT, d, CHECK (c > d)); CREATE INDEX i ON a (c); CREATE INDEX j ON a (c, d); CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET c = 1; END",
    "CREATE TABLE a (d); CREATE INDEX j ON a (d)",
  ],
  ["all columns", "CREATE TABLE a (b, c)", "CREATE TABLE a (d)"],
  [
    "properties of columns",
    "CREATE TABLE a (t TEXT, n TEXT, d DEFAULT 1, c TEXT, g AS (t) STORED, h AS (t))",
    "CREATE TABLE a (t INT, n TEXT NOT NULL, d DEFAULT 2, c TEXT COLLATE NOCASE, g AS (t || 'x') STORED, h)",
  ],
  ["a type that goes", "CREATE TABLE a (x INT, y)", "CREATE TABLE a (x, y)"],
  [
    "STRICT",
    "CREATE TABLE a (id INTEGER PRIMARY KEY, x INT)",
    "CREATE TABLE a (id INTEGER PRIMARY KEY, x INT) STRICT",
  ],
  [
    "WITHOUT ROWID",
    "CREATE TABLE a (k TEXT PRIMARY KEY, x)",
    "CREATE TABLE a (k TEXT PRIMARY KEY, x) WITHOUT ROWID",
  ],
  [
    "AUTOINCREMENT",
    "CREATE TABLE a (id INTEGER PRIMARY KEY)",
    "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT)",
  ],
  [
    "a primary key",
    "CREATE TABLE a (id INTEGER PRIMARY KEY, x)",
    "CREATE TABLE a (id INTEGER, x, PRIMARY KEY (id, x))",
  ],
  ["a key with a new column", "CREATE TABLE a (x)", "CREATE TABLE a (id INTEGER PRIMARY KEY, x)"],
  [
    "a key that is no rowid",
    "CREATE TABLE a (id INTEGER PRIMARY KEY)",
    "CREATE TABLE a (id INTEGER PRIMARY KEY DESC)",
  ],
  [
    "unique constraints, one unnamed",
    "CREATE TABLE a (b UNIQUE ON CONFLICT REPLACE, c, CONSTRAINT u UNIQUE (b, c))",
    "CREATE TABLE a (b UNIQUE, c, CONSTRAINT w UNIQUE (b, c))",
  ],
  [
    "checks, one unnamed",
    "CREATE TABLE a (b CHECK (b <> ''), CONSTRAINT k CHECK (b > 1), CHECK (b < 9), CHECK (b < 9))",
    "CREATE TABLE a (b CHECK (b <> 'x'), CONSTRAINT k CHECK (b > 2), CHECK (b < 9))",
  ],
  [
    "foreign keys",
    `${parent} CREATE TABLE a (x REFERENCES p, y CONSTRAINT f REFERENCES p)`,
    `${parent} CREATE TABLE a (x REFERENCES p (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, y CONSTRAINT g REFERENCES p)`,
  ],
  [
    "indexes",
    "CREATE TABLE a (c TEXT, d); CREATE INDEX i ON a (c); CREATE INDEX j ON a (d DESC); CREATE UNIQUE INDEX k ON a (lower(c)) WHERE d > 1",
    "CREATE TABLE a (c TEXT, d); CREATE INDEX i ON a (c DESC); CREATE INDEX j ON a (d COLLATE NOCASE DESC); CREATE UNIQUE INDEX k ON a (lower(c)) WHERE d > 2",
  ],
  [
    "an index that goes to another table",
    "CREATE TABLE a (x); CREATE TABLE b (x); CREATE INDEX i ON a (x)",
    "CREATE TABLE a (x); CREATE TABLE b (x); CREATE INDEX i ON b (x)",
  ],
  [
    "views that read views",
    "CREATE TABLE t (a, b); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v",
    "CREATE TABLE t (a); CREATE VIEW w AS SELECT a FROM t; CREATE VIEW v AS SELECT a FROM w",
  ],
  [
    "a trigger of a view",
    "CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER q INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES (new.a); END",
    "CREATE TABLE t (a, b); CREATE VIEW v AS SELECT a, b FROM t; CREATE TRIGGER q INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES (new.a, new.b); END",
  ],
  [
    "a table that becomes a view",
    "CREATE TABLE a (x); CREATE TABLE b (x)",
    "CREATE VIEW a AS SELECT x FROM b; CREATE TABLE b (x)",
  ],
  [
    "an index whose name a table takes",
    "CREATE TABLE a (x); CREATE INDEX i ON a (x)",
    "CREATE TABLE a (x); CREATE TABLE i (x)",
  ],
  [
    "a virtual table with triggers",
    "CREATE TABLE t (a)",
    "CREATE VIRTUAL TABLE f USING fts5(a); CREATE TABLE t (a); CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO f VALUES (new.a); END",
  ],
  [
    "a virtual table that stays",
    "CREATE VIRTUAL TABLE f USING fts5(a); CREATE TABLE t (a)",
    "CREATE VIRTUAL TABLE f USING fts5(a); CREATE TABLE t (a, b)",
  ],
  [
    "names that need quotes, types of several words",
    `CREATE TABLE "a b" ("select" TEXT, "x""y" INT)`,
    `CREATE TABLE "a b" ("select" TEXT NOT NULL DEFAULT '', "x""y" INT, "é" BLOB DEFAULT x'00ff', v F32_BLOB(3), n UNSIGNED BIG INT)`,
  ],
  ["a column in another case", "CREATE TABLE Abc (Xy)", "CREATE TABLE abc (xy)"],
];

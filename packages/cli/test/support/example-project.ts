import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a revision file of an example says; bodies are made from the id. */
export interface ExampleRevision {
  readonly id: string;
  readonly down: string | readonly string[] | null;
  readonly message: string;
  readonly labels?: readonly string[];
  readonly dependsOn?: readonly string[];
  readonly date?: string;
  /** Source text of the bodies, instead of a table that is made and dropped. */
  readonly body?: string;
}

/** The graph that Alembic's recorded output is about: two bases, labels, dependencies, a merge, three heads. */
export const branchedProject: readonly ExampleRevision[] = [
  { id: "1975ea83b712", down: null, message: "create account table", date: "2025-12-01" },
  {
    id: "27c6a30d7c24",
    down: "1975ea83b712",
    message: "add users\n\nSecond paragraph of the message,\nspanning two lines",
    date: "2025-12-02",
  },
  {
    id: "3cac04ae8714",
    down: "27c6a30d7c24",
    message: "networking branch",
    labels: ["networking"],
    date: "2025-12-03",
  },
  { id: "4ea1f2b3c4d5", down: "3cac04ae8714", message: "add routes", date: "2025-12-04" },
  {
    id: "5b2d9e8f7a60",
    down: "27c6a30d7c24",
    message: "shopping cart branch",
    labels: ["shoppingcart", "cart"],
    date: "2025-12-05",
  },
  {
    id: "6c3eaf091b71",
    down: "5b2d9e8f7a60",
    message: "cart prices (needs routes)",
    dependsOn: ["4ea1f2b3c4d5"],
    date: "2025-12-06",
  },
  {
    id: "7d4fb01a2c82",
    down: ["4ea1f2b3c4d5", "6c3eaf091b71"],
    message: "merge networking and cart",
    date: "2025-12-07",
  },
  { id: "8e50c12b3d93", down: "7d4fb01a2c82", message: "after merge", date: "2025-12-08" },
  { id: "9f61d23c4ea4", down: null, message: "plugin base", labels: ["plugins"], date: "2025-12-09" },
  {
    id: "a072e34d5fb5",
    down: "9f61d23c4ea4",
    message: "plugin tables ünïcode",
    dependsOn: ["27c6a30d7c24"],
    date: "2025-12-10",
  },
  { id: "b183f45e60c6", down: "a072e34d5fb5", message: "plugin head one", date: "2025-12-11" },
  { id: "c294056f71d7", down: "a072e34d5fb5", message: "plugin head two", date: "2025-12-12" },
];

/** A head that another branch depends on. */
export const dependentProject: readonly ExampleRevision[] = [
  { id: "aaaa0001", down: null, message: "a one", labels: ["a"] },
  { id: "aaaa0002", down: "aaaa0001", message: "a two" },
  { id: "bbbb0001", down: null, message: "b one", labels: ["b"] },
  { id: "bbbb0002", down: "bbbb0001", message: "b two needs a two", dependsOn: ["aaaa0002"] },
];

/** Two revisions in a line. */
export const linearProject: readonly ExampleRevision[] = [
  { id: "001_users", down: null, message: "create users" },
  { id: "002_posts", down: "001_users", message: "create posts" },
];

/** Writes revision files into `revisions` below a directory; returns that path. */
export function writeRevisions(directory: string, revisions: readonly ExampleRevision[]): string {
  const target = join(directory, "revisions");
  mkdirSync(target, { recursive: true });
  for (const revision of revisions) {
    const slug = (revision.message.split("\n")[0] ?? "").replaceAll(/[^\p{L}]+/gu, "_").replace(/_$/u, "");
    writeFileSync(join(target, `${revision.id}_${slug}.ts`), renderRevision(revision));
  }
  return target;
}

function renderRevision({ id, down, message, labels, dependsOn, date, body }: ExampleRevision): string {
  const fields = {
    revision: id,
    downRevision: down,
    ...(labels === undefined ? {} : { branchLabels: labels }),
    ...(dependsOn === undefined ? {} : { dependsOn }),
    message,
    ...(date === undefined ? {} : { createDate: `${date} 10:00:00.000000` }),
  };
  const lines = Object.entries(fields).map(([key, value]) => `  ${key}: ${JSON.stringify(value)},`);
  const bodies =
    body ??
    `upgrade(op) { op.createTable({ name: "t_${id}", columns: [{ name: "id", type: "INTEGER", primaryKey: true }] }); },
  downgrade(op) { op.dropTable("t_${id}"); },`;
  return `export default {\n${lines.join("\n")}\n  ${bodies}\n};\n`;
}

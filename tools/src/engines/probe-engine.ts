import { applyPragmas, type Connection, type SqlValue } from "@skillmeat/migrate-core/driver";
import {
  checks,
  readTraits,
  type DatabaseUnderTest,
  type Need,
  type Traits,
} from "@skillmeat/migrate-core/testkit";
import { cachePragmas } from "@skillmeat/schema";

/** What one engine answered. */
export interface EngineProbe {
  readonly name: string;
  readonly traits: Traits;
  /** The PRAGMAs of the SkillMeat cache that were not applied. */
  readonly pragmasNotApplied: readonly string[];
  /** Whether values come back as they went in. */
  readonly keepsNul: boolean;
  readonly keepsInfinity: boolean;
  /** The checks of the conformance kit that do not apply, by what they need. */
  readonly skipped: ReadonlyMap<string, readonly string[]>;
}

/** Asks an engine, on databases of its own, what it can do. */
export async function probeEngine(
  name: string,
  create: () => Promise<DatabaseUnderTest> | DatabaseUnderTest,
): Promise<EngineProbe> {
  const traits = await readTraits({ create });
  const database = await create();
  const connection = await database.driver.connect();
  try {
    const keepsNul = await keeps(connection, "a\0b");
    const keepsInfinity = await keeps(connection, Infinity);
    const report = await applyPragmas(connection, cachePragmas);
    return {
      name,
      // Read again, because servers say what they are with their first answer.
      traits: { ...traits, capabilities: { ...connection.capabilities } },
      pragmasNotApplied: report.filter(({ applied }) => !applied).map((one) => one.name),
      keepsNul,
      keepsInfinity,
      skipped: listSkipped(traits),
    };
  } finally {
    await connection.close();
    await database.dispose();
  }
}

async function keeps(connection: Connection, value: SqlValue): Promise<boolean> {
  try {
    const { rows } = await connection.query({ sql: "SELECT ?", params: [value] });
    return rows[0]?.[0] === value;
  } catch {
    // Refused, which is not kept either.
    return false;
  }
}

function listSkipped(traits: Traits): ReadonlyMap<string, readonly string[]> {
  const skipped = new Map<string, string[]>();
  for (const { name, applies } of checks) {
    if (applies === undefined || applies(traits)) continue;
    add(skipped, applies, name);
  }
  return skipped;
}

function add(skipped: Map<string, string[]>, { what }: Need, name: string): void {
  const names = skipped.get(what) ?? [];
  names.push(name);
  skipped.set(what, names);
}

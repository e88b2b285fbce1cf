import type { Operations } from "@skillmeat/migrate-core";

/** Writes the version that the cache itself keeps beside that of the migrator. */
export function setSchemaVersion(op: Operations, version: string): void {
  op.updateRows("cache_metadata", { set: { value: version }, where: "key = 'schema_version'" });
}

import { sql, type Operations } from "@skillmeat/migrate-core";

/** A table that belongs to something else and names artifacts. */
export interface ArtifactReference {
  readonly table: string;
  /** The column beside the artifact in the primary key. */
  readonly owner: string;
  readonly time: string;
  /** The columns at the head of the table once artifacts are named by `artifact_uuid`. */
  readonly order: readonly string[];
  /** The foreign key of `artifact_id`, where there is one. */
  readonly foreignKey?: string;
}

/**
 * Names the artifacts of a table by `artifact_uuid`; their ids stay in `_artifact_id_backup`. The original
 * left out rows without an artifact, and forgot the name of the foreign key to the owner; here such rows
 * fail the revision, and what is not named is not touched.
 */
export function nameByUuid(op: Operations, reference: ArtifactReference): void {
  const { table, owner, time, order, foreignKey } = reference;
  op.requireRows("artifacts", { ifRowsIn: table });
  op.require(
    `SELECT NOT EXISTS (SELECT 1 FROM ${table} WHERE artifact_id NOT IN (SELECT id FROM artifacts))`,
    `rows of ${table} name artifacts that are not there`,
  );
  op.addColumn(table, { name: "artifact_uuid", type: "VARCHAR" });
  op.execute(`UPDATE ${table} SET artifact_uuid = (SELECT uuid FROM artifacts WHERE id = artifact_id)`);
  op.batchAlterTable(table, { partialReordering: [order] }, (batch) => {
    if (foreignKey !== undefined) batch.dropConstraint(foreignKey);
    batch.dropIndex(`idx_${table}_artifact_id`);
    batch.alterColumn(owner, { type: "VARCHAR" });
    batch.alterColumn(time, { type: "DATETIME", default: null });
    batch.alterColumn("artifact_id", { name: "_artifact_id_backup", type: "VARCHAR" });
    batch.alterColumn("artifact_uuid", { nullable: false });
    batch.createPrimaryKey(order.slice(0, 2));
    batch.createForeignKey({
      name: `fk_${table}_artifact_uuid`,
      columns: ["artifact_uuid"],
      references: { table: "artifacts", columns: ["uuid"], onDelete: "cascade" },
    });
    batch.createIndex({ name: `idx_${table}_artifact_uuid`, columns: ["artifact_uuid"] });
  });
}

/** Undoes {@link nameByUuid}. */
export function nameById(op: Operations, reference: ArtifactReference): void {
  const { table, owner, time, order, foreignKey } = reference;
  const key = order.slice(0, 2).map((column) => (column === "artifact_uuid" ? "artifact_id" : column));
  op.batchAlterTable(table, { partialReordering: [key] }, (batch) => {
    batch.dropIndex(`idx_${table}_artifact_uuid`);
    batch.dropConstraint(`fk_${table}_artifact_uuid`);
    batch.alterColumn("_artifact_id_backup", { name: "artifact_id", type: "TEXT" });
    batch.createPrimaryKey(key);
    batch.dropColumn("artifact_uuid");
    batch.alterColumn(time, { type: "TIMESTAMP", default: sql`CURRENT_TIMESTAMP` });
    batch.alterColumn(owner, { type: "TEXT" });
    batch.createIndex({ name: `idx_${table}_artifact_id`, columns: ["artifact_id"] });
    if (foreignKey === undefined) return;
    batch.createForeignKey({
      name: foreignKey,
      columns: ["artifact_id"],
      references: { table: "artifacts", columns: ["id"], onDelete: "cascade" },
    });
  });
}

/**
 * Adds `_artifact_id_backup` again, with the ids. The original wrote empty texts or the uuids instead, so that
 * the revision before it could not be undone without losing what the rows refer to.
 */
export function restoreArtifactId(op: Operations, { table, order }: ArtifactReference): void {
  op.addColumn(table, { name: "_artifact_id_backup", type: "VARCHAR" });
  op.execute(
    `UPDATE ${table} SET _artifact_id_backup = (SELECT id FROM artifacts WHERE uuid = artifact_uuid)`,
  );
  op.batchAlterTable(table, { partialReordering: [order] }, (batch) => {
    batch.alterColumn("_artifact_id_backup", { nullable: false });
  });
}

export const collectionArtifacts: ArtifactReference = {
  table: "collection_artifacts",
  owner: "collection_id",
  time: "added_at",
  order: ["collection_id", "artifact_uuid", "_artifact_id_backup"],
};

export const groupArtifacts: ArtifactReference = {
  table: "group_artifacts",
  owner: "group_id",
  time: "added_at",
  order: ["group_id", "artifact_uuid", "_artifact_id_backup"],
};

export const artifactTags: ArtifactReference = {
  table: "artifact_tags",
  owner: "tag_id",
  time: "created_at",
  order: ["artifact_uuid", "tag_id", "_artifact_id_backup"],
  foreignKey: "fk_artifact_tags_artifact_id",
};

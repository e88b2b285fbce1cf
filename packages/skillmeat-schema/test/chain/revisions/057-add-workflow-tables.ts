import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260227_0900_add_workflow_tables",
  downRevision: "20260226_1900_fix_artifact_fts_triggers",
  message: "Add workflows, their stages, executions and steps",

  upgrade(op) {
    op.createTable({
      name: "workflows",
      columns: [
        { name: "id", type: "VARCHAR(32)", primaryKey: true },
        { name: "name", type: "VARCHAR", nullable: false },
        { name: "description", type: "TEXT" },
        { name: "version", type: "VARCHAR", nullable: false, default: "1.0.0" },
        { name: "status", type: "VARCHAR", nullable: false, default: "draft" },
        { name: "definition_yaml", type: "TEXT", nullable: false },
        { name: "definition_hash", type: "VARCHAR" },
        { name: "tags_json", type: "TEXT" },
        { name: "global_context_module_ids_json", type: "TEXT" },
        { name: "config_json", type: "TEXT" },
        { name: "error_policy_json", type: "TEXT" },
        { name: "hooks_json", type: "TEXT" },
        { name: "ui_metadata_json", type: "TEXT" },
        { name: "created_by", type: "VARCHAR" },
        { name: "created_at", type: "DATETIME", nullable: false },
        { name: "updated_at", type: "DATETIME", nullable: false },
      ],
      uniques: [{ name: "uq_workflow_name", columns: ["name"] }],
      checks: [{ name: "check_workflow_status", expression: "status IN ('draft', 'published', 'archived')" }],
    });
    op.createIndex({ name: "idx_workflows_name", table: "workflows", columns: ["name"] });
    op.createIndex({ name: "idx_workflows_status", table: "workflows", columns: ["status"] });
    op.createIndex({
      name: "idx_workflows_definition_hash",
      table: "workflows",
      columns: ["definition_hash"],
    });
    op.createTable({
      name: "workflow_stages",
      columns: [
        { name: "id", type: "VARCHAR(32)", primaryKey: true },
        {
          name: "workflow_id",
          type: "VARCHAR(32)",
          nullable: false,
          references: { table: "workflows", column: "id", onDelete: "cascade" },
        },
        { name: "stage_id_ref", type: "VARCHAR", nullable: false },
        { name: "name", type: "VARCHAR", nullable: false },
        { name: "description", type: "TEXT" },
        { name: "order_index", type: "INTEGER", nullable: false },
        { name: "depends_on_json", type: "TEXT" },
        { name: "condition", type: "VARCHAR" },
        { name: "stage_type", type: "VARCHAR", nullable: false, default: "agent" },
        { name: "roles_json", type: "TEXT" },
        { name: "inputs_json", type: "TEXT" },
        { name: "outputs_json", type: "TEXT" },
        { name: "context_json", type: "TEXT" },
        { name: "error_policy_json", type: "TEXT" },
        { name: "handoff_json", type: "TEXT" },
        { name: "gate_json", type: "TEXT" },
        { name: "ui_metadata_json", type: "TEXT" },
        { name: "created_at", type: "DATETIME", nullable: false },
        { name: "updated_at", type: "DATETIME", nullable: false },
      ],
      checks: [{ name: "check_workflow_stage_type", expression: "stage_type IN ('agent', 'gate')" }],
    });
    op.createIndex({
      name: "idx_workflow_stages_workflow_id",
      table: "workflow_stages",
      columns: ["workflow_id"],
    });
    op.createIndex({
      name: "idx_workflow_stages_stage_id_ref",
      table: "workflow_stages",
      columns: ["stage_id_ref"],
    });
    op.createTable({
      name: "workflow_executions",
      columns: [
        { name: "id", type: "VARCHAR(32)", primaryKey: true },
        {
          name: "workflow_id",
          type: "VARCHAR(32)",
          nullable: false,
          references: { table: "workflows", column: "id" },
        },
        { name: "workflow_name", type: "VARCHAR", nullable: false },
        { name: "workflow_version", type: "VARCHAR", nullable: false },
        { name: "workflow_definition_hash", type: "VARCHAR" },
        { name: "status", type: "VARCHAR", nullable: false, default: "pending" },
        { name: "parameters_json", type: "TEXT" },
        { name: "overrides_json", type: "TEXT" },
        { name: "trigger", type: "VARCHAR", nullable: false, default: "manual" },
        { name: "started_at", type: "DATETIME" },
        { name: "completed_at", type: "DATETIME" },
        { name: "error_message", type: "TEXT" },
        { name: "created_at", type: "DATETIME", nullable: false },
        { name: "updated_at", type: "DATETIME", nullable: false },
      ],
      checks: [
        {
          name: "check_workflow_execution_status",
          expression: "status IN ('pending', 'running', 'paused', 'completed', 'failed', 'cancelled')",
        },
        { name: "check_workflow_execution_trigger", expression: "trigger IN ('manual', 'scheduled', 'api')" },
      ],
    });
    op.createIndex({
      name: "idx_workflow_executions_workflow_id",
      table: "workflow_executions",
      columns: ["workflow_id"],
    });
    op.createIndex({
      name: "idx_workflow_executions_status",
      table: "workflow_executions",
      columns: ["status"],
    });
    op.createIndex({
      name: "idx_workflow_executions_trigger",
      table: "workflow_executions",
      columns: ["trigger"],
    });
    op.createTable({
      name: "execution_steps",
      columns: [
        { name: "id", type: "VARCHAR(32)", primaryKey: true },
        {
          name: "execution_id",
          type: "VARCHAR(32)",
          nullable: false,
          references: { table: "workflow_executions", column: "id", onDelete: "cascade" },
        },
        { name: "stage_id_ref", type: "VARCHAR", nullable: false },
        { name: "stage_name", type: "VARCHAR", nullable: false },
        { name: "status", type: "VARCHAR", nullable: false, default: "pending" },
        { name: "attempt_number", type: "INTEGER", nullable: false, default: "1" },
        { name: "agent_id", type: "VARCHAR" },
        { name: "context_consumed_json", type: "TEXT" },
        { name: "inputs_json", type: "TEXT" },
        { name: "outputs_json", type: "TEXT" },
        { name: "logs_json", type: "TEXT" },
        { name: "error_message", type: "TEXT" },
        { name: "started_at", type: "DATETIME" },
        { name: "completed_at", type: "DATETIME" },
        { name: "duration_seconds", type: "FLOAT" },
        { name: "created_at", type: "DATETIME", nullable: false },
        { name: "updated_at", type: "DATETIME", nullable: false },
      ],
      checks: [
        {
          name: "check_execution_step_status",
          expression:
            "status IN ('pending', 'running', 'completed', 'failed', 'skipped', 'timed_out', 'cancelled')",
        },
      ],
    });
    op.createIndex({
      name: "idx_execution_steps_execution_id",
      table: "execution_steps",
      columns: ["execution_id"],
    });
    op.createIndex({
      name: "idx_execution_steps_stage_id_ref",
      table: "execution_steps",
      columns: ["stage_id_ref"],
    });
    op.createIndex({
      name: "idx_workflow_stages_workflow_stage_ref",
      table: "workflow_stages",
      columns: ["workflow_id", "stage_id_ref"],
    });
    op.createIndex({
      name: "idx_workflow_executions_workflow_status",
      table: "workflow_executions",
      columns: ["workflow_id", "status"],
    });
    op.createIndex({
      name: "idx_workflow_executions_status_updated",
      table: "workflow_executions",
      columns: ["status", "updated_at"],
    });
    op.createIndex({
      name: "idx_execution_steps_execution_status",
      table: "execution_steps",
      columns: ["execution_id", "status"],
    });
    op.createIndex({
      name: "idx_execution_steps_stage_ref",
      table: "execution_steps",
      columns: ["execution_id", "stage_id_ref"],
    });
  },

  downgrade(op) {
    op.dropTable("execution_steps");
    op.dropTable("workflow_executions");
    op.dropTable("workflow_stages");
    op.dropTable("workflows");
  },
});

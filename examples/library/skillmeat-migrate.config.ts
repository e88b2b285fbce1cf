import { defineConfig } from "@skillmeat/migrate-cli";

export default defineConfig({
  url: "library.db",
  revisions: "./revisions",
  schema: "./schema.sql",
  journal: true,
});

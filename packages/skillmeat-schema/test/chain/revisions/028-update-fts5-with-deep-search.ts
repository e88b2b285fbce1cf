import { defineRevision } from "@skillmeat/migrate-core";
import { createCatalogSearch, dropCatalogSearch } from "../catalog-search.ts";

const searched = ["title", "description", "search_text", "search_tags"];

export default defineRevision({
  revision: "20260124_1400_update_fts5_with_deep_search",
  downRevision: "20260124_1300_add_clone_target_fields",
  message: "Search the files of entries too",

  upgrade(op) {
    dropCatalogSearch(op);
    createCatalogSearch(op, [...searched, "deep_search_text"]);
    op.execute("INSERT INTO catalog_fts(catalog_fts) VALUES ('optimize')");
  },

  downgrade(op) {
    dropCatalogSearch(op);
    createCatalogSearch(op, searched);
    op.execute("INSERT INTO catalog_fts(catalog_fts) VALUES ('optimize')");
  },
});

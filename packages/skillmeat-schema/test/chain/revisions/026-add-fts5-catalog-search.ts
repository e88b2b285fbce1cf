import { defineRevision } from "@skillmeat/migrate-core";
import { createCatalogSearch, dropCatalogSearch } from "../catalog-search.ts";

export default defineRevision({
  revision: "20260124_1200_add_fts5_catalog_search",
  downRevision: "20260124_1100_add_search_indexes_to_catalog_entries",
  message: "Search the catalog by words",

  upgrade(op) {
    createCatalogSearch(op, ["title", "description", "search_text", "search_tags"]);
  },

  downgrade(op) {
    dropCatalogSearch(op);
  },
});

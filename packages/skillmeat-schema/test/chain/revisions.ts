import type { Revision } from "@skillmeat/migrate-core";
import initialSchema from "./revisions/001-initial-schema.ts";
import addDescriptionNotes from "./revisions/002-add-description-notes.ts";
import createCollectionsSchema from "./revisions/003-create-collections-schema.ts";
import addContextEntityColumns from "./revisions/004-add-context-entity-columns.ts";
import addProjectTemplates from "./revisions/005-add-project-templates.ts";
import addCollectionTypeFields from "./revisions/006-add-collection-type-fields.ts";
import addArtifactVersions from "./revisions/007-add-artifact-versions.ts";
import addTagsSchema from "./revisions/008-add-tags-schema.ts";
import addContentDescriptionToArtifacts from "./revisions/009-add-content-description-to-artifacts.ts";
import addRatingTables from "./revisions/010-add-rating-tables.ts";
import updateMatchHistorySchema from "./revisions/011-update-match-history-schema.ts";
import addFrontmatterDetection from "./revisions/012-add-frontmatter-detection.ts";
import addRawScoreAndBreakdownToCatalog from "./revisions/013-add-raw-score-and-breakdown-to-catalog.ts";
import populateRawScoreForExistingEntries from "./revisions/014-populate-raw-score-for-existing-entries.ts";
import addExclusionToCatalog from "./revisions/015-add-exclusion-to-catalog.ts";
import updateCatalogStatusConstraint from "./revisions/016-update-catalog-status-constraint.ts";
import addPathBasedTagExtraction from "./revisions/017-add-path-based-tag-extraction.ts";
import addMcpToTypeConstraints from "./revisions/018-add-mcp-to-type-constraints.ts";
import addMarketplaceSourceMetadataFields from "./revisions/019-add-marketplace-source-metadata-fields.ts";
import addSingleArtifactModeToMarketplaceSources from "./revisions/020-add-single-artifact-mode-to-marketplace-sources.ts";
import addAutoTagsToMarketplaceSources from "./revisions/021-add-auto-tags-to-marketplace-sources.ts";
import addToolsAndLinkedArtifacts from "./revisions/022-add-tools-and-linked-artifacts.ts";
import addIndexingEnabledToMarketplaceSources from "./revisions/023-add-indexing-enabled-to-marketplace-sources.ts";
import addSearchColumnsToCatalogEntries from "./revisions/024-add-search-columns-to-catalog-entries.ts";
import addSearchIndexesToCatalogEntries from "./revisions/025-add-search-indexes-to-catalog-entries.ts";
import addFts5CatalogSearch from "./revisions/026-add-fts5-catalog-search.ts";
import addCloneTargetFields from "./revisions/027-add-clone-target-fields.ts";
import updateFts5WithDeepSearch from "./revisions/028-update-fts5-with-deep-search.ts";
import addCollectionArtifactMetadataCacheFields from "./revisions/029-add-collection-artifact-metadata-cache-fields.ts";
import addToolsJsonToCollectionArtifacts from "./revisions/030-add-tools-json-to-collection-artifacts.ts";
import addDeploymentsJsonToCollectionArtifacts from "./revisions/031-add-deployments-json-to-collection-artifacts.ts";
import addMemoryAndContextTables from "./revisions/032-add-memory-and-context-tables.ts";
import addShareScopeToMemoryItems from "./revisions/033-add-share-scope-to-memory-items.ts";
import addDeploymentProfilesAndTargetPlatforms from "./revisions/034-add-deployment-profiles-and-target-platforms.ts";
import addMemoryAnchorAndProvenanceColumns from "./revisions/035-add-memory-anchor-and-provenance-columns.ts";
import addGroupMetadataFields from "./revisions/036-add-group-metadata-fields.ts";
import addArtifactUuidColumn from "./revisions/037-add-artifact-uuid-column.ts";
import addCompositeArtifactTables from "./revisions/038-add-composite-artifact-tables.ts";
import migrateCollectionArtifactsToUuid from "./revisions/039-migrate-collection-artifacts-to-uuid.ts";
import fixCollectionArtifactsPk from "./revisions/040-fix-collection-artifacts-pk.ts";
import migrateGroupArtifactsToUuid from "./revisions/041-migrate-group-artifacts-to-uuid.ts";
import migrateArtifactTagsToUuid from "./revisions/042-migrate-artifact-tags-to-uuid.ts";
import dropArtifactIdBackupColumns from "./revisions/043-drop-artifact-id-backup-columns.ts";
import addPositionToCompositeMemberships from "./revisions/044-add-position-to-composite-memberships.ts";
import addCompositeToCatalogTypeConstraint from "./revisions/045-add-composite-to-catalog-type-constraint.ts";
import addCompositeMcpToArtifactTypeConstraint from "./revisions/046-add-composite-mcp-to-artifact-type-constraint.ts";
import addSkillToCompositeArtifactTypeConstraint from "./revisions/047-add-skill-to-composite-artifact-type-constraint.ts";
import addDescriptionToDeploymentProfiles from "./revisions/048-add-description-to-deployment-profiles.ts";
import addDeploymentSetTables from "./revisions/049-add-deployment-set-tables.ts";
import addDeploymentSetTagsJunction from "./revisions/050-add-deployment-set-tags-junction.ts";
import addCustomColorsTable from "./revisions/051-add-custom-colors-table.ts";
import addColorIconToDeploymentSets from "./revisions/052-add-color-icon-to-deployment-sets.ts";
import addDuplicatePairIgnoredColumn from "./revisions/053-add-duplicate-pair-ignored-column.ts";
import addSimilarityCacheSchema from "./revisions/054-add-similarity-cache-schema.ts";
import addArtifactEmbeddings from "./revisions/055-add-artifact-embeddings.ts";
import fixArtifactFtsTriggers from "./revisions/056-fix-artifact-fts-triggers.ts";
import addWorkflowTables from "./revisions/057-add-workflow-tables.ts";
import addEntityTypeConfigsTable from "./revisions/058-add-entity-type-configs-table.ts";
import addEntityCategoriesTable from "./revisions/059-add-entity-categories-table.ts";
import addCustomTypeFields from "./revisions/060-add-custom-type-fields.ts";
import addCoreContentColumn from "./revisions/061-add-core-content-column.ts";
import addExamplePathColumn from "./revisions/062-add-example-path-column.ts";
import addColorToEntityTypeConfigs from "./revisions/063-add-color-to-entity-type-configs.ts";
import addRemoteGitPlatformAndDeploymentSetRemoteFields from "./revisions/064-add-remote-git-platform-and-deployment-set-remote-fields.ts";
import addWorkflowToArtifactTypeCheck from "./revisions/065-add-workflow-to-artifact-type-check.ts";

/**
 * The 65 revisions that SkillMeat had made before it put them into one, written anew from a record of what
 * they did; where the original lost or broke something, the file says so.
 */
export const revisions: readonly Revision[] = [
  initialSchema,
  addDescriptionNotes,
  createCollectionsSchema,
  addContextEntityColumns,
  addProjectTemplates,
  addCollectionTypeFields,
  addArtifactVersions,
  addTagsSchema,
  addContentDescriptionToArtifacts,
  addRatingTables,
  updateMatchHistorySchema,
  addFrontmatterDetection,
  addRawScoreAndBreakdownToCatalog,
  populateRawScoreForExistingEntries,
  addExclusionToCatalog,
  updateCatalogStatusConstraint,
  addPathBasedTagExtraction,
  addMcpToTypeConstraints,
  addMarketplaceSourceMetadataFields,
  addSingleArtifactModeToMarketplaceSources,
  addAutoTagsToMarketplaceSources,
  addToolsAndLinkedArtifacts,
  addIndexingEnabledToMarketplaceSources,
  addSearchColumnsToCatalogEntries,
  addSearchIndexesToCatalogEntries,
  addFts5CatalogSearch,
  addCloneTargetFields,
  updateFts5WithDeepSearch,
  addCollectionArtifactMetadataCacheFields,
  addToolsJsonToCollectionArtifacts,
  addDeploymentsJsonToCollectionArtifacts,
  addMemoryAndContextTables,
  addShareScopeToMemoryItems,
  addDeploymentProfilesAndTargetPlatforms,
  addMemoryAnchorAndProvenanceColumns,
  addGroupMetadataFields,
  addArtifactUuidColumn,
  addCompositeArtifactTables,
  migrateCollectionArtifactsToUuid,
  fixCollectionArtifactsPk,
  migrateGroupArtifactsToUuid,
  migrateArtifactTagsToUuid,
  dropArtifactIdBackupColumns,
  addPositionToCompositeMemberships,
  addCompositeToCatalogTypeConstraint,
  addCompositeMcpToArtifactTypeConstraint,
  addSkillToCompositeArtifactTypeConstraint,
  addDescriptionToDeploymentProfiles,
  addDeploymentSetTables,
  addDeploymentSetTagsJunction,
  addCustomColorsTable,
  addColorIconToDeploymentSets,
  addDuplicatePairIgnoredColumn,
  addSimilarityCacheSchema,
  addArtifactEmbeddings,
  fixArtifactFtsTriggers,
  addWorkflowTables,
  addEntityTypeConfigsTable,
  addEntityCategoriesTable,
  addCustomTypeFields,
  addCoreContentColumn,
  addExamplePathColumn,
  addColorToEntityTypeConfigs,
  addRemoteGitPlatformAndDeploymentSetRemoteFields,
  addWorkflowToArtifactTypeCheck,
];

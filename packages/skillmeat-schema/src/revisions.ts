import type { Revision } from "@skillmeat/migrate-core";
import initialSchema from "./revisions/001-initial-schema.ts";

/** The revisions of the cache database, oldest first. */
export const revisions: readonly Revision[] = Object.freeze([initialSchema]);

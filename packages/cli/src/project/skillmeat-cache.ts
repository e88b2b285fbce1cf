// What the command needs of the cache's package, and no more: named here, everything else of it, the database
// library included, stays out of the bundle.
export { defaultCachePath, revisions } from "@skillmeat/schema";

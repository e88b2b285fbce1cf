import { homedir } from "node:os";
import { join } from "node:path";

/** Where SkillMeat keeps its cache database: `~/.skillmeat/cache/cache.db`. */
export function defaultCachePath(): string {
  return join(homedir(), ".skillmeat", "cache", "cache.db");
}

import { describe, test } from "vitest";
import { testDriver } from "@skillmeat/migrate-core/testkit";
import { temporaryDatabase } from "./support/temporary-database.ts";

await testDriver({ describe, test, create: () => temporaryDatabase() });

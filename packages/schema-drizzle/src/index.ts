export { drizzleSchema } from "./drizzle-schema.ts";

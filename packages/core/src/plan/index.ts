export { compileOperation } from "./compile-operation.ts";
export type { CompileLimits } from "./compile-operation.ts";

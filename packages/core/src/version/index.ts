export { readHeads, readVersionState, type VersionState } from "./read-heads.ts";
export {
  buildVersionTable,
  changeVersionRows,
  defaultVersionTable,
  type VersionTable,
} from "./version-table.ts";

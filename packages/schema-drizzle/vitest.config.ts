import { packageTests } from "../../tools/src/package-tests.ts";

export default packageTests();

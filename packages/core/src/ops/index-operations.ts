import { acceptIndex } from "./accept-index.ts";
import { acceptCreateOptions, dropOptions } from "./accept-options.ts";
import { acceptName } from "./accept-sql.ts";
import type { CreateIndexOperation, DropIndexOperation } from "./operation.ts";
import { argumentOf } from "./place.ts";

const acceptDropOptions = dropOptions("op.dropIndex", acceptIndex);

export function createIndex(index: unknown, options: unknown): CreateIndexOperation {
  const place = argumentOf("op.createIndex", "index", index);
  return {
    kind: "createIndex",
    index: acceptIndex(index, place),
    ...acceptCreateOptions("op.createIndex", options),
  };
}

export function dropIndex(index: unknown, options: unknown): DropIndexOperation {
  const name = acceptName(index, argumentOf("op.dropIndex", "index", index));
  return { kind: "dropIndex", index: name, ...acceptDropOptions(name, options) };
}

import { acceptCreateOptions, dropOptions } from "./accept-options.ts";
import { acceptName } from "./accept-sql.ts";
import { acceptView } from "./accept-view.ts";
import type { CreateViewOperation, DropViewOperation } from "./operation.ts";
import { argumentOf } from "./place.ts";

const acceptDropOptions = dropOptions("op.dropView", (value, place) => acceptView(value, place).definition);

export function createView(view: unknown, options: unknown): CreateViewOperation {
  const place = argumentOf("op.createView", "view", view);
  const { definition, ifNotExists } = acceptView(view, place);
  return {
    kind: "createView",
    view: definition,
    ...(ifNotExists ? { ifNotExists } : {}),
    ...acceptCreateOptions("op.createView", options),
  };
}

export function dropView(view: unknown, options: unknown): DropViewOperation {
  const name = acceptName(view, argumentOf("op.dropView", "view", view));
  return { kind: "dropView", view: name, ...acceptDropOptions(name, options) };
}

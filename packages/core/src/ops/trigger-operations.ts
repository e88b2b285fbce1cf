import { acceptCreateOptions, dropOptions } from "./accept-options.ts";
import { acceptName } from "./accept-sql.ts";
import { acceptTrigger } from "./accept-trigger.ts";
import type { CreateTriggerOperation, DropTriggerOperation } from "./operation.ts";
import { argumentOf } from "./place.ts";

const acceptDropOptions = dropOptions(
  "op.dropTrigger",
  (value, place) => acceptTrigger(value, place).definition,
);

export function createTrigger(trigger: unknown, options: unknown): CreateTriggerOperation {
  const place = argumentOf("op.createTrigger", "trigger", trigger);
  const { definition, ifNotExists } = acceptTrigger(trigger, place);
  return {
    kind: "createTrigger",
    trigger: definition,
    ...(ifNotExists ? { ifNotExists } : {}),
    ...acceptCreateOptions("op.createTrigger", options),
  };
}

export function dropTrigger(trigger: unknown, options: unknown): DropTriggerOperation {
  const name = acceptName(trigger, argumentOf("op.dropTrigger", "trigger", trigger));
  return { kind: "dropTrigger", trigger: name, ...acceptDropOptions(name, options) };
}

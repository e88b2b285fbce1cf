import type { Connection, Driver } from "@skillmeat/migrate-core";
import { openDriver } from "./temporary-database.ts";

/** A real engine that takes a whole unit at once and keeps no transaction open, as some servers do. */
export function oneBatchDriver(path: string): Driver {
  const real = openDriver(path);
  return {
    name: "one batch",
    connect: async (options) => {
      const connection = await real.connect(options);
      const copy: Connection = {
        ...connection,
        capabilities: { ...connection.capabilities, interactive: false },
      };
      Reflect.deleteProperty(copy, "transaction");
      return copy;
    },
  };
}

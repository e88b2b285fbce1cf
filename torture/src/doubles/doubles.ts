import type { Driver } from "@skillmeat/migrate-core";
import { withDeath, type Death } from "./with-death.ts";
import { withDeferredLock } from "./with-deferred-lock.ts";
import { withoutSettling } from "./without-settling.ts";
import { withoutSync } from "./without-sync.ts";
import { withoutTransaction } from "./without-transaction.ts";
import { withStaleHeads } from "./with-stale-heads.ts";

/**
 * A driver that is broken, or that dies, on purpose: what a test must see when the product has that bug.
 * None of it can be asked of the product itself.
 */
export type Double =
  | { readonly kind: "without-transaction" }
  | { readonly kind: "without-settling" }
  | { readonly kind: "without-sync" }
  | { readonly kind: "stale-heads" }
  | { readonly kind: "deferred-lock" }
  | ({ readonly kind: "death" } & Death);

/** Puts a double around the real driver of a database file; without one, returns the driver itself. */
export function applyDouble(double: Double | undefined, driver: Driver, database: string): Driver {
  switch (double?.kind) {
    case undefined:
      return driver;
    case "without-transaction":
      return withoutTransaction(driver);
    case "without-settling":
      return withoutSettling(driver);
    case "without-sync":
      return withoutSync(driver);
    case "stale-heads":
      return withStaleHeads(driver);
    case "deferred-lock":
      return withDeferredLock(driver, database);
    case "death":
      return withDeath(driver, double);
  }
}

import { createOperations, type Operation, type Operations } from "@skillmeat/migrate-core";

/** What a body records; it must not ask the database anything. */
export function recordOperations(body: (op: Operations) => void): readonly Operation[] {
  const recorded: Operation[] = [];
  const op = createOperations({
    record: (operation) => void recorded.push(operation),
    query: () => Promise.reject(new Error("this test has no database")),
  });
  body(op);
  return recorded;
}

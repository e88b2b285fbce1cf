import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { buildChildren, type ChildPrograms } from "../src/child/build-children.ts";

export interface Place {
  readonly children: ChildPrograms;
  readonly workspace: string;
}

/** Builds the child programs and a directory for the tests of one file; returns what gives both. */
export function usePlace(): () => Place {
  let place: Place | undefined;
  beforeAll(async () => {
    place = { children: await buildChildren(), workspace: await mkdtemp(join(tmpdir(), "torture-")) };
  });
  afterAll(async () => {
    if (place !== undefined) await rm(place.workspace, { recursive: true });
  });
  return () => {
    if (place === undefined) throw new Error("the place is made by a hook, before the first test");
    return place;
  };
}

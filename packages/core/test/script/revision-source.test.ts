import { describe, expect, expectTypeOf, test, vi } from "vitest";
import { defineRevision } from "../../src/script/define-revision.ts";
import { readRevisionDirectory } from "../../src/script/read-revision-directory.ts";
import type { Revision } from "../../src/script/revision.ts";
import { sourcesFromArray } from "../../src/script/revision-source.ts";

const first = defineRevision({
  revision: "a",
  downRevision: null,
  upgrade(op) {
    op.execute("SELECT 1");
  },
});

describe("revisions given in an array", () => {
  test("have no file, and load as they are", async () => {
    const [source] = sourcesFromArray([first]);
    expect(source).toMatchObject({ path: null, headerSource: "given" });
    expect(source?.info).toStrictEqual({
      revision: "a",
      downRevision: null,
      branchLabels: undefined,
      dependsOn: undefined,
      replaces: undefined,
      minimumReader: undefined,
      message: undefined,
      createDate: undefined,
    });
    expect(await source?.load()).toMatchObject({ revision: "a", downgrade: undefined });
  });

  test("are frozen", async () => {
    const merge = { ...first, downRevision: ["x", "y"] };
    const [source] = sourcesFromArray([merge]);
    expect(Object.isFrozen(source?.info)).toBe(true);
    expect(Object.isFrozen(source?.info.downRevision)).toBe(true);
    expect(Object.isFrozen(await source?.load())).toBe(true);
    merge.downRevision.push("z");
    expect(source?.info.downRevision).toEqual(["x", "y"]);
  });

  test("are named by their place when they are none", () => {
    const broken = [first, { revision: "b", downRevision: null }] as unknown as readonly Revision[];
    expect(() => sourcesFromArray(broken)).toThrow(
      expect.objectContaining({
        code: "SKM_SCRIPT_EXPORT",
        message: 'revision 2 of the array has no "upgrade"',
      }),
    );
  });
});

describe("defineRevision", () => {
  test("returns its argument", () => {
    const definition: Revision = { revision: "a", downRevision: ["b", "c"], upgrade: async () => {} };
    expect(defineRevision(definition)).toBe(definition);
  });

  test("checks and completes the fields", () => {
    expectTypeOf(first).toEqualTypeOf<Revision>();
    expectTypeOf(defineRevision).parameter(0).toHaveProperty("upgrade");
    // @ts-expect-error -- the down revision must be said
    defineRevision({ revision: "a", upgrade() {} });
    // @ts-expect-error -- misspelt
    defineRevision({ revision: "a", downRevision: null, dependOn: "b", upgrade() {} });
    // @ts-expect-error -- without a body
    defineRevision({ revision: "a", downRevision: null });
  });
});

test("where there is no file system, reading files says what to do instead", async () => {
  const lookUp = vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
  const error: unknown = await readRevisionDirectory("revisions").catch((reason: unknown) => reason);
  lookUp.mockRestore();
  expect(error).toMatchObject({
    code: "SKM_SCRIPT_DIR",
    hint: "import the revisions and pass them as an array",
  });
});

import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { RevisionInfo } from "../revision/revision-info.ts";
import { headerFields, type HeaderField } from "./header-field.ts";
import type { Revision, RevisionBody } from "./revision.ts";
import {
  describeValue,
  isFilledString,
  wrongExport,
  wrongField,
  type RevisionPlace,
} from "./wrong-export.ts";

type Fields = Readonly<Record<string, unknown>>;

const template = 'export default defineRevision({ revision: "…", downRevision: null, upgrade(op) { … } })';

/**
 * Checks the fields of a header and gives them their one form: absent and `null` optional fields are
 * `undefined`, the rest is taken as written.
 *
 * @throws {SKM_SCRIPT_EXPORT} a field is missing or of the wrong type
 */
export function toRevisionInfo(fields: Fields, place: RevisionPlace): RevisionInfo {
  return Object.freeze({
    revision: takeId(fields, place),
    downRevision: takeDownRevision(fields["downRevision"], place),
    branchLabels: takeNames(fields["branchLabels"], "branchLabels", place),
    dependsOn: takeNames(fields["dependsOn"], "dependsOn", place),
    replaces: takeNames(fields["replaces"], "replaces", place),
    minimumReader: takeNames(fields["minimumReader"], "minimumReader", place),
    message: takeText(fields["message"], "message", place),
    createDate: takeText(fields["createDate"], "createDate", place),
  });
}

/**
 * Checks what a revision file exports: a default export, or else the same names one by one.
 *
 * @throws {SKM_SCRIPT_EXPORT} it is no revision
 */
export function toRevision(exported: unknown, place: RevisionPlace): Revision {
  const definition = pickDefinition(exported, place);
  assertSpelling(definition, place);
  const info = toRevisionInfo(definition, place);
  const upgrade = takeBody(definition, "upgrade", place);
  const downgrade = takeBody(definition, "downgrade", place);
  if (upgrade === undefined) {
    throw wrongExport(place, 'has no "upgrade"', {
      field: "upgrade",
      hint: "write `upgrade(op) { … }`; an empty body is fine for a merge",
    });
  }
  return Object.freeze({ ...info, upgrade, downgrade });
}

/** The header of a revision, without its bodies. */
export function pickInfo(revision: Revision): RevisionInfo {
  const { upgrade: _, downgrade: __, ...info } = revision;
  return Object.freeze(info);
}

function pickDefinition(exported: unknown, place: RevisionPlace): Fields {
  if (isObject(exported) && !("default" in exported)) return exported;
  const whole = isObject(exported) ? unwrapCommonJs(exported["default"]) : exported;
  if (isObject(whole)) return whole;
  throw wrongExport(place, `must export a revision as default, not ${describeValue(whole)}`, {
    field: "default",
    hint: template,
  });
}

/** What a compiler made of `export default` when it wrote CommonJS. */
function unwrapCommonJs(value: unknown): unknown {
  return isObject(value) && value["__esModule"] === true && "default" in value ? value["default"] : value;
}

function takeId(fields: Fields, place: RevisionPlace): string {
  const id = fields["revision"];
  if (typeof id === "string" && id !== "") return id;
  if (id === undefined) throw wrongExport(place, 'has no "revision"', { field: "revision", hint: template });
  throw wrongField(place, "revision", { expected: "a string that is not empty", found: id });
}

function takeDownRevision(value: unknown, place: RevisionPlace): string | readonly string[] | null {
  if (value === null) return null;
  if (value === undefined) {
    throw wrongExport(place, 'has no "downRevision"', {
      field: "downRevision",
      hint: "name the revision before this one, or write `downRevision: null` for the first one",
    });
  }
  const names = toNames(value);
  if (names !== undefined && names.length > 0) return names;
  throw wrongField(place, "downRevision", {
    expected: "an id, an array of ids, or null for a base",
    found: value,
  });
}

function takeNames(
  value: unknown,
  field: HeaderField,
  place: RevisionPlace,
): string | readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  const names = toNames(value);
  if (names !== undefined) return names;
  throw wrongField(place, field, { expected: "a string or an array of strings", found: value });
}

function toNames(value: unknown): string | readonly string[] | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (!Array.isArray(value) || !value.every(isFilledString)) return undefined;
  return Object.freeze([...value]);
}

function takeText(value: unknown, field: HeaderField, place: RevisionPlace): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  throw wrongField(place, field, { expected: "a string", found: value });
}

function takeBody(
  definition: Fields,
  field: "upgrade" | "downgrade",
  place: RevisionPlace,
): RevisionBody | undefined {
  const body = definition[field];
  if (body === undefined || body === null) return undefined;
  if (isBody(body)) return (op) => body.call(definition, op);
  throw wrongField(place, field, { expected: "a function", found: body });
}

function isBody(value: unknown): value is RevisionBody {
  return typeof value === "function";
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

/** `down_revision` or `dependson` would otherwise count as absent and silently change the graph. */
function assertSpelling(fields: Fields, place: RevisionPlace): void {
  const names = [...headerFields, "upgrade", "downgrade"];
  for (const key of Object.keys(fields)) {
    const plain = key.toLowerCase().replaceAll("_", "");
    const meant = names.find((name) => name.toLowerCase() === plain);
    if (meant === undefined || meant in fields) continue;
    throw wrongExport(place, `has ${quoteForMessage(key)} where "${meant}" is meant`, {
      field: meant,
      hint: `rename it to ${meant}`,
    });
  }
}

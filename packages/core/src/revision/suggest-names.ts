/** Most suggestions that an error message carries. */
const maxSuggestions = 3;

/**
 * Picks the names most like a mistyped one, best first: those that contain it or differ in few places.
 * Runs only while an error is made; linear in the number of names.
 */
export function suggestNames(text: string, names: Iterable<string>): readonly string[] {
  const wanted = text.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  const scored: { readonly name: string; readonly distance: number }[] = [];
  if (wanted === "") return [];
  for (const name of names) {
    const distance = measureDistance(wanted, name.toLowerCase(), limit);
    if (distance <= limit) scored.push({ name, distance });
  }
  scored.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return scored.slice(0, maxSuggestions).map((entry) => entry.name);
}

/** Edits between two texts; a text of three characters or more inside the other counts as one edit. */
function measureDistance(wanted: string, name: string, limit: number): number {
  if (wanted.length > 2 && name.includes(wanted)) return 1;
  if (Math.abs(wanted.length - name.length) > limit) return limit + 1;
  let previous = Array.from({ length: name.length + 1 }, (_, column) => column);
  for (let row = 1; row <= wanted.length; row += 1) {
    previous = nextRow(previous, { wanted, name, row });
    if (Math.min(...previous) > limit) return limit + 1;
  }
  return previous.at(-1) ?? 0;
}

/** One row of the edit-distance table (Levenshtein), from the row before. */
function nextRow(
  previous: readonly number[],
  { wanted, name, row }: { readonly wanted: string; readonly name: string; readonly row: number },
): number[] {
  const current = [row];
  for (let column = 1; column <= name.length; column += 1) {
    const replaced = (previous[column - 1] ?? 0) + (wanted[row - 1] === name[column - 1] ? 0 : 1);
    const inserted = (current[column - 1] ?? 0) + 1;
    const dropped = (previous[column] ?? 0) + 1;
    current.push(Math.min(replaced, inserted, dropped));
  }
  return current;
}

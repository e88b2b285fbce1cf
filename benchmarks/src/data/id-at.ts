/** The id of the revision at a position from 0. */
export function idAt(position: number): string {
  return `r${String(position).padStart(5, "0")}`;
}

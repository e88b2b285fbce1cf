import { verdictOf, type Finding } from "./finding.ts";

/** Renders findings as a table of Markdown, padded so that it can be read as it is. */
export function renderTable(findings: readonly Finding[]): string {
  const rows = [
    ["what", "floor", "ours", "value", "goal", ""],
    ...findings.map((finding) => [
      finding.what,
      finding.floor,
      finding.ours,
      showValue(finding.value, finding),
      finding.goal === null ? "" : `≤ ${showValue(finding.goal, finding)}`,
      verdictOf(finding),
    ]),
  ];
  const widths =
    rows[0]?.map((_cell, column) => Math.max(...rows.map((row) => (row[column] ?? "").length))) ?? [];
  const render = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [render(head), rule, ...body.map(render)].join("\n");
}

function showValue(value: number, { unit }: Finding): string {
  if (unit === "×") return `${value.toFixed(2)}×`;
  return `${value >= 100 ? value.toFixed(0) : value.toFixed(1)}${unit === "" ? "" : ` ${unit}`}`;
}

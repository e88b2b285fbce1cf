/** The members of vitest's JSON report that are counted. */
export interface TestReport {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  /** Skipped, todo, or not reached. */
  readonly skipped: number;
}

/**
 * Adds up the reports of several packages.
 *
 * A file that fails without a failing test (it does not load, a hook throws) counts as one failed test: its
 * tests did not run, and a sum that leaves them out would read like success.
 */
export function sumReports(reports: readonly TestReport[]): TestCounts {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { testResults } of reports) {
    for (const file of testResults) {
      const failedBefore = counts.failed;
      for (const { status } of file.assertionResults) counts[bucketOf(status)] += 1;
      if (file.status === "failed" && counts.failed === failedBefore) counts.failed += 1;
    }
  }
  return counts;
}

/** `"12 passed, 0 failed"`, with the skipped ones when there are any. */
export function renderCounts({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}

function bucketOf(status: string): keyof TestCounts {
  if (status === "passed" || status === "failed") return status;
  return "skipped";
}

import type { Finding } from "../report/finding.ts";

export interface WorkloadOptions {
  /** An empty directory of its own. */
  readonly workspace: string;
  /** Multiplies the number of rounds: 1 unless told. */
  readonly effort: number;
}

/** One question about speed, with its answer as findings. */
export interface Workload {
  readonly name: string;
  readonly title: string;
  run(options: WorkloadOptions): Promise<readonly Finding[]>;
}

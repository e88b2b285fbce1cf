import process from "node:process";
import type { Measures } from "./run-program.ts";

/** Measures this process from now on. */
export function startStopwatch(): () => Measures {
  const cpu = process.cpuUsage();
  const start = performance.now();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { wallMs: performance.now() - start, cpuMs: (user + system) / 1000 };
  };
}

/** The most memory that this process had at a time, in MB. */
export function peakMemory(): number {
  return process.resourceUsage().maxRSS / 1024;
}

import type { Invocation } from "../project/invocation.ts";

/** Carries out one command; returns the exit code. What it throws is reported by the caller. */
export type Command = (invocation: Invocation) => Promise<number>;

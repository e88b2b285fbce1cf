import type { RunEvent, RunListener, Step } from "@skillmeat/migrate-core";
import type { Invocation } from "../project/invocation.ts";
import { firstParagraph, showBytes, showCount, showDuration, showHeads, showNumber } from "./phrases.ts";

/** What a listener is given with a step that begins. */
export type StepStart = Extract<RunEvent, { readonly kind: "step-start" }>;

/** A step that takes longer than this is said to be at work, and how long it took. Milliseconds. */
const worthSaying = 500;
/** Milliseconds between two lines about waiting. */
const waitLineEvery = 5000;
/** Milliseconds between two lines about rows: where they can be written over, and where they add up. */
const drawEvery = 100;
const progressLineEvery = 5000;

type Talker = Pick<Invocation, "output" | "now" | "supervision">;

interface Memory {
  lastLineAt: number;
  nextWaitLine: number;
  nextDraw: number;
}

/** Makes the listener that tells on standard error what a run does, while it does it. */
export function reportRun({ output, now, supervision }: Talker): RunListener {
  const memory: Memory = { lastLineAt: now(), nextWaitLine: worthSaying, nextDraw: now() };
  const talk = (line: string): void => {
    memory.lastLineAt = now();
    output.talk(line);
  };
  return (event) => {
    switch (event.kind) {
      case "step-start":
        return talk(describeStep(event));
      case "step-end":
        output.progress("");
        if (event.durationMs >= worthSaying)
          talk(`  ${event.statements} statements in ${showDuration(event.durationMs)}`);
        return;
      case "statement":
        if (output.mode.verbose) talk(`  ${event.number}: ${event.sql}`);
        else if (now() - memory.lastLineAt >= worthSaying)
          talk(`  statement ${event.number}: ${shorten(event.sql)}`);
        return;
      case "progress":
        return reportProgress(event, memory, { output, now, talk });
      case "wait":
        return reportWait(event, memory, talk);
      case "replan":
        return talk(`another process ${describeMoved(event.heads)}; looking at what is left`);
      case "restart":
        return talk("rolled back; a table has to be rebuilt, so it begins again with foreign keys suspended");
      case "warning":
        return output.alert(`warning ${event.code}: ${event.message}`, "warning");
      case "backup":
        return talk(describeBackup(event));
      case "backup-deleted":
        return talk(`deleted the backup ${event.path}`);
      case "restored":
        return talk(`restored ${event.path}`);
      case "process-exit":
        return supervision.reportExit(event.revision);
      case "run-start":
        return supervision.enter("run");
      case "run-end":
        return supervision.enter("command");
      case "commit":
        return;
    }
  };
}

function describeBackup({ path, bytes, reused }: Extract<RunEvent, { readonly kind: "backup" }>): string {
  return `backup: ${path}, ${showBytes(bytes)}, checked${reused ? "; it was there already" : ""}`;
}

/** At base the version rows may be the same, and the database not be empty any more as a snapshot needs it. */
function describeMoved(heads: readonly string[]): string {
  return heads.length === 0 ? "changed the database" : `moved the database to ${showHeads(heads)}`;
}

type Progress = Extract<RunEvent, { readonly kind: "progress" }>;

interface ProgressVoice extends Pick<Talker, "output" | "now"> {
  readonly talk: (line: string) => void;
}

/** One line that is written over on a terminal; elsewhere a line now and then. */
function reportProgress(event: Progress, memory: Memory, { output, now, talk }: ProgressVoice): void {
  const { lastLineAt } = memory;
  if (!output.mode.redraw) {
    if (now() - lastLineAt >= progressLineEvery) talk(describeProgress(event));
    return;
  }
  if (now() < memory.nextDraw) return;
  memory.nextDraw = now() + drawEvery;
  output.progress(describeProgress(event));
}

function describeProgress({ activity, table, rows, total, rowsPerSecond, remainingMs }: Progress): string {
  const percent = total === 0 ? 100 : Math.floor((rows / total) * 100);
  const pace = rowsPerSecond === null ? "" : `, ${showNumber(Math.round(rowsPerSecond))} rows/s`;
  const rest = remainingMs === null || rows >= total ? "" : `, about ${showDuration(remainingMs)} left`;
  return `  ${activity} ${table}: ${showNumber(rows)} of ${showNumber(total)} rows (${percent} %)${pace}${rest}`;
}

type Wait = Extract<RunEvent, { readonly kind: "wait" }>;

function reportWait({ waitedMs, holder }: Wait, memory: Memory, talk: (line: string) => void): void {
  if (waitedMs < memory.nextWaitLine) return;
  memory.nextWaitLine = waitedMs + waitLineEvery;
  const whom = holder ?? "another process that is writing to the database";
  talk(`waiting for ${whom} (${showDuration(waitedMs)})`);
}

/** A step as one line, in the form that readers of Alembic's log know. */
export function describeStep(start: Pick<StepStart, "step" | "message" | "downRevisions">): string {
  const { step, message, downRevisions } = start;
  const title = firstParagraph(message ?? "");
  return `Running ${describeMove(step, downRevisions)}${title === "" ? "" : `, ${title}`}`;
}

function describeMove(step: Step, downRevisions: readonly string[]): string {
  const down = downRevisions.join(", ");
  if (step.snapshot !== undefined)
    return `snapshot of ${showCount(step.snapshot.revisions, "revision")} -> ${step.headsAfter.join(", ")}`;
  if (step.kind === "upgrade") return `upgrade ${down} -> ${step.revision}`;
  if (step.kind === "downgrade") return `downgrade ${step.revision} -> ${down}`;
  return `stamp_revision ${leaving(step.headsBefore, step.headsAfter)} -> ${leaving(step.headsAfter, step.headsBefore)}`;
}

function leaving(from: readonly string[], to: readonly string[]): string {
  return from.filter((id) => !to.includes(id)).join(", ");
}

function shorten(sql: string): string {
  const line = sql.replaceAll(/\s+/gu, " ").trim();
  return line.length > 100 ? `${line.slice(0, 100)}…` : line;
}

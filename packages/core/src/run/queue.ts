import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "../driver/driver.ts";
import { toMigrationError } from "../driver/to-migration-error.ts";
import { throwIfAborted } from "../driver/wait-for-lock.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import {
  fenceOf,
  leaseSeconds,
  readLock,
  releaseLock,
  takeLock,
  type Lease,
  type LockOwner,
  type LockState,
} from "../version/courtesy-lock.ts";
import type { Statement } from "../driver/statement.ts";
import type { RunListener } from "./events.ts";
import type { Session } from "./session.ts";

/**
 * The line in which runs on a server wait for each other. Nothing depends on it: the guards inside each unit
 * decide what is applied. It only keeps a waiting run from taking the transaction of the one at work away, as a
 * server does for a writer that has waited for some seconds.
 */
export interface Queue {
  readonly isHeld: () => boolean;
  /** Waits until it is this run's turn; holds on to the turn when it has it. */
  enter(): Promise<"new" | "held">;
  /** The first statement of the next unit while the turn is this run's. */
  fence(): Statement | undefined;
  /** Looks again before the next unit whether the turn is still this run's. */
  doubt(): void;
  /** Lets the next one in. Never throws: what goes wrong is a warning. */
  leave(): Promise<void>;
}

export interface QueueOptions {
  readonly signal: AbortSignal;
  readonly emit: RunListener;
}

const firstPauseMs = 100;
const longestPauseMs = 1000;
/** Milliseconds after which a turn is made to last longer, between two units. */
const renewAfterMs = (leaseSeconds * 1000) / 4;

export function createQueue(session: Session, { signal, emit }: QueueOptions): Queue {
  const owner: LockOwner = { id: randomUUID(), holder: `process ${process.pid} on ${hostname()}` };
  let lease: Lease | undefined;
  let takenAt = 0;
  let isDoubtful = false;

  const take = async (connection: Connection): Promise<void> => {
    takenAt = performance.now();
    isDoubtful = false;
    lease = await takeLock(connection, owner);
  };
  const enter = async (): Promise<"new" | "held"> => {
    const connection = await session.openForWriting();
    if (lease !== undefined) {
      if (!isDoubtful && performance.now() - takenAt < renewAfterMs) return "held";
      await take(connection);
      if (lease !== undefined) return "held";
    }
    const started = performance.now();
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
      const state = await readLock(connection);
      if (state === null || state.lapsesInMs < 0) await take(connection);
      if (lease !== undefined) return "new";
      const waitedMs = Math.round(performance.now() - started);
      if (waitedMs >= session.options.waitMs) throw waitedTooLong(state, waitedMs);
      emit({ kind: "wait", waitedMs, ...(state === null ? {} : { holder: state.holder }) });
      await pause(Math.min(pauseMs * (0.5 + Math.random()), session.options.waitMs - waitedMs), signal);
    }
  };
  return {
    isHeld: () => lease !== undefined,
    enter: async () => {
      try {
        return await enter();
      } catch (error) {
        throw toMigrationError(error);
      }
    },
    fence: () => (lease === undefined ? undefined : fenceOf(lease)),
    doubt: () => void (isDoubtful = true),
    leave: async () => {
      const held = lease;
      lease = undefined;
      const connection = session.connection();
      if (held === undefined || connection === undefined) return;
      try {
        await releaseLock(connection, held);
      } catch (error) {
        const { message } = toMigrationError(error);
        emit({
          kind: "warning",
          code: "SKM_LOCK_LEFT",
          message: `the courtesy lock could not be given back and lapses within ${leaseSeconds} seconds: ${message}`,
        });
      }
    },
  };
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  }
}

function waitedTooLong(state: LockState | null, waitedMs: number): MigrationError {
  const holder = state?.holder ?? "another run";
  const lapses = Math.ceil((state?.lapsesInMs ?? 0) / 1000);
  return new MigrationError(
    "SKM_BUSY",
    `${quoteForMessage(holder)} is at work on the database; waited ${waitedMs} ms in line`,
    {
      details: { ...state, waitedMs },
      hint: `wait longer; its turn ends in ${lapses} s unless it works on, or end it with \`skillmeat-migrate lock break\` when it is dead`,
    },
  );
}

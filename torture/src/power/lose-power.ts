import type { FileEvent } from "./file-event.ts";

type Change = Extract<FileEvent, { readonly kind: "write" | "truncate" }>;

/** A file as the disk has it, and what was asked of it since its last sync. */
interface Inode {
  durable: Buffer;
  pending: Change[];
}

interface Disk {
  /** Names as the disk has them. */
  readonly durable: Map<string, Inode>;
  /** Names as the process sees them. */
  readonly names: Map<string, Inode>;
  /** What was asked of the directory since its last sync. */
  pending: { readonly name: string; readonly inode: Inode | undefined }[];
}

const sector = 512;

/**
 * The files as they may be found when the power is lost after some events. Of what was not synced, any part
 * may be there, in whole or torn at a sector; of what was synced, everything is. Changes of the directory
 * reach the disk in their order.
 *
 * @param before the files at the beginning, all of them durable.
 * @param random numbers in [0, 1) that choose what is there.
 */
export function losePower(
  before: ReadonlyMap<string, Buffer>,
  events: readonly FileEvent[],
  random: () => number,
): ReadonlyMap<string, Buffer> {
  const disk = createDisk(before);
  for (const event of events) applyEvent(disk, event);
  const kept = Math.floor(random() * (disk.pending.length + 1));
  for (const { name, inode } of disk.pending.slice(0, kept)) setName(disk.durable, name, inode);
  // Often nothing or everything is there; a share between is the rarer case.
  const share = [0, 1, random()][Math.floor(random() * 3)] ?? 0;
  return new Map([...disk.durable].map(([name, inode]) => [name, surviving(inode, share, random)]));
}

function createDisk(before: ReadonlyMap<string, Buffer>): Disk {
  const inodes = [...before].map(([name, durable]): [string, Inode] => [name, { durable, pending: [] }]);
  return { durable: new Map(inodes), names: new Map(inodes), pending: [] };
}

function applyEvent(disk: Disk, event: FileEvent): void {
  switch (event.kind) {
    case "create":
      if (!disk.names.has(event.file))
        changeName(disk, event.file, { durable: Buffer.alloc(0), pending: [] });
      break;
    case "unlink":
      changeName(disk, event.file, undefined);
      break;
    case "write":
    case "truncate":
      disk.names.get(event.file)?.pending.push(event);
      break;
    case "sync":
      syncFile(disk.names.get(event.file));
      break;
    case "sync-directory":
      for (const { name, inode } of disk.pending) setName(disk.durable, name, inode);
      disk.pending = [];
      break;
    case "acknowledge":
  }
}

function changeName(disk: Disk, name: string, inode: Inode | undefined): void {
  setName(disk.names, name, inode);
  disk.pending.push({ name, inode });
}

function setName(names: Map<string, Inode>, name: string, inode: Inode | undefined): void {
  if (inode === undefined) names.delete(name);
  else names.set(name, inode);
}

function syncFile(inode: Inode | undefined): void {
  if (inode === undefined) return;
  inode.durable = inode.pending.reduce(applyChange, inode.durable);
  inode.pending = [];
}

function surviving({ durable, pending }: Inode, share: number, random: () => number): Buffer {
  return pending
    .filter(() => random() < share)
    .reduce((content, change) => {
      return applyChange(content, share < 1 && random() < 0.2 ? tear(change, random) : change);
    }, durable);
}

/** Only the sectors before a random one reach the disk. */
function tear(change: Change, random: () => number): Change {
  if (change.kind === "truncate") return change;
  const { offset, data } = change;
  const first = sector - (offset % sector);
  const boundaries = Math.max(0, Math.ceil((data.length - first) / sector));
  const end = first + Math.floor(random() * boundaries) * sector;
  return { ...change, data: data.subarray(0, Math.min(end, data.length)) };
}

function applyChange(content: Buffer, change: Change): Buffer {
  if (change.kind === "truncate") return resize(content, change.size);
  const { offset, data } = change;
  const result = resize(content, Math.max(content.length, offset + data.length));
  data.copy(result, offset);
  return result;
}

/** A copy; what is new is zero. */
function resize(content: Buffer, size: number): Buffer {
  const result = Buffer.alloc(size);
  content.copy(result);
  return result;
}

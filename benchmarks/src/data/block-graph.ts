import type { RevisionInfo } from "@skillmeat/migrate-core";

/** A graph of blocks of ten: a stem, two branches, and the merge that ends the block. */
export function buildBlockGraph(size: number): readonly RevisionInfo[] {
  const infos: RevisionInfo[] = [];
  let tip: string | null = null;
  while (infos.length < size) {
    const block = buildBlock(infos.length, tip, Math.min(10, size - infos.length));
    infos.push(...block);
    tip = block.at(-1)?.revision ?? tip;
  }
  return infos;
}

/** Positions in a block: 0 to 2 stem, 3 to 5 left, 6 to 8 right, 9 merge. A shorter last block is a chain. */
function buildBlock(offset: number, tip: string | null, length: number): readonly RevisionInfo[] {
  const id = (position: number): string => `n${offset + position}`;
  const parentOf = (position: number): RevisionInfo["downRevision"] => {
    if (position === 0) return tip;
    if (length < 10) return id(position - 1);
    if (position === 6) return id(2);
    return position === 9 ? [id(5), id(8)] : id(position - 1);
  };
  return Array.from({ length }, (_, position) => ({
    revision: id(position),
    downRevision: parentOf(position),
  }));
}

/** Something that is measured, such as our program or the floor that it is compared with. */
export interface Contender<Sample> {
  readonly name: string;
  run(): Promise<Sample>;
}

/**
 * Measures all contenders in turn, round after round, beginning with another one each time, so that none
 * always runs after the same one and a slow minute of the machine meets all of them.
 *
 * @returns the samples of each contender, in the order of the rounds.
 */
export async function runRounds<Sample>(
  contenders: readonly Contender<Sample>[],
  rounds: number,
): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const samples = new Map<string, Sample[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const start = round % contenders.length;
    const order = [...contenders.slice(start), ...contenders.slice(0, start)];
    for (const contender of order) samples.get(contender.name)?.push(await contender.run());
  }
  return samples;
}

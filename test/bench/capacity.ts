import { seededRandom } from '../../lab/simulator/random.ts';
import { downlinkOf, type RoomMix } from '../../model/capacity/mixes.ts';
import { declaredPlatform } from '../../reports/capacity/platform.ts';
import { whatIfReport } from '../../reports/capacity/what-if.ts';
import { type Figure, figure } from './figures.ts';

const mixes = 10_000;

/** What-if over 10,000 generated mixes of one to six kinds of rooms, the search for what the pool carries included; the median of the runs. */
export function benchCapacity({ runs }: { readonly runs: number }): readonly Figure[] {
  const platform = declaredPlatform();
  const asked = generatedMixes(mixes);
  const seconds: number[] = [];
  for (let run = 0; run < runs; run++) {
    const startedMs = performance.now();
    for (const mix of asked)
      whatIfReport(
        {
          participants: 50_000,
          mix,
          size: platform.size,
          spareNodes: 1,
          ceilings: platform.ceilings,
          fullHoursPerDay: 4,
        },
        platform,
      );
    seconds.push((performance.now() - startedMs) / 1_000);
  }
  const median = seconds.sort((a, b) => a - b)[Math.floor(seconds.length / 2)] ?? Number.NaN;
  return [figure('what-if over 10,000 room mixes', median, 's', { must: 2 })];
}

function generatedMixes(count: number): RoomMix[] {
  const random = seededRandom(20_261_121);
  const upTo = (most: number) => Math.floor(random() * (most + 1));
  return Array.from({ length: count }, (_, index) => ({
    name: `mix ${index}`,
    about: 'generated',
    kinds: Array.from({ length: 1 + upTo(5) }, () => {
      const screen = { participants: 1 + upTo(499), tiles: upTo(25), speakers: upTo(10), mainVideos: upTo(1) };
      return { name: 'kind', share: 1 + upTo(9), participants: screen.participants, downlink: downlinkOf(screen) };
    }),
  }));
}

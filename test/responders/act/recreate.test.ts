import assert from 'node:assert/strict';
import { it } from 'node:test';
import { recreate } from '../../../responders/act/recreate.ts';
import { stage } from '../../support/procedure-scenarios.ts';

it('comes back with as many replicas as there were, whenever it is killed: the original came back with one', async () => {
  const params = { workload: 'chat-service', image: 'v2' };
  for (const killAt of [undefined, 0, 1, 2, 3, 4, 5]) {
    const { ports, play } = await stage({ params });
    const seen: number[] = [];
    const scale = ports.cluster.scale.bind(ports.cluster);
    const watched = {
      ...ports,
      cluster: {
        ...ports.cluster,
        scale: async (wish: Parameters<typeof scale>[0]) => {
          seen.push(wish.replicas);
          await scale(wish);
        },
      },
    };

    const { verdict, saw } = await play(recreate, params, killAt, watched);

    assert.equal(verdict, 'verified', saw);
    assert.deepEqual(seen, [0, 3], `killed after ${killAt}`);
    assert.equal((await ports.cluster.deployment('chat-service'))?.replicas, 3);
  }
});

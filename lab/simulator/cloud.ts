import { PortError } from '../../kernel/errors.ts';
import type { MicroUsd } from '../../kernel/money.ts';
import type { Cloud, CloudState, NodePool } from '../../responders/ports.ts';
import { memoryVolumes } from '../fakes/memory-volumes.ts';
import type { Rim } from './rim.ts';
import type { SimPool } from './state.ts';

const peer = 'digitalocean';
const clusterId = 'lab-cluster';

/** DigitalOcean of the simulated platform. */
export function simulatedCloud(rim: Rim): Cloud {
  const { volumes, volumeSnapshots, snapshotVolume, deleteVolume } = memoryVolumes([
    { id: 'lab-volume-1', name: 'old-recordings', sizeGib: 500, droplets: [] },
    { id: 'lab-volume-2', name: 'prometheus-0', sizeGib: 100, droplets: ['100000'] },
  ]);
  /** Answers unless the peer is away. */
  const here =
    <Args extends unknown[], Answer>(call: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      rim.state(peer);
      return await call(...args);
    };
  return {
    volumes: here(volumes),
    volumeSnapshots: here(volumeSnapshots),
    snapshotVolume: here(snapshotVolume),
    deleteVolume: here(deleteVolume),
    async read(): Promise<CloudState> {
      const state = rim.state(peer);
      return {
        pools: state.pools.map(showPool),
        dropletLimit: state.dropletLimit,
        droplets: state.nodes.length,
        monthToDate: Math.round(state.monthToDateMicroUsd) as MicroUsd,
        volumes: await volumes(),
      };
    },
    async setPoolFloor({ pool, nodes, runId }) {
      const state = rim.state(peer);
      const found = state.pools.find((candidate) => candidate.id === pool.id);
      if (found === undefined) throw new PortError(peer, 'not-found', `node pool ${pool.id} not found`);
      if (found.autoScale && nodes > found.maxNodes)
        throw new PortError(peer, 'invalid', `min_nodes ${nodes} is above max_nodes ${found.maxNodes}`);
      if (state.nodes.length - found.count + nodes > state.dropletLimit)
        throw new PortError(peer, 'invalid', 'droplet limit reached');
      if (found.autoScale) found.minNodes = nodes;
      else found.count = nodes;
      rim.record({ peer, verb: 'setPoolFloor', target: found.name, value: nodes, runId });
    },
    async autoscalePool({ pool, minNodes, maxNodes, runId }) {
      const found = rim.state(peer).pools.find((candidate) => candidate.id === pool.id);
      if (found === undefined) throw new PortError(peer, 'not-found', `node pool ${pool.id} not found`);
      if (minNodes > maxNodes) throw new PortError(peer, 'invalid', 'min_nodes must be at most max_nodes');
      Object.assign(found, { autoScale: true, minNodes, maxNodes });
      rim.record({ peer, verb: 'setPoolFloor', target: found.name, value: minNodes, runId });
    },
  };
}

function showPool(pool: SimPool): NodePool {
  const { id, name, size, count, autoScale, minNodes, maxNodes } = pool;
  return { id, clusterId, name, size, count, autoScale, minNodes, maxNodes };
}

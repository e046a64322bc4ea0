import { createSimulator, type Simulator } from '../../../lab/simulator/simulator.ts';
import { cloudContract } from './digitalocean/contract.ts';
import { clusterContract, known } from './kubernetes/contract.ts';
import { fleetContract } from './livekit/contract.ts';

// The lab's platform stands behind the same ports as the live adapters: what the contracts ask of these they ask of it.

const volumes = { idle: 'old-recordings', held: 'prometheus-0' };

function heldSimulator(): { simulator: Simulator; pass(seconds: number): void } {
  let nowMs = 1_800_000_000_000;
  const simulator = createSimulator({ clock: { now: () => nowMs, async sleep() {} }, factor: 1 });
  return {
    simulator,
    pass(seconds) {
      nowMs += seconds * 1_000;
    },
  };
}

clusterContract('the simulator', async () => {
  const { simulator } = heldSimulator();
  simulator.control.autoscale({ minReplicas: 2, maxReplicas: 20, targetCpuRatio: 0.6 });
  const pod = known((await simulator.cluster.read()).pods.find(({ workload }) => workload === 'meeting-service'));
  return {
    cluster: simulator.cluster,
    deployment: 'meeting-service',
    pod: pod.name,
    autoscaled: 'livekit-sfu',
    async close() {},
  };
});

cloudContract('the simulator', async () => {
  const { simulator } = heldSimulator();
  const [pool] = simulator.view().pools;
  return { cloud: simulator.cloud, autoscaled: pool?.name, fixed: undefined, volumes, async close() {} };
});

cloudContract('the simulator, with a pool of a fixed size', async () => {
  const { simulator } = heldSimulator();
  const pool = known(simulator.view().pools[0]);
  simulator.control.setPool(pool.name, { autoScale: false });
  return { cloud: simulator.cloud, autoscaled: undefined, fixed: pool.name, volumes, async close() {} };
});

fleetContract('the simulator', async () => {
  const { simulator, pass } = heldSimulator();
  const [busy, empty] = simulator.view().sfus;
  simulator.control.startMeeting({ name: 'standup', participants: 3, on: known(busy).pod });
  // Long enough for everybody to have joined.
  for (let step = 0; step < 60; step += 1) {
    pass(1);
    simulator.view();
  }
  return {
    fleet: simulator.fleet,
    busyNode: known(busy).nodeId,
    emptyNode: known(empty).nodeId,
    participants: 3,
    pass: async () => pass(15),
    async loseRedis() {
      simulator.control.setAway('redis', true);
    },
    async close() {},
  };
});

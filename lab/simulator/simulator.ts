import type { LiveKitSource } from '../../exporters/livekit/domain.ts';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import type { Backups, Cloud, Cluster, Databases, Edge, FleetSource, Objects } from '../../responders/ports.ts';
import { defaultLabFactor, type LabTime } from '../time.ts';
import { simulatedCloud } from './cloud.ts';
import { simulatedCluster } from './cluster.ts';
import { createControl, type SimControl } from './control.ts';
import { simulatedFleet } from './fleet.ts';
import { simulatedLiveKit } from './livekit-source.ts';
import { simulatedObjects } from './objects.ts';
import { bootedPlatform, type SimPlan, smallPlatform } from './platform.ts';
import { seededRandom } from './random.ts';
import { createRim, type SimPeer, type Write } from './rim.ts';
import type { SimState } from './state.ts';
import { createTroubles, type SimTroubles } from './troubles.ts';

/** A simulated GoMeet behind the responder's ports. Its time is the clock's, times the factor; whoever looks sees it as it is now. */
export interface Simulator {
  readonly time: LabTime;
  readonly cluster: Cluster;
  readonly fleet: FleetSource;
  readonly cloud: Cloud;
  /** RoomService and Redis, for the exporter. */
  readonly livekit: LiveKitSource;
  /** Objects, managed databases and names, for what looks for causes. */
  readonly beside: {
    readonly objects: Objects;
    readonly databases: Databases;
    readonly edge: Edge;
    readonly backups: Backups;
  };
  readonly troubles: SimTroubles;
  readonly control: SimControl;
  /** Writes that the peers accepted, oldest first. */
  readonly writes: readonly Write[];
  /** The platform as it is now, past every outage: for expectations and drawings. */
  view(): SimState;
  isAway(peer: SimPeer): boolean;
}

/** Builds a simulated platform. The same seed, clock and calls give the same run. */
export function createSimulator(
  options: { plan?: SimPlan; seed?: number; factor?: number; clock?: Clock } = {},
): Simulator {
  const rim = createRim(bootedPlatform(options.plan ?? smallPlatform), {
    clock: options.clock ?? systemClock,
    random: seededRandom(options.seed ?? 1),
    factor: options.factor ?? defaultLabFactor,
  });
  const troubles = createTroubles();
  const { databases, edge, backups } = troubles;
  return {
    time: rim.time,
    beside: { objects: simulatedObjects(rim, () => troubles.pods), databases, edge, backups },
    troubles,
    cluster: simulatedCluster(rim),
    fleet: simulatedFleet(rim),
    cloud: simulatedCloud(rim),
    livekit: simulatedLiveKit(rim),
    control: createControl(rim),
    writes: rim.writes,
    view: () => rim.state(),
    isAway: (peer) => rim.away.has(peer),
  };
}

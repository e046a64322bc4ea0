import { infrastructureOf, namesOf } from '../../responders/edge/declared.ts';
import type { Backups, Databases, Edge, KubeObject } from '../../responders/ports.ts';
import { memoryBackups } from '../fakes/memory-backups.ts';
import { managedDatabase, memoryDatabases } from '../fakes/memory-databases.ts';
import { memoryEdge } from '../fakes/memory-edge.ts';
import type { EmergencyPeers } from '../platform.ts';
import { type Trouble, troubledPod, wrongAddress } from '../troubles.ts';
import { simAddress } from './objects.ts';

/** What a drill can break beside the simulator's physics: pods that it adds, managed databases, names. */
export interface SimTroubles {
  readonly pods: readonly KubeObject[];
  readonly databases: Databases;
  readonly edge: Edge;
  /** The product's PostgreSQL, and what the service was told to do with it. */
  readonly account: EmergencyPeers;
  readonly backups: Backups;
  begin(trouble: Trouble, workload: string): Promise<void>;
}

/** Everything is well until something is begun. */
export function createTroubles(): SimTroubles {
  const infrastructure = infrastructureOf();
  if (infrastructure === undefined) throw new TypeError('production declares no infrastructure');
  const { domain, firewall, databases: declared } = infrastructure;
  const nameOf = (wanted: string): string => declared.find(({ engine }) => engine === wanted)?.name ?? '';
  const [database, valkey] = [nameOf('pg'), nameOf('valkey')];
  const clusters = [managedDatabase({ name: database }), managedDatabase({ name: valkey, engine: 'valkey' })];
  const backups = memoryBackups('backup-20261124-020000', ['postgresql', 'valkey'], Date.now() - 3_600_000);
  const base = memoryDatabases(clusters, {
    backupsAtMs: [Date.now() - 3_600_000],
    replicas: [`${database}-replica`],
  });
  const edge = memoryEdge({
    domain: domain.name,
    records: namesOf(infrastructure).map((name, id) => ({ id, type: 'A', name, data: simAddress })),
    firewall: firewall.name,
    inbound: firewall.inbound.map(({ protocol, ports }) => ({ protocol, ports, addresses: ['0.0.0.0/0', '::/0'] })),
  });
  const pods: KubeObject[] = [];
  let offline = false;
  return {
    pods,
    edge,
    backups,
    account: { database, databaseWrites: () => base.writes, valkey, restores: () => backups.writes },
    databases: {
      ...base,
      list: async () =>
        (await base.list()).map((one) => (offline && one.name === database ? { ...one, status: 'offline' } : one)),
    },
    async begin(trouble, workload) {
      const pod = troubledPod(trouble, workload);
      if (pod !== undefined) pods.push(pod);
      if (trouble === 'database') offline = true;
      if (trouble === 'load-balancer') {
        const records = await edge.records(domain.name);
        const id = records.find(({ name }) => name === 'app')?.id;
        await edge.putRecord({ domain: domain.name, id, name: 'app', data: wrongAddress });
      }
    },
  };
}

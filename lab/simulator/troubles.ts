import { infrastructureOf, namesOf } from '../../responders/edge/declared.ts';
import type { Databases, Edge, KubeObject } from '../../responders/ports.ts';
import { managedDatabase, memoryDatabases } from '../fakes/memory-databases.ts';
import { memoryEdge } from '../fakes/memory-edge.ts';
import { type Trouble, troubledPod, wrongAddress } from '../troubles.ts';
import { simAddress } from './objects.ts';

/** What a drill can break beside the simulator's physics: pods that it adds, managed databases, names. */
export interface SimTroubles {
  readonly pods: readonly KubeObject[];
  readonly databases: Databases;
  readonly edge: Edge;
  /** The product's PostgreSQL, and what the service was told to do with it. */
  readonly account: { readonly database: string; databaseWrites(): readonly string[] };
  begin(trouble: Trouble, workload: string): Promise<void>;
}

/** Everything is well until something is begun. */
export function createTroubles(): SimTroubles {
  const infrastructure = infrastructureOf();
  if (infrastructure === undefined) throw new TypeError('production declares no infrastructure');
  const { domain, firewall, databases: declared } = infrastructure;
  const [first] = declared;
  const database = first?.name ?? '';
  const base = memoryDatabases(first === undefined ? [] : [managedDatabase({ name: database })], {
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
    account: { database, databaseWrites: () => base.writes },
    databases: {
      ...base,
      list: async () => (await base.list()).map((one) => (offline ? { ...one, status: 'offline' } : one)),
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

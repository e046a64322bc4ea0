import type { Pool, Workload } from '../catalogue/define.ts';
import { postgresConnections } from '../connections.ts';
import type { Environment } from '../environments/define.ts';
import { dedicatedTaint } from '../objects/placement.ts';
import { hosts, type Settings } from '../settings.ts';
import type { DeclaredPool, DeclaredRecord, InboundRule, Infrastructure } from './define.ts';

/** Everything that an environment needs of DigitalOcean, all of it named after its cluster. */
export function declareInfrastructure({ name: environment, settings, pools, workloads }: Environment): Infrastructure {
  const { clusterName: name, region, spacesRegion, postgresql, valkey } = settings;
  const highlyAvailable = postgresql.nodes > 1;
  return {
    environment,
    region,
    tag: name,
    vpc: { name, ipRange: settings.vpcRange },
    cluster: {
      name,
      minorVersion: '1.34',
      ha: highlyAvailable,
      podRange: settings.podRange,
      serviceRange: settings.serviceRange,
      pools: pools.map(declarePool),
    },
    databases: [
      {
        kind: 'database',
        name: `${name}-postgresql`,
        engine: 'pg',
        version: '17',
        size: postgresql.size,
        nodes: postgresql.nodes,
        pools: [{ name: 'gomeet', database: 'gomeet', mode: 'transaction', size: poolSize(settings) }],
      },
      {
        kind: 'redis',
        name: `${name}-valkey`,
        engine: 'valkey',
        version: '8',
        size: valkey.size,
        nodes: valkey.nodes,
        evictionPolicy: 'noeviction',
        pools: [],
      },
      // The responder's journal stands apart from what it repairs.
      {
        kind: 'database',
        name: `${name}-responder`,
        engine: 'pg',
        version: '17',
        size: 'db-s-1vcpu-2gb',
        nodes: 1,
        pools: [],
      },
    ],
    loadBalancer: { name: settings.loadBalancerName, type: 'REGIONAL', nodes: highlyAvailable ? 2 : 1 },
    buckets: [
      { name: settings.spacesBucket, region: spacesRegion, for: 'recordings' },
      { name: settings.backupBucket, region: spacesRegion, for: 'backups' },
    ],
    registry: { name: 'gomeet', tier: 'professional', region: spacesRegion },
    firewall: { name: `${name}-media`, inbound: mediaRules(workloads) },
    domain: { name: settings.domain, records: records(settings) },
  };
}

/** Label by which the nodes of a pool are known beside DigitalOcean's own. */
const poolKey = 'gomeet.dev/pool';

function declarePool({ name, size, minNodes, maxNodes, dedicated }: Pool): DeclaredPool {
  return {
    name,
    size,
    minNodes,
    maxNodes,
    labels: { [poolKey]: name },
    taints: dedicated === true ? [dedicatedTaint(name)] : [],
  };
}

/** What reaches nodes straight from the internet: the public ports of what runs on the nodes' own network. */
function mediaRules(workloads: readonly Workload[]): readonly InboundRule[] {
  return workloads
    .filter(({ privilege }) => privilege?.hostNetwork)
    .flatMap(({ name, ports, public: open = [] }) =>
      ports
        .filter((port) => open.includes(port.name))
        .map(
          ({ name: portName, port, endPort, protocol }): InboundRule => ({
            protocol: protocol === 'UDP' ? 'udp' : 'tcp',
            ports: endPort === undefined ? String(port) : `${port}-${endPort}`,
            why: `${name} ${portName}`,
          }),
        ),
    );
}

/** At most the original's 200; what is reserved for people stays free. */
function poolSize({ postgresql, reservedConnections }: Settings): number {
  return Math.min(200, postgresConnections(postgresql) - reservedConnections);
}

/** One address for every host: the load balancer's. */
function records(settings: Settings): readonly DeclaredRecord[] {
  const { domain } = settings;
  return Object.values(hosts(settings)).map((host) => ({
    type: 'A',
    name: host === domain ? '@' : host.slice(0, -domain.length - 1),
  }));
}

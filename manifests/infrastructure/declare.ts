import type { Pool } from '../catalogue/define.ts';
import { workloads } from '../catalogue/index.ts';
import type { DeclaredPool, InboundRule, Infrastructure } from './define.ts';

/** What differs between environments; everything else follows. */
export interface Site {
  readonly environment: string;
  readonly region: string;
  readonly domain: string;
  readonly pools: readonly Pool[];
  /** Second number of the environment's networks, 10.N.0.0: environments of one account must not overlap. */
  readonly network: number;
  /** Whether control plane and databases have standbys. */
  readonly highlyAvailable: boolean;
  readonly databaseSizes: { readonly postgresql: string; readonly valkey: string };
}

/** The runbook's managed databases, 16 vCPU with 64 GB and 8 vCPU with 32 GB, by slugs that the API lists; its own `prod-…` slugs exist nowhere. */
export const documentedDatabases = { postgresql: 'gd-16vcpu-64gb', valkey: 'db-s-8vcpu-32gb' } as const;

/** Everything that an environment needs of DigitalOcean. */
export function declareInfrastructure(site: Site): Infrastructure {
  const { environment, region, network } = site;
  const name = `gomeet-${environment}`;
  const storageRegion = storageRegions[region] ?? region;
  const databaseNodes = site.highlyAvailable ? 3 : 1;
  return {
    environment,
    region,
    tag: name,
    // The runbook's 10.244.0.0/16 is DigitalOcean's own. Pods and services of a VPC-native cluster need ranges apart from the VPC's, which never grow.
    vpc: { name, ipRange: `10.${network}.0.0/16` },
    cluster: {
      name,
      minorVersion: '1.34',
      ha: site.highlyAvailable,
      podRange: `10.${network + 1}.0.0/16`,
      serviceRange: `10.${network + 2}.0.0/16`,
      pools: site.pools.map(declarePool),
    },
    databases: [
      {
        kind: 'database',
        name: `${name}-postgresql`,
        engine: 'pg',
        version: '17',
        size: site.databaseSizes.postgresql,
        nodes: databaseNodes,
        pools: [{ name: 'gomeet', database: 'gomeet', mode: 'transaction', size: 200 }],
      },
      {
        kind: 'redis',
        name: `${name}-valkey`,
        engine: 'valkey',
        version: '8',
        size: site.databaseSizes.valkey,
        nodes: databaseNodes,
        evictionPolicy: 'noeviction',
        pools: [],
      },
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
    loadBalancer: { name: `${name}-lb`, type: 'REGIONAL', nodes: site.highlyAvailable ? 2 : 1 },
    bucket: { name: `${name}-recordings`, region: storageRegion },
    registry: { name: 'gomeet', tier: 'professional', region: storageRegion },
    firewall: { name: `${name}-media`, inbound: mediaRules() },
    domain: {
      name: site.domain,
      records: ['@', 'app', 'api', 'livekit', 'traefik', 'grafana', 'prometheus'].map((host) => ({
        type: 'A',
        name: host,
      })),
    },
  };
}

/** Label and taint key by which a pod finds the nodes of its pool, and others keep away. */
export const poolKey = 'gomeet.dev/pool';

function declarePool({ name, size, minNodes, maxNodes, dedicated }: Pool): DeclaredPool {
  return {
    name,
    size,
    minNodes,
    maxNodes,
    labels: { [poolKey]: name },
    taints: dedicated === true ? [{ key: poolKey, value: name, effect: 'NoSchedule' }] : [],
  };
}

/** What reaches nodes straight from the internet: the public ports of what runs on the nodes' own network. */
function mediaRules(): readonly InboundRule[] {
  return workloads
    .filter(({ privilege }) => privilege?.hostNetwork)
    .flatMap(({ name, ports, public: open = [] }) =>
      ports
        .filter((port) => open.includes(port.name))
        .map(({ name: portName, port, endPort, protocol }) => ({
          protocol: protocol === 'UDP' ? 'udp' : 'tcp',
          ports: endPort === undefined ? String(port) : `${port}-${endPort}`,
          why: `${name} ${portName}`,
        })),
    );
}

/** Spaces and the registry are not in every region that has Droplets. */
const storageRegions: Readonly<Record<string, string>> = { nyc1: 'nyc3', nyc2: 'nyc3' };

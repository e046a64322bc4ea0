/** What is chosen once for an environment; where the two seed documents disagree, docs/adr says why this and not the other. */
export interface Settings {
  /** The six documented hosts hang below it: the README's gomeet.com, not the runbook's gomeet.app. */
  readonly domain: string;
  readonly region: string;
  /** Spaces is not offered in every region that has Droplets. */
  readonly spacesRegion: string;
  readonly spacesBucket: string;
  /** Names of buckets are taken once in a region, by whatever account. */
  readonly backupBucket: string;
  /** Nodes; pods and Services have ranges apart from it, which can never be changed. */
  readonly vpcRange: string;
  readonly podRange: string;
  readonly serviceRange: string;
  /** `gateway`: the load balancer passes TCP with the client's address, Traefik holds the certificates. */
  readonly tlsEndsAt: 'gateway';
  readonly loadBalancerName: string;
  readonly acmeEmail: string;
  readonly clusterName: string;
  /** Droplets the account may have; raised by DigitalOcean's support, read from GET /v2/account by `gomeet infra plan`. */
  readonly dropletLimit: number;
  readonly postgresql: Database;
  readonly valkey: Database;
  /** Replicas of the ceiling share what the database gives; kept back for people and standbys. */
  readonly reservedConnections: number;
  /** Server connections of each PgBouncer, where they are not derived from what the database gives. */
  readonly connectionsPerBouncer?: number;
  /** People at once that the environment is for, and the largest meeting among them. */
  readonly participants: number;
  readonly largestMeeting: number;
}

/** A managed database: a real slug, nodes, memory. */
export interface Database {
  readonly size: string;
  readonly nodes: number;
  readonly memoryGib: number;
}

/** What production is set to; the other environments say what they change. */
export const productionSettings: Settings = {
  domain: 'gomeet.com',
  region: 'nyc1',
  spacesRegion: 'nyc3',
  spacesBucket: 'gomeet-recordings',
  backupBucket: 'gomeet-backups',
  vpcRange: '10.100.0.0/16',
  podRange: '10.101.0.0/16',
  serviceRange: '10.102.0.0/18',
  tlsEndsAt: 'gateway',
  loadBalancerName: 'gomeet-gateway',
  acmeEmail: 'platform@gomeet.com',
  clusterName: 'gomeet-cluster',
  dropletLimit: 150,
  postgresql: { size: 'gd-16vcpu-64gb', nodes: 3, memoryGib: 64 },
  valkey: { size: 'db-s-8vcpu-32gb', nodes: 3, memoryGib: 32 },
  reservedConnections: 50,
  participants: 50_000,
  largestMeeting: 500,
};

/** Ranges that DigitalOcean keeps for itself (docs, VPC and DOKS): the runbook's 10.244.0.0/16 is one of them. */
export const reservedRanges: readonly { readonly range: string; readonly region?: string }[] = [
  { range: '10.244.0.0/16' },
  { range: '10.245.0.0/16' },
  { range: '10.246.0.0/24' },
  { range: '10.229.0.0/16' },
  { range: '10.10.0.0/16', region: 'nyc1' },
];

/** The hosts people and tools use. */
export function hosts({ domain }: Settings) {
  return {
    main: domain,
    www: `www.${domain}`,
    app: `app.${domain}`,
    api: `api.${domain}`,
    livekit: `livekit.${domain}`,
    turn: `turn.${domain}`,
    traefik: `traefik.${domain}`,
    grafana: `grafana.${domain}`,
    prometheus: `prometheus.${domain}`,
    console: `sre.${domain}`,
  } as const;
}

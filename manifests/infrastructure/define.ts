/** What can be left out of a plan, one `--skip-…` each. */
export const resourceKinds = [
  'vpc',
  'cluster',
  'database',
  'redis',
  'load-balancer',
  'spaces',
  'registry',
  'firewall',
  'domain',
] as const;
export type ResourceKind = (typeof resourceKinds)[number];

/** A node pool as DOKS is asked for it. */
export interface DeclaredPool {
  readonly name: string;
  readonly size: string;
  /** Nodes to begin with; afterwards the autoscaler's and the responder's. */
  readonly minNodes: number;
  readonly maxNodes: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly {
    readonly key: string;
    readonly value: string;
    readonly effect: 'NoSchedule' | 'NoExecute';
  }[];
}

/** A managed database cluster. */
export interface DeclaredDatabase {
  readonly kind: 'database' | 'redis';
  readonly name: string;
  readonly engine: 'pg' | 'valkey';
  readonly version: string;
  /** A slug of the API's own list, not a made-up one. */
  readonly size: string;
  readonly nodes: number;
  /** Valkey alone: LiveKit's room map does not survive an eviction. */
  readonly evictionPolicy?: 'noeviction';
  /** Pools of DigitalOcean's own PgBouncer; they need their database, which database initialisation makes. */
  readonly pools: readonly {
    readonly name: string;
    readonly database: string;
    readonly mode: 'transaction' | 'session';
    readonly size: number;
  }[];
}

/** A rule that lets packets in from anywhere. */
export interface InboundRule {
  readonly protocol: 'tcp' | 'udp';
  readonly ports: string;
  readonly why: string;
}

/** A DNS record; one without data points at the load balancer, whose address is known once its Service stands. */
export interface DeclaredRecord {
  readonly type: 'A' | 'CNAME' | 'CAA';
  readonly name: string;
  readonly data?: string;
}

/** What DigitalOcean is asked for, for one environment. */
export interface Infrastructure {
  readonly environment: string;
  readonly region: string;
  /** On everything that can bear one: by it a second run knows what the first made. */
  readonly tag: string;
  readonly vpc: { readonly name: string; readonly ipRange: string };
  readonly cluster: {
    readonly name: string;
    /** Minor version; the newest patch that DOKS offers is taken. */
    readonly minorVersion: string;
    readonly ha: boolean;
    readonly podRange: string;
    readonly serviceRange: string;
    readonly pools: readonly DeclaredPool[];
  };
  readonly databases: readonly DeclaredDatabase[];
  /** Made by the cluster from Traefik's Service, never by us: two makers would make two. */
  readonly loadBalancer: {
    readonly name: string;
    readonly type: 'REGIONAL' | 'REGIONAL_NETWORK';
    readonly nodes: number;
  };
  readonly buckets: readonly { readonly name: string; readonly region: string; readonly for: string }[];
  readonly registry: { readonly name: string; readonly tier: 'professional'; readonly region: string };
  /** On the cluster's own tag, so that nodes which the autoscaler adds have it too; DOKS reverts changes to its own firewall. */
  readonly firewall: { readonly name: string; readonly inbound: readonly InboundRule[] };
  readonly domain: { readonly name: string; readonly records: readonly DeclaredRecord[] };
}

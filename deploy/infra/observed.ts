import type { DeclaredPool, InboundRule } from '../../manifests/infrastructure/define.ts';

/** A VPC as the account has it. */
export interface ObservedVpc {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly ipRange: string;
}

/** A node pool as it stands. */
export interface ObservedPool extends Omit<DeclaredPool, 'taints'> {
  readonly id: string;
  readonly count: number;
  readonly autoScale: boolean;
  readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: string }[];
  readonly tags: readonly string[];
}

/** A DOKS cluster as it stands. */
export interface ObservedCluster {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly version: string;
  readonly ha: boolean;
  readonly tags: readonly string[];
  /** `running` when it can be used. */
  readonly status: string;
  readonly podRange: string | undefined;
  readonly serviceRange: string | undefined;
  readonly pools: readonly ObservedPool[];
}

/** A managed database cluster as it stands. */
export interface ObservedDatabase {
  readonly id: string;
  readonly name: string;
  readonly engine: string;
  readonly size: string;
  readonly nodes: number;
  readonly tags: readonly string[];
  /** `online` when it can be used. */
  readonly status: string;
  /** Who may connect; empty means anyone. */
  readonly trusted: readonly { readonly type: string; readonly value: string }[];
  readonly databases: readonly string[];
  readonly pools: readonly string[];
  readonly evictionPolicy: string | undefined;
}

/** A Cloud Firewall as it stands. */
export interface ObservedFirewall {
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly inbound: readonly Pick<InboundRule, 'protocol' | 'ports'>[];
}

/** A domain with its records. */
export interface ObservedDomain {
  readonly name: string;
  readonly records: readonly { readonly type: string; readonly name: string; readonly data: string }[];
}

/** What the account holds, as far as a plan looks at it. */
export interface Observed {
  readonly dropletLimit: number;
  readonly droplets: number;
  readonly vpcs: readonly ObservedVpc[];
  readonly clusters: readonly ObservedCluster[];
  readonly databases: readonly ObservedDatabase[];
  readonly firewalls: readonly ObservedFirewall[];
  readonly registry: string | undefined;
  readonly domains: readonly ObservedDomain[];
  readonly loadBalancers: readonly {
    readonly name: string;
    readonly ip: string | undefined;
    readonly status: string;
  }[];
  /** Names of the buckets; undefined where no Spaces key lets us look. */
  readonly buckets: readonly string[] | undefined;
  /** What can be ordered. */
  readonly offers: {
    /** Droplet sizes that the region has. */
    readonly sizes: readonly string[];
    /** Kubernetes versions, newest first. */
    readonly versions: readonly string[];
    /** Sizes of databases by engine. */
    readonly databaseSizes: Readonly<Record<string, readonly string[]>>;
  };
}

/** A container port. */
export interface Port {
  readonly name: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

/** Requests of one replica: CPU in cores, memory in GiB. */
export interface Requests {
  readonly cpuCores: number;
  readonly memoryGib: number;
}

/** Where a figure comes from, so that a reader can look it up; `bundle` is what this repository itself brings. */
export type Source = 'deployment-readme' | 'operations-runbook' | 'platform-survey' | 'livekit-docs' | 'bundle';

/** What runs: one entry of the platform catalogue. */
export interface Workload {
  /** Name of the Deployment, of the Service, and of the `service` label. */
  readonly name: string;
  readonly kind: 'Deployment' | 'managed';
  readonly owner: 'platform' | 'media' | 'api' | 'data';
  /** Undefined for what DigitalOcean runs for us. */
  readonly image: string | undefined;
  readonly ports: readonly Port[];
  readonly probe: { readonly path: string; readonly port: number } | undefined;
  readonly replicas: number;
  /** Most replicas that may ever run. */
  readonly maxReplicas: number;
  readonly requests: Requests;
  /** Name of the node pool it runs in; undefined for what DigitalOcean runs for us. */
  readonly pool: PoolName | undefined;
  /** Keys of secrets it reads, `secret/KEY`. */
  readonly secretKeys: readonly string[];
  /** Names of workloads that may talk to it, and on which port. */
  readonly clients: readonly { readonly from: string; readonly port: string }[];
  /** Whether a rollout restart is safe without a person: every replica is replaceable and holds no meeting. */
  readonly restartable: boolean;
  readonly sources: readonly Source[];
}

export type PoolName = 'sfu' | 'api' | 'monitoring' | 'system';

/** A DOKS node pool as declared. */
export interface Pool {
  readonly name: PoolName;
  readonly size: string;
  /** Nodes to begin with. */
  readonly nodes: number;
  readonly minNodes: number;
  readonly maxNodes: number;
  readonly sources: readonly Source[];
}

/** The Kubernetes namespace of the platform. */
export const platformNamespace = 'gomeet';

/** Types a workload. */
export function defineWorkload<const W extends Workload>(workload: W): W {
  return workload;
}

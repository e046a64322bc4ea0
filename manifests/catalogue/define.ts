/** A container port, or a range of them with `endPort`. */
export interface Port {
  readonly name: string;
  readonly port: number;
  /** Last port of a range; such a port is opened in firewalls and policies and not listed on the container. */
  readonly endPort?: number;
  readonly protocol: 'TCP' | 'UDP';
}

/** Requests or limits of one replica: CPU in cores, memory in GiB. */
export interface Requests {
  readonly cpuCores: number;
  readonly memoryGib: number;
}

/** Where a figure comes from, so that a reader can look it up; `bundle` is what this repository itself brings. */
export type Source = 'deployment-readme' | 'operations-runbook' | 'platform-survey' | 'livekit-docs' | 'bundle';

/** What of the world beyond the catalogue a workload has to reach. */
export type Outside = 'kubernetes-api' | 'internet-https' | 'internet-smtp' | 'internet-media' | 'internet-dns';

/** A query that an autoscaler divides by a target; its metrics must be in the metric catalogue, which the build checks. */
export interface ScalingMetric {
  readonly name: string;
  readonly query: string;
  /** Value of the query that one replica stands for. */
  readonly perReplica: number;
}

/** How the number of replicas is found, or why it stands still. */
export type Scaling =
  | { readonly kind: 'fixed'; readonly why: string }
  | {
      readonly kind: 'auto';
      /** Of requests; undefined where CPU says nothing of the load. */
      readonly cpuPercent?: number;
      readonly memoryPercent?: number;
      readonly metrics?: readonly ScalingMetric[];
      /** Replicas that may be added in 15 seconds, beside doubling. */
      readonly podsPer15s: number;
      /** `responder`: nothing but the responder, which knows the rooms, ever takes a replica away. */
      readonly scaleIn: 'slowly' | 'responder';
      /** What of the documented metrics is left out, and why. */
      readonly without?: string;
    };

/** Why a workload is not held to the restricted pod profile, and what it may do instead. */
export interface PodPrivilege {
  readonly why: string;
  readonly hostNetwork?: true;
  readonly hostPaths?: readonly string[];
  readonly user?: number;
  readonly capabilities?: readonly string[];
}

/** A volume of its own that each replica keeps. */
export interface Storage {
  readonly name: string;
  readonly mountPath: string;
  readonly gib: number;
}

/** A second container of the pod. */
export interface Sidecar {
  readonly name: string;
  readonly image: string;
  /** Names of the workload's ports that it, and not the main container, listens on. */
  readonly ports: readonly string[];
  readonly args?: readonly string[];
  readonly requests: Requests;
}

/** What runs: one entry of the platform catalogue. */
export interface Workload {
  /** Name of the object, of the Service, and of the `service` label. */
  readonly name: string;
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'CronJob' | 'managed';
  /** `upstream`: its objects come from a pinned release of its makers, not from here. */
  readonly rendered?: 'upstream';
  /** Labels by which its pods are known, where that is not `app`. */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** Names of ports that the API server asks, for admission or for an API of its own; it comes from an address of its own choice. */
  readonly askedByApiServer?: readonly string[];
  /** Namespace, where it is not the platform's. */
  readonly namespace?: string;
  readonly owner: 'platform' | 'media' | 'api' | 'data';
  /** Undefined for what DigitalOcean runs for us; without a tag for what we build, whose tag is the release. */
  readonly image: string | undefined;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly ports: readonly Port[];
  /** An HTTP path that answers 200, or with no path a port that accepts; `livePath` where being ready and being alive are asked apart. */
  readonly probe: { readonly path?: string; readonly livePath?: string; readonly port: number } | undefined;
  readonly replicas: number;
  /** Most replicas that may ever run. */
  readonly maxReplicas: number;
  readonly requests: Requests;
  /** Absent: memory as requested, CPU without a limit, since throttling hurts latency more than a neighbour does. */
  readonly limits?: Requests;
  /** Name of the node pool it runs in; undefined for what DigitalOcean runs for us, and for what runs on every node. */
  readonly pool: PoolName | undefined;
  /** Keys of secrets it reads, `secret/KEY`; each becomes a variable of that name. */
  readonly secretKeys: readonly string[];
  /** Folder in which the keys are files instead. */
  readonly secretsAt?: string;
  /** Folders it writes to, beside /tmp; nothing in them outlives the pod. */
  readonly scratch?: readonly string[];
  /** Names of workloads that may talk to it, and on which port. */
  readonly clients: readonly { readonly from: string; readonly port: string }[];
  /** Names of ports that anyone on the internet may reach. */
  readonly public?: readonly string[];
  readonly reaches?: readonly Outside[];
  readonly scaling?: Scaling;
  readonly privilege?: PodPrivilege;
  readonly storage?: readonly Storage[];
  readonly sidecars?: readonly Sidecar[];
  /** Pods that an eviction must leave, counted from below; all but one where nothing is said. */
  readonly minAvailable?: number;
  /** Seconds a pod may take to stop; 30 where nothing is said. */
  readonly graceSeconds?: number;
  /** Whether a rollout restart is safe without a person: every replica is replaceable and holds no meeting. Only Deployments are ever restarted. */
  readonly restartable: boolean;
  readonly sources: readonly Source[];
}

/** `worker-pool` is the one pool of the original set; the bundle's own environments have a pool for each kind. */
export type PoolName = 'sfu' | 'api' | 'monitoring' | 'system' | 'worker-pool';

/** A DOKS node pool as declared. */
export interface Pool {
  readonly name: PoolName;
  readonly size: string;
  /** Nodes to begin with. */
  readonly nodes: number;
  readonly minNodes: number;
  readonly maxNodes: number;
  /** Only what is meant for the pool runs there. */
  readonly dedicated?: true;
  /** Why it is another than the runbook's one pool. */
  readonly why?: string;
  readonly sources: readonly Source[];
}

/** The Kubernetes namespace of the platform. */
export const platformNamespace = 'gomeet';

/** Types a workload. */
export function defineWorkload<const W extends Workload>(workload: W): W {
  return workload;
}

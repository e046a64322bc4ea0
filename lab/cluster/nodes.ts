import { type KubernetesObject, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { poolLabel } from '../../manifests/objects/placement.ts';
import { allocatable, doksAgents } from '../../model/fit/doks.ts';
import type { LabApi } from './api.ts';
import { kubeletPath } from './kubelet-metrics.ts';
import { lostAnnotation } from './stages.ts';

/** A droplet size as DigitalOcean names it. */
export interface NodeSize {
  readonly slug: string;
  readonly cpuCores: number;
  readonly memoryGib: number;
}

/** The nodes of one pool, as they should be. */
export interface LabPool {
  readonly name: string;
  readonly size: NodeSize;
  readonly nodes: number;
  readonly taints?: readonly { readonly key: string; readonly value: string; readonly effect: 'NoSchedule' }[];
}

/** CPU-optimised, 32 vCPU and 64 GB: the operations runbook's node. */
export const c32: NodeSize = { slug: 'c-32', cpuCores: 32, memoryGib: 64 };

/** A node as DOKS registers one: labels of pool, size and region, real room for pods, and the taints of its pool. */
export function nodeObject(
  name: string,
  pool: Omit<LabPool, 'nodes'>,
): KubernetesObject & { spec: object; status: object } {
  const room = allocatable({ vcpus: pool.size.cpuCores, memoryGib: pool.size.memoryGib });
  const { pods } = room;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      // One server answers for every kubelet.
      annotations: { 'metrics.k8s.io/resource-metrics-path': kubeletPath(name) },
      labels: {
        [poolLabel]: pool.name,
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'node.kubernetes.io/instance-type': pool.size.slug,
        'topology.kubernetes.io/region': 'nyc1',
      },
    },
    spec: { providerID: `digitalocean://lab-${name}`, taints: pool.taints ?? [] },
    status: {
      // Set here, because KWOK would make it 1,000 cores and 1 TiB. DOKS' own agents run on no node of the lab, so their share is taken off.
      allocatable: {
        cpu: `${room.cpuMillicores - doksAgents.cpuMillicores}m`,
        memory: `${room.memoryMib - doksAgents.memoryMib}Mi`,
        pods: `${pods}`,
        'ephemeral-storage': '80Gi',
      },
      capacity: {
        cpu: `${pool.size.cpuCores}`,
        memory: `${pool.size.memoryGib}Gi`,
        pods: `${pods}`,
        'ephemeral-storage': '100Gi',
      },
      addresses: [
        { type: 'InternalIP', address: '127.0.0.1' },
        { type: 'Hostname', address: name },
      ],
    },
  };
}

/** Keeps the Kubernetes nodes of pools as many as DigitalOcean's pools say, each after a droplet's boot. */
export interface NodeFleet {
  /** Boots what a pool lacks of its number and returns at once. A pool that shrinks keeps its nodes: which go is DigitalOcean's choice, and nothing under test asks for it. */
  follow(pools: readonly LabPool[], options?: { bootMs: number }): void;
  /** The droplet dies without a word: the node stays, no longer ready. */
  lose(node: string): Promise<void>;
  /** Nodes that live, or boot. A dead droplet still counts in its pool. */
  names(pool: string): readonly string[];
  close(): void;
}

/** Starts with no nodes; `bootMs` is how long a droplet takes to join the cluster. */
export function startNodeFleet(api: LabApi, options: { bootMs: number; onError: (error: unknown) => void }): NodeFleet {
  const nodes = new Map<string, { readonly pool: string; readonly timer: NodeJS.Timeout; lost: boolean }>();
  let serial = 0;
  const of = (pool: string) => [...nodes].filter(([, node]) => node.pool === pool).map(([name]) => name);
  const boot = (pool: LabPool, bootMs: number) => {
    serial += 1;
    const name = `${pool.name}-${serial.toString(36).padStart(4, '0')}`;
    const create = () => void api.objects.create(nodeObject(name, pool)).catch(options.onError);
    nodes.set(name, { pool: pool.name, timer: setTimeout(create, bootMs), lost: false });
  };
  return {
    follow(pools, { bootMs } = options) {
      for (const pool of pools) {
        for (let count = of(pool.name).length; count < pool.nodes; count += 1) boot(pool, bootMs);
      }
    },
    async lose(name) {
      const node = nodes.get(name);
      if (node !== undefined) node.lost = true;
      const body = { metadata: { annotations: { [lostAnnotation]: 'true' } } };
      await api.core.patchNode({ name, body }, setHeaderOptions('Content-Type', PatchStrategy.MergePatch));
    },
    names: (pool) => of(pool).filter((name) => nodes.get(name)?.lost === false),
    close() {
      for (const { timer } of nodes.values()) clearTimeout(timer);
    },
  };
}

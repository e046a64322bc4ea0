import assert from 'node:assert/strict';
import type { KubernetesObject } from '@kubernetes/client-node';
import { nodeObject } from '../../lab/cluster/nodes.ts';
import type { Environment } from '../../manifests/environments/define.ts';
import { dedicatedTaint } from '../../manifests/objects/placement.ts';
import { nodeSize } from '../../model/prices.ts';

/** The nodes of an environment's pools at their least. */
export function poolNodes({ pools }: Environment): readonly KubernetesObject[] {
  return pools.flatMap((pool) => {
    const size = nodeSize(pool.size);
    assert.ok(size);
    return Array.from({ length: pool.minNodes }, (_, index) =>
      nodeObject(`${pool.name}-${index}`, {
        name: pool.name,
        size: { slug: size.slug, cpuCores: size.vcpus, memoryGib: size.memoryGib },
        ...(pool.dedicated ? { taints: [dedicatedTaint(pool.name)] } : {}),
      }),
    );
  });
}

/** Volumes that stand in for those that DigitalOcean's driver would make. */
export function volumesFor({ workloads }: Environment): readonly KubernetesObject[] {
  return workloads.flatMap(({ name, replicas, storage = [] }) =>
    storage.flatMap(({ gib }) =>
      Array.from({ length: replicas }, (_none, index) => ({
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: `${name}-${index}` },
        spec: {
          capacity: { storage: `${gib}Gi` },
          accessModes: ['ReadWriteOnce'],
          storageClassName: 'do-block-storage-optimized',
          hostPath: { path: '/volume' },
        },
      })),
    ),
  );
}

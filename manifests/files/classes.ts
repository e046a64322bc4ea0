import { PriorityClass } from 'kubernetes-models/scheduling.k8s.io/v1/PriorityClass';
import { StorageClass } from 'kubernetes-models/storage.k8s.io/v1/StorageClass';
import { labels } from '../objects/context.ts';
import { checked, type KubernetesObject } from '../objects/object.ts';
import { storageClass } from '../objects/workload.ts';

/** The README's second storage class. DOKS has none of that name and one kind of volume: it maps to that, on XFS, kept when its claim goes. */
export function storageClassesFile(): readonly KubernetesObject[] {
  return [
    checked(
      new StorageClass({
        metadata: { name: storageClass, labels: labels('platform') },
        provisioner: 'dobs.csi.digitalocean.com',
        parameters: { 'csi.storage.k8s.io/fstype': 'xfs' },
        reclaimPolicy: 'Retain',
        allowVolumeExpansion: true,
        volumeBindingMode: 'WaitForFirstConsumer',
      }),
    ),
  ];
}

const priorities = [
  ['gomeet-media', 1_000_000, 'Meetings: nothing of the platform comes before them.'],
  ['gomeet-node', 750_000, 'What every node has: it has a place on that one node and on no other.'],
  ['gomeet-service', 500_000, 'What people cannot join or talk without.'],
  ['gomeet-monitoring', 250_000, 'What sees and mends the rest.'],
  ['gomeet-batch', 1_000, 'What can be done later.'],
] as const;

/** Who goes first where there is not room for all. */
export function priorityClassesFile(): readonly KubernetesObject[] {
  return priorities.map(([name, value, description]) =>
    checked(
      new PriorityClass({
        metadata: { name, labels: labels('platform') },
        value,
        description,
        preemptionPolicy: name === 'gomeet-batch' ? 'Never' : 'PreemptLowerPriority',
      }),
    ),
  );
}

import { DaemonSet } from 'kubernetes-models/apps/v1/DaemonSet';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import { Service } from 'kubernetes-models/v1/Service';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import type { Workload } from '../catalogue/define.ts';
import { maxSurge } from '../rollout.ts';
import { type Context, metadata } from './context.ts';
import { checked, type KubernetesObject, memory } from './object.ts';
import { type PodExtras, podTemplate } from './pod.ts';

/** Storage class of what must be fast; DOKS has no such class, `storage-classes.yaml` defines it. */
export const storageClass = 'do-block-storage-optimized';

/** Account, pods and Service of a workload. */
export function runs(context: Context, workload: Workload, extras: PodExtras = {}): readonly KubernetesObject[] {
  return [account(workload), controller(context, workload, extras), ...services(workload, extras)];
}

/** The account of its own that each workload has, with no token in the pod unless it speaks to the API server. */
export function account({ name, owner }: Workload): KubernetesObject {
  return checked(new ServiceAccount({ metadata: metadata(name, owner, name), automountServiceAccountToken: false }));
}

function controller(context: Context, workload: Workload, extras: PodExtras): KubernetesObject {
  const { name, owner, kind, replicas } = workload;
  const common = {
    selector: { matchLabels: { app: name } },
    template: podTemplate(context, workload, extras),
    revisionHistoryLimit: 10,
  };
  const named = metadata(name, owner, name);
  if (kind === 'DaemonSet')
    return checked(
      new DaemonSet({
        metadata: named,
        spec: { ...common, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } } },
      }),
    );
  if (kind === 'StatefulSet')
    return checked(
      new StatefulSet({
        metadata: named,
        spec: {
          ...common,
          replicas,
          serviceName: `${name}-headless`,
          podManagementPolicy: 'Parallel',
          persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
          volumeClaimTemplates: (workload.storage ?? []).map((storage) => ({
            apiVersion: 'v1',
            kind: 'PersistentVolumeClaim',
            metadata: { name: storage.name },
            spec: {
              accessModes: ['ReadWriteOnce'],
              storageClassName: storageClass,
              resources: { requests: { storage: memory(storage.gib) } },
            },
          })),
        },
      }),
    );
  return checked(
    new Deployment({
      metadata: named,
      spec: {
        ...common,
        // Where an autoscaler owns them they are written once, at the creation.
        replicas,
        minReadySeconds: 5,
        // A rollout of SFUs waits for meetings to end.
        progressDeadlineSeconds: name === 'livekit-sfu' ? 86_400 : 900,
        strategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxSurge: maxSurge(workload), maxUnavailable: 0 },
        },
      },
    }),
  );
}

function services(workload: Workload, { serviceAnnotations }: PodExtras): readonly KubernetesObject[] {
  const { name, kind, owner } = workload;
  const ports = workload.ports
    .filter(({ endPort }) => endPort === undefined)
    .map((port) => ({ name: port.name, port: port.port, targetPort: port.port, protocol: port.protocol }));
  if (ports.length === 0) return [];
  const service = (serviceName: string, more: object) =>
    checked(
      new Service({
        metadata: {
          ...metadata(serviceName, owner, name),
          ...(serviceAnnotations === undefined ? {} : { annotations: { ...serviceAnnotations } }),
        },
        spec: { selector: { app: name }, ports, ...more },
      }),
    );
  return [
    service(name, kind === 'DaemonSet' ? { clusterIP: 'None' } : { type: 'ClusterIP' }),
    // Peers find each other before they are ready.
    ...(kind === 'StatefulSet'
      ? [service(`${name}-headless`, { clusterIP: 'None', publishNotReadyAddresses: true })]
      : []),
  ];
}

import type { IIoK8sApiCoreV1Volume } from 'kubernetes-models/v1/Volume';
import type { IIoK8sApiCoreV1VolumeMount } from 'kubernetes-models/v1/VolumeMount';
import type { Workload } from '../catalogue/define.ts';

/** Something a file mounts into a pod, read only. */
export interface Mounted {
  readonly at: string;
  readonly volume: IIoK8sApiCoreV1Volume;
}

/** Volumes of a pod, and where its main container has them. */
export interface PodVolumes {
  readonly volumes: IIoK8sApiCoreV1Volume[];
  readonly mounts: IIoK8sApiCoreV1VolumeMount[];
}

/** A ConfigMap as a folder. */
export function configVolume(name: string, at: string): Mounted {
  return { at, volume: { name, configMap: { name } } };
}

/** What the catalogue says of a workload's folders, and what a file adds: /tmp, scratch, secrets as files, the node's folders. */
export function volumesOf(workload: Workload, mounts: readonly Mounted[]): PodVolumes {
  const scratch = ['/tmp', ...(workload.scratch ?? [])].map((at) => ({ name: nameOf(at), at }));
  const host = (workload.privilege?.hostPaths ?? []).map((path) => ({
    name: path === '/' ? 'host' : `host${nameOf(path, '-')}`,
    path,
    at: path === '/' ? '/host' : path,
  }));
  const secrets = workload.secretsAt === undefined ? [] : [{ name: 'secrets', at: workload.secretsAt }];
  return {
    volumes: [
      ...scratch.map(({ name }) => ({ name, emptyDir: { sizeLimit: '1Gi' } })),
      ...host.map(({ name, path }) => ({ name, hostPath: { path, type: 'Directory' as const } })),
      ...secrets.map(({ name }) => ({ name, projected: { sources: secretFiles(workload) } })),
      ...mounts.map(({ volume }) => volume),
    ],
    mounts: [
      ...scratch.map(({ name, at }) => ({ name, mountPath: at })),
      ...host.map(({ name, at }) => ({
        name,
        mountPath: at,
        readOnly: true,
        ...(at === '/host' ? { mountPropagation: 'HostToContainer' } : {}),
      })),
      ...secrets.map(({ name, at }) => ({ name, mountPath: at, readOnly: true })),
      ...mounts.map(({ at, volume }) => ({ name: volume.name, mountPath: at, readOnly: true })),
      ...(workload.storage ?? []).map(({ name, mountPath }) => ({ name, mountPath })),
    ],
  };
}

function secretFiles({ secretKeys }: Workload) {
  return [...Map.groupBy(secretKeys, (path) => path.split('/')[0] ?? '')].map(([name, paths]) => ({
    secret: {
      name,
      items: paths.map((path) => path.split('/')[1] ?? '').map((key) => ({ key, path: key })),
    },
  }));
}

function nameOf(path: string, prefix = ''): string {
  return `${prefix}${path.slice(1).replaceAll('/', '-').toLowerCase()}`;
}

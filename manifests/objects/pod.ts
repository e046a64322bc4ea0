import type { IIoK8sApiCoreV1Container } from 'kubernetes-models/v1/Container';
import type { IIoK8sApiCoreV1EnvVar } from 'kubernetes-models/v1/EnvVar';
import type { IIoK8sApiCoreV1PodSpec } from 'kubernetes-models/v1/PodSpec';
import type { IIoK8sApiCoreV1PodTemplateSpec } from 'kubernetes-models/v1/PodTemplateSpec';
import type { Requests, Workload } from '../catalogue/define.ts';
import { workloadNamed } from '../catalogue/index.ts';
import { bundleImage } from '../catalogue/parts.ts';
import { type Context, labels } from './context.ts';
import { cpu, memory } from './object.ts';
import { placement } from './placement.ts';
import { containerSecurity, podSecurity } from './security.ts';
import { type Mounted, type PodVolumes, volumesOf } from './volumes.ts';

/** What a file adds to the pod that the catalogue alone cannot know. */
export interface PodExtras {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly mounts?: readonly Mounted[];
  readonly sidecarEnv?: Readonly<Record<string, string>>;
  readonly serviceAnnotations?: Readonly<Record<string, string>>;
  /** Changes of these texts, and of no others, roll the pods: the files that are read only at the start. */
  readonly rollsWith?: readonly string[];
}

/** Tag of an image: its own, or the release for what GoMeet builds: the product's services have one of theirs. */
function imageOf(image: string, { release, servicesRelease = release }: Context): string {
  if (image.slice(image.lastIndexOf('/') + 1).includes(':')) return image;
  return `${image}:${image === bundleImage ? release : servicesRelease}`;
}

/** The pods of a workload. */
export function podTemplate(
  context: Context,
  workload: Workload,
  extras: PodExtras = {},
): IIoK8sApiCoreV1PodTemplateSpec & { spec: IIoK8sApiCoreV1PodSpec } {
  const { name, owner, graceSeconds, reaches } = workload;
  const volumes = volumesOf(workload, extras.mounts ?? []);
  return {
    metadata: {
      labels: labels(owner, name),
      annotations: {
        ...(name === 'livekit-sfu' ? { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' } : {}),
        ...(extras.rollsWith === undefined ? {} : { 'gomeet.dev/configuration': fingerprint(extras.rollsWith) }),
      },
    },
    spec: {
      serviceAccountName: name,
      automountServiceAccountToken: reaches?.includes('kubernetes-api') ?? false,
      imagePullSecrets: [{ name: 'registry-credentials' }],
      priorityClassName: priorityOf(workload),
      terminationGracePeriodSeconds: graceSeconds ?? 30,
      securityContext: podSecurity(workload),
      enableServiceLinks: false,
      ...(workload.privilege?.hostNetwork ? { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' } : {}),
      ...placement(context.environment, workload),
      containers: [main(context, workload, volumes, extras), ...sidecars(workload, extras)],
      volumes: volumes.volumes,
    },
  };
}

function main(context: Context, workload: Workload, volumes: PodVolumes, extras: PodExtras): IIoK8sApiCoreV1Container {
  const { name, image, ports, sidecars: beside = [] } = workload;
  const elsewhere = new Set(beside.flatMap((sidecar) => sidecar.ports));
  const args = [...(workload.args ?? []), ...(extras.args ?? [])];
  return {
    name,
    image: imageOf(image ?? '', context),
    imagePullPolicy: 'IfNotPresent',
    ...(args.length === 0 ? {} : { args }),
    ports: ports
      .filter((port) => !elsewhere.has(port.name) && port.endPort === undefined)
      .map((port) => ({ name: port.name, containerPort: port.port, protocol: port.protocol })),
    env: environmentOf(workload, extras.env ?? {}),
    resources: resources(workload.requests, workload.limits),
    securityContext: containerSecurity(workload),
    volumeMounts: volumes.mounts,
    ...probes(workload),
    ...(hasRequests(workload) ? { lifecycle: { preStop: { sleep: { seconds: 10 } } } } : {}),
  };
}

function sidecars(workload: Workload, extras: PodExtras): IIoK8sApiCoreV1Container[] {
  return (workload.sidecars ?? []).map((sidecar) => ({
    name: sidecar.name,
    image: sidecar.image,
    imagePullPolicy: 'IfNotPresent',
    ...(sidecar.args === undefined ? {} : { args: [...sidecar.args] }),
    ports: workload.ports
      .filter(({ name }) => sidecar.ports.includes(name))
      .map((port) => ({ name: port.name, containerPort: port.port, protocol: port.protocol })),
    env: environmentOf({ ...workload, env: {} }, extras.sidecarEnv ?? {}),
    resources: resources(sidecar.requests),
    securityContext: containerSecurity(workload),
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  }));
}

function environmentOf(workload: Workload, extra: Readonly<Record<string, string>>): IIoK8sApiCoreV1EnvVar[] {
  const fromSecrets = workload.secretsAt !== undefined || workload.name === 'traefik' ? [] : workload.secretKeys;
  const plain = { ...workload.env, ...extra };
  return [
    ...fromSecrets.map((path) => {
      const [secret = '', key = ''] = path.split('/');
      return { name: key, valueFrom: { secretKeyRef: { name: secret, key } } };
    }),
    ...Object.entries(plain).map(([name, value]) => ({ name, value })),
  ];
}

function resources(requests: Requests, limits?: Requests) {
  return {
    requests: { cpu: cpu(requests.cpuCores), memory: memory(requests.memoryGib), 'ephemeral-storage': '256Mi' },
    limits: {
      memory: memory(limits?.memoryGib ?? requests.memoryGib),
      ...(limits === undefined ? {} : { cpu: cpu(limits.cpuCores) }),
    },
  };
}

function probes({ probe }: Workload): Partial<IIoK8sApiCoreV1Container> {
  if (probe === undefined) return {};
  const ask = (path: string | undefined) =>
    path === undefined ? { tcpSocket: { port: probe.port } } : { httpGet: { path, port: probe.port } };
  return {
    startupProbe: { ...ask(probe.path), periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 60 },
    readinessProbe: { ...ask(probe.path), periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 },
    livenessProbe: { ...ask(probe.livePath ?? probe.path), periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
  };
}

/** A pod that others ask keeps answering while it is taken out of the Service; an SFU drains by itself. */
function hasRequests({ kind, probe, name }: Workload): boolean {
  return kind === 'Deployment' && probe !== undefined && name !== 'livekit-sfu';
}

/** By its pool in the catalogue, also where an environment has fewer pools: there it matters most who goes first. */
function priorityOf({ kind, name }: Workload): string {
  if (name === 'livekit-sfu') return 'gomeet-media';
  if (kind === 'DaemonSet') return 'gomeet-node';
  if (kind === 'CronJob') return 'gomeet-batch';
  return workloadNamed(name)?.pool === 'api' && name !== 'grafana' ? 'gomeet-service' : 'gomeet-monitoring';
}

/** A short mark that differs when the texts do; FNV-1a, since nothing here is a secret or hostile. */
function fingerprint(texts: readonly string[]): string {
  let hash = 0x811c9dc5;
  for (const char of texts.join('\u0000')) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}

import { stringify } from 'yaml';

/** Label of a pod that stands for a real process; `lab/cluster/sfu.ts` runs it. */
export const processLabel = 'lab.gomeet.dev/process';
/** Annotation by which the lab says how that process fares. */
export const processStateAnnotation = 'lab.gomeet.dev/process-state';
export type ProcessState = 'serving' | 'exited';
/** Annotation that puts a pod without a process into a crash loop. */
export const crashAnnotation = 'lab.gomeet.dev/crash';
/** Annotation of a node that has died without a word. */
export const lostAnnotation = 'lab.gomeet.dev/lost';

interface Match {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

/** One thing that KWOK does to the objects it matches. */
interface Stage {
  readonly name: string;
  readonly kind: 'Node' | 'Pod';
  readonly when: readonly Match[];
  readonly delayMs?: number;
  readonly next: { readonly statusTemplate: string } | { readonly delete: true };
}

const has = (key: string): Match => ({ key, operator: 'Exists' });
const hasNo = (key: string): Match => ({ key, operator: 'DoesNotExist' });
const is = (key: string, value: string): Match => ({ key, operator: 'In', values: [value] });
const isNot = (key: string, value: string): Match => ({ key, operator: 'NotIn', values: [value] });

const nodeReady = '.status.conditions.[] | select( .type == "Ready" ) | .status';
const lost = `.metadata.annotations["${lostAnnotation}"]`;
const hasProcess = `.metadata.labels["${processLabel}"]`;
const processState = `.metadata.annotations["${processStateAnnotation}"]`;
const crash = `.metadata.annotations["${crashAnnotation}"]`;
const deleted = '.metadata.deletionTimestamp';
const pending = is('.status.phase', 'Pending');

const nodeReadyStatus = `
{{ $now := Now }}
conditions:
{{ range NodeConditions }}
- { lastHeartbeatTime: {{ $now | Quote }}, lastTransitionTime: {{ $now | Quote }}, message: {{ .message | Quote }}, reason: {{ .reason | Quote }}, status: {{ .status | Quote }}, type: {{ .type | Quote }} }
{{ end }}
{{ if NodePort }}
addresses:
- { address: {{ NodeIP | Quote }}, type: InternalIP }
daemonEndpoints:
  kubeletEndpoint: { Port: {{ NodePort }} }
{{ end }}
nodeInfo:
  architecture: amd64
  operatingSystem: linux
  containerRuntimeVersion: {{ printf "kwok-%s" Version }}
  kubeletVersion: {{ printf "kwok-%s" Version }}
  kernelVersion: ""
  kubeProxyVersion: ""
  bootID: ""
  machineID: ""
  osImage: ""
  systemUUID: ""
phase: Running
`;

const nodeLostStatus = `
{{ $now := Now }}
conditions:
- { lastHeartbeatTime: {{ $now | Quote }}, lastTransitionTime: {{ $now | Quote }}, message: Kubelet stopped posting node status., reason: NodeStatusUnknown, status: Unknown, type: Ready }
`;

const podReadyStatus = `
{{ $now := Now }}
conditions:
- { lastTransitionTime: {{ $now | Quote }}, status: "True", type: Initialized }
- { lastTransitionTime: {{ $now | Quote }}, status: "True", type: Ready }
- { lastTransitionTime: {{ $now | Quote }}, status: "True", type: ContainersReady }
containerStatuses:
{{ range .spec.containers }}
- { image: {{ .image | Quote }}, name: {{ .name | Quote }}, ready: true, restartCount: 0, started: true, state: { running: { startedAt: {{ $now | Quote }} } } }
{{ end }}
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
podIP: {{ PodIPWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) | Quote }}
phase: Running
startTime: {{ $now | Quote }}
`;

const crashStatus = `
{{ $now := Now }}
{{ $root := . }}
conditions:
- { lastTransitionTime: {{ $now | Quote }}, status: "True", type: Initialized }
- { lastTransitionTime: {{ $now | Quote }}, status: "False", type: Ready, reason: ContainersNotReady }
- { lastTransitionTime: {{ $now | Quote }}, status: "False", type: ContainersReady, reason: ContainersNotReady }
containerStatuses:
{{ range $index, $item := .spec.containers }}
{{ $restarts := 0 }}
{{ if $root.status.containerStatuses }}{{ $restarts = ( index $root.status.containerStatuses $index ).restartCount }}{{ end }}
- image: {{ $item.image | Quote }}
  name: {{ $item.name | Quote }}
  ready: false
  started: false
  restartCount: {{ add $restarts 1 }}
  lastState: { terminated: { exitCode: 1, reason: Error, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} } }
  state: { waiting: { reason: CrashLoopBackOff, message: back-off restarting failed container } }
{{ end }}
phase: Running
`;

// KWOK's own fast stages take a pod away as soon as it is deleted, which hides every drain: a pod with a process goes when that has ended.
const stages: readonly Stage[] = [
  {
    name: 'node-ready',
    kind: 'Node',
    when: [hasNo(lost), isNot(nodeReady, 'True')],
    next: { statusTemplate: nodeReadyStatus },
  },
  {
    name: 'node-lost',
    kind: 'Node',
    when: [has(lost), is(nodeReady, 'True')],
    next: { statusTemplate: nodeLostStatus },
  },
  {
    name: 'pod-ready',
    kind: 'Pod',
    when: [hasNo(deleted), hasNo(hasProcess), hasNo(crash), pending],
    // An image is pulled and a probe asked, which leaves time to make a pod crash that has only just been made.
    delayMs: 1_000,
    next: { statusTemplate: podReadyStatus },
  },
  {
    name: 'pod-delete',
    kind: 'Pod',
    when: [has(deleted), hasNo(hasProcess)],
    next: { delete: true },
  },
  {
    name: 'process-ready',
    kind: 'Pod',
    when: [hasNo(deleted), has(hasProcess), is(processState, 'serving'), pending],
    next: { statusTemplate: podReadyStatus },
  },
  {
    name: 'process-delete',
    kind: 'Pod',
    when: [has(deleted), has(hasProcess), is(processState, 'exited')],
    next: { delete: true },
  },
  {
    name: 'pod-crash',
    kind: 'Pod',
    when: [hasNo(deleted), hasNo(hasProcess), has(crash)],
    // One more restart each time: KWOK finds the stage again after its own change.
    delayMs: 2_000,
    next: { statusTemplate: crashStatus },
  },
];

/** What KWOK does in a kubelet's place when someone looks into a pod. */
export interface Insides {
  /** Commands run on this machine, as nobody else's. */
  readonly exec?: true;
  /** Every port that is forwarded leads to this one of 127.0.0.1. */
  readonly forwardTo?: number;
  /** The log of every container. */
  readonly logFile?: string;
}

/** The stage file that KWOK reads in place of its own stages. */
export function stageFile(insides: Insides = {}): string {
  return [...stages.map(toResource), ...insideResources(insides)].map((one) => stringify(one)).join('---\n');
}

function insideResources({ exec, forwardTo, logFile }: Insides): object[] {
  const of = (kind: string, spec: object) => ({
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind,
    metadata: { name: kind.toLowerCase() },
    spec,
  });
  return [
    ...(exec === undefined ? [] : [of('ClusterExec', { execs: [{ local: {} }] })]),
    ...(forwardTo === undefined
      ? []
      : [of('ClusterPortForward', { forwards: [{ target: { address: '127.0.0.1', port: forwardTo } }] })]),
    ...(logFile === undefined ? [] : [of('ClusterLogs', { logs: [{ logsFile: logFile, follow: true }] })]),
  ];
}

function toResource(stage: Stage): object {
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name: stage.name },
    spec: {
      resourceRef: { apiGroup: 'v1', kind: stage.kind },
      selector: { matchExpressions: stage.when },
      ...(stage.delayMs === undefined ? {} : { delay: { durationMilliseconds: stage.delayMs } }),
      next: stage.next,
    },
  };
}

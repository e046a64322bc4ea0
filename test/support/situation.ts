import { defaultLimits } from '../../alerts/define.ts';
import { usd } from '../../kernel/money.ts';
import { actions } from '../../responders/act/index.ts';
import type { Situation } from '../../responders/decide/situation.ts';
import type { ClusterState, Deployment, Fleet, Pod, SfuNode } from '../../responders/ports.ts';
import type { Run } from '../../responders/records.ts';
import type { Controls, Switch } from '../../responders/store/controls.ts';

/** Noon of a day in the middle of a month. */
export const nowMs = Date.UTC(2026, 10, 15, 12);

/** A switch that someone set. */
export const someSwitch: Switch = {
  by: 'console:alex',
  reason: 'a reason',
  setAtMs: nowMs - 1_000,
  expiresAtMs: undefined,
};

/** No switch is on. */
export const noControls: Controls = {
  stopped: undefined,
  frozen: undefined,
  liveEvent: undefined,
  breakGlass: undefined,
  modes: new Map(),
};

export function deploymentOf(name: string, replicas: number, more: Partial<Deployment> = {}): Deployment {
  return {
    name,
    replicas,
    readyReplicas: replicas,
    updatedReplicas: replicas,
    observed: true,
    resourceVersion: '7',
    runId: undefined,
    restartedAt: undefined,
    autoscaler: undefined,
    ...more,
  };
}

export function podOf(workload: string, serial: number, more: Partial<Pod> = {}): Pod {
  return {
    name: `${workload}-${serial}`,
    workload,
    node: undefined,
    ready: true,
    restarts: 0,
    waitingReason: undefined,
    unschedulable: undefined,
    createdAtMs: nowMs - 86_400_000,
    deletedAtMs: undefined,
    deletionCost: undefined,
    ...more,
  };
}

export function sfuOf(serial: number, more: Partial<SfuNode> = {}): SfuNode {
  return {
    nodeId: `ND_${serial}`,
    pod: `livekit-sfu-${serial}`,
    state: 'serving',
    cpuLoadRatio: 0.2,
    rooms: 0,
    participants: 0,
    freeSlots: 1,
    emptyReadings: 5,
    ...more,
  };
}

export function clusterOf(sfus: number, more: Partial<ClusterState> = {}): ClusterState {
  return {
    deployments: [deploymentOf('livekit-sfu', sfus), deploymentOf('chat-service', 3)],
    pods: [
      ...Array.from({ length: sfus }, (_none, serial) => podOf('livekit-sfu', serial)),
      ...[0, 1, 2].map((serial) => podOf('chat-service', serial)),
    ],
    readyNodes: [{ name: 'n1', pool: 'sfu' }],
    ...more,
  };
}

export function fleetOf(sfus: number, more: Partial<Fleet> = {}): Fleet {
  return {
    nodes: Array.from({ length: sfus }, (_none, serial) => sfuOf(serial)),
    rooms: [],
    sources: ['redis', 'roomService'],
    ...more,
  };
}

/** A run of the past. */
export function pastRun(more: Partial<Run> = {}): Run {
  return {
    id: 'earlier',
    incidentId: '1',
    episodeId: '1',
    alertname: 'ServiceCrashLooping',
    step: 0,
    action: 'restartWorkload',
    params: {},
    target: 'deployment/chat-service',
    change: {},
    says: '',
    state: 'verified',
    reason: undefined,
    requestedBy: 'responder',
    approvals: [],
    approvalsNeeded: 0,
    createdAtMs: nowMs - 1_800_000,
    intendedAtMs: nowMs - 1_800_000,
    actedAtMs: nowMs - 1_800_000,
    finishedAtMs: nowMs - 1_700_000,
    deadlineMs: undefined,
    attempts: 1,
    fence: 1,
    breakGlass: false,
    ...more,
  };
}

/** A situation in which the action is done; tests take one thing away. */
export function situationOf(
  action: 'scaleSfu' | 'restartWorkload' | 'drainSfu' | 'escalate' | 'raiseNodePool',
  more: Partial<Situation> = {},
): Situation {
  const reading = <T>(value: T) => ({ value, observedAtMs: nowMs - 2_000 });
  return {
    action: actions[action],
    params: action === 'scaleSfu' || action === 'raiseNodePool' ? { step: 1 } : {},
    scene: {
      occasion: { labels: { service: 'chat-service' }, fingerprint: '00000000000000aa', incidentId: '1' },
      declared: {
        sfu: { deployment: 'livekit-sfu', pool: 'sfu', floor: 2, ceiling: 10, nodeCostPerHour: usd(1) },
        workloads: [
          { name: 'chat-service', restartable: true, pool: 'api' },
          { name: 'livekit-sfu', restartable: false, pool: 'sfu' },
        ],
        pools: [{ name: 'sfu', maxNodes: 20, nodeCostPerHour: usd(1) }],
      },
      holds: new Map(),
      firing: new Set(),
      nowMs,
    },
    world: {
      cluster: reading(clusterOf(4)),
      fleet: reading(fleetOf(4)),
      cloud: reading({
        pools: [
          { id: 'p', clusterId: 'c', name: 'sfu', size: 's', count: 4, autoScale: true, minNodes: 2, maxNodes: 20 },
        ],
        dropletLimit: 50,
        droplets: 10,
        monthToDate: usd(1_000),
      }),
    },
    controls: noControls,
    mode: 'auto',
    limits: { ...defaultLimits, maxFleetShareRatio: 1, maxParticipants: 0 },
    runbook: 'ServiceCrashLooping',
    silenced: false,
    recent: [],
    self: undefined,
    requestedBy: 'responder',
    approvals: [],
    approvalsNeeded: 0,
    breakGlass: false,
    budget: usd(35_000),
    nowMs,
    ...more,
  };
}

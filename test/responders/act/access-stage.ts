import { renderEnvironment } from '../../../manifests/render.ts';
import type { PolicyRule } from '../../../responders/act/define.ts';
import { declaredPlatform } from '../../../responders/declared.ts';
import type { KubeObject } from '../../../responders/ports.ts';
import { actRig } from '../../support/act-ports.ts';
import { clusterOf, deploymentOf, fleetOf, nowMs, podOf, situationOf } from '../../support/situation.ts';

export const name = 'chat-service';
export const { scene, world } = situationOf('restartWorkload');
export const declared = declaredPlatform();
export const suffixes = ['bcdfg', 'hjklm'] as const;
export const podNames = suffixes.map((suffix) => `${name}-6d4b75cb6d-${suffix}`);
export const volume = { id: 'v', name: 'v', sizeGib: 1, droplets: [] };
export const seen = {
  ...world,
  cluster: {
    value: clusterOf(27, {
      deployments: [deploymentOf(name, 3), deploymentOf('livekit-sfu', 27), deploymentOf('auth-service', 9)],
      pods: [
        ...clusterOf(27).pods,
        ...podNames.map((pod, at) => podOf(name, at, { name: pod, createdAtMs: Date.now() + 60_000 })),
      ],
    }),
    observedAtMs: nowMs,
  },
  fleet: { value: fleetOf(27), observedAtMs: nowMs },
  cloud: {
    value: { ...actRig().cloud, volumes: [volume] },
    observedAtMs: nowMs,
  },
};
export const lapsed = new Map([['deployment/auth-service', 9]]);
/** The policy of the workload, as a deployment applies it. */
export const policies: readonly KubeObject[] = JSON.parse(
  JSON.stringify(
    renderEnvironment('production')
      .flatMap(({ objects }) => objects)
      .filter(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === name),
  ),
);
/** What the responder always reads to know the platform; a procedure needs its own rights beside it. */
export const reading: readonly PolicyRule[] = [
  { apiGroups: ['apps'], resources: ['deployments'], verbs: ['list'] },
  { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
  { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: ['list'] },
  { apiGroups: ['keda.sh'], resources: ['scaledobjects'], verbs: ['list'] },
  { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['list'] },
  { apiGroups: [''], resources: ['nodes'], verbs: ['list'] },
];

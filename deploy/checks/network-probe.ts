import { randomUUID } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { platformNamespace } from '../../manifests/catalogue/define.ts';
import { isHeldByPolicy, namespaceOf } from '../../manifests/edges.ts';
import type { Environment } from '../../manifests/environments/define.ts';
import { fieldOf, type KubeObject, refOf } from '../kube/object.ts';
import type { Kube } from '../kube/port.ts';
import { type Check, failed, ok, unknown } from './define.ts';

/** What a pod tries to reach that no policy lets it reach, as `host:port`. */
export function forbidden({ workloads }: Environment): readonly string[] {
  return workloads
    .filter((one) => isHeldByPolicy(one) && namespaceOf(one) === platformNamespace)
    .flatMap(({ name, ports, public: open = [] }) =>
      ports
        .filter((port) => port.protocol === 'TCP' && port.endPort === undefined && !open.includes(port.name))
        .map(({ port }) => `${name}.${platformNamespace}.svc:${port}`),
    );
}

/**
 * What runs in the pod: looks a name up, which is allowed, and then tries every address. An answer is an answer even when it is a refusal: a dropped packet has none.
 * Ends with 0 where nothing was reached, 1 where something was, 2 where not even a name could be looked up, so that nothing is proven.
 */
export const probeScript = `
const { lookup } = require('node:dns/promises');
const { connect } = require('node:net');
const { writeFileSync } = require('node:fs');
const targets = process.env.TARGETS.split(' ');
const end = (code, says) => { try { writeFileSync(process.env.SAYS_TO ?? '/dev/termination-log', says); } catch {} console.log(says); process.exit(code); };
const reached = (target) => new Promise((resolve) => {
  const at = target.lastIndexOf(':');
  const socket = connect({ host: target.slice(0, at), port: Number(target.slice(at + 1)), timeout: 3000 });
  const over = (is) => { socket.destroy(); resolve(is); };
  socket.once('connect', () => over(true)).once('timeout', () => over(false));
  socket.once('error', ({ code }) => over(code === 'ECONNREFUSED' || code === 'ECONNRESET'));
});
(async () => {
  const name = targets[0].slice(0, targets[0].lastIndexOf(':'));
  await lookup(name).catch(() => end(2, 'cannot look up ' + name));
  const found = await Promise.all(targets.map(async (target) => ((await reached(target)) ? [target] : [])));
  const open = found.flat();
  if (open.length > 0) end(1, 'reached ' + open.slice(0, 20).join(' '));
  end(0, targets.length + ' ports, none reached');
})();
`;

/** A pod that no policy names, held to the same profile as every other, that tries to reach what it must not. */
export function probePod(environment: Environment, image: string, name: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: platformNamespace, labels: { 'gomeet.dev/probe': 'network' } },
    spec: {
      restartPolicy: 'Never',
      activeDeadlineSeconds: 120,
      automountServiceAccountToken: false,
      imagePullSecrets: [{ name: 'registry-credentials' }],
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1_000,
        runAsGroup: 1_000,
        fsGroup: 1_000,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'probe',
          image,
          command: ['node', '-e', probeScript],
          env: [{ name: 'TARGETS', value: forbidden(environment).join(' ') }],
          resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    },
  };
}

/** What the live probe needs beside the cluster. */
export interface ProbeOptions {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly environment: Environment;
  readonly image: string;
  readonly withinMs?: number;
}

/** Starts the pod, waits for its word and takes it away again, whatever became of it. */
export function networkProbe({ kube, clock, environment, image, withinMs = 180_000 }: ProbeOptions): Check {
  return {
    check: 'Network policies drop packets',
    async look() {
      const made = await kube.create(probePod(environment, image, `network-probe-${randomUUID().slice(0, 8)}`));
      try {
        const until = clock.now() + withinMs;
        for (;;) {
          const state = fieldOf(await kube.get(refOf(made)), 'status', 'containerStatuses', '0', 'state', 'terminated');
          const [code, says] = [fieldOf(state, 'exitCode'), String(fieldOf(state, 'message') ?? 'no word')];
          if (code === 0) return ok(says);
          if (code === 1)
            return failed(
              says,
              'look whether the network plugin enforces policies: kubectl -n kube-system get pods -l k8s-app=cilium',
            );
          if (code !== undefined) return unknown(says, 'let the pod look up names, then try again');
          if (clock.now() >= until)
            return unknown(
              `the pod has not ended in ${withinMs / 1_000} s`,
              `kubectl describe pod ${made.metadata.name} -n ${platformNamespace}`,
            );
          await clock.sleep(2_000);
        }
      } finally {
        if (made.metadata.uid !== undefined) await kube.remove(refOf(made), made.metadata.uid);
      }
    },
  };
}
